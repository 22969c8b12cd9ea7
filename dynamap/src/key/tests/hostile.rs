use super::model::{ComponentKind, ModelComponent};
use super::{Cases, TEMPLATES, part, plain, text};
use crate::key::{KeyBuilder, KeyParser, KeyRole, KeyTemplate};
use fastrand::Rng;

/// A text of any origin is refused, or is the very key that its components give.
#[test]
fn any_text_is_refused_or_written_alike() {
    let cases = Cases::new(300_000);
    let mut random = cases.random();
    let mut read = 0_u64;
    for _ in 0..cases.count {
        let template = TEMPLATES[random.usize(..TEMPLATES.len())];
        let kinds = [(); 3].map(|()| ComponentKind::random(&mut random));
        let text = damaged(&mut random, template, kinds);
        if let Some(components) = parse(template, kinds, &text) {
            let mut key = KeyBuilder::new(template);
            components.iter().for_each(|component| component.write(&mut key).unwrap());
            assert_eq!(key.text(), text, "{template:?}");
            assert!(skips(template, &text), "{text:?} {template:?}");
            read += 1;
        }
    }
    assert!(read > cases.count / 20, "{read}");
}

#[test]
fn any_text_of_plain_components_is_refused_or_written_alike() {
    static TEMPLATE: KeyTemplate = KeyTemplate::new(
        "{a}::{b}{c}#{d}",
        &[plain("a"), text("::"), plain("b"), part("c"), text("#"), plain("d")],
    );
    let cases = Cases::new(100_000);
    let mut random = cases.random();
    let mut read = 0_u64;
    for _ in 0..cases.count {
        let text: String =
            (0..random.u8(..14)).map(|_| [':', '#', '$', 'T', 'a', 'é'][random.usize(..6)]).collect();
        let text = if random.bool() { text.replacen('a', "::b#", 1) + "#z" } else { text };
        if let Some((a, b, c, d)) = parse_plain(&TEMPLATE, &text) {
            let mut key = KeyBuilder::new(&TEMPLATE);
            key.plain(&a).and_then(|()| key.plain(&b)).and_then(|()| key.part(&c)).unwrap();
            key.plain(&d).unwrap();
            assert_eq!(key.finish(KeyRole::Sort).unwrap(), text);
            read += 1;
        }
    }
    assert!(read > cases.count / 200, "{read}");
}

/// Passing over components finds the same form, whatever their types.
fn skips(template: &'static KeyTemplate, text: &str) -> bool {
    let skipped = KeyParser::new(template, text).and_then(|mut key| {
        (0..3).try_for_each(|_| key.skip())?;
        key.finish()
    });
    skipped.is_ok()
}

fn parse_plain(template: &'static KeyTemplate, text: &str) -> Option<(String, String, String, String)> {
    let mut key = KeyParser::new(template, text).ok()?;
    let components = (key.plain().ok()?, key.plain().ok()?, key.part().ok()?, key.plain().ok()?);
    key.finish().ok()?;
    Some(components)
}

fn parse(
    template: &'static KeyTemplate,
    kinds: [ComponentKind; 3],
    text: &str,
) -> Option<Vec<ModelComponent>> {
    let mut key = KeyParser::new(template, text).ok()?;
    let components: Result<Vec<_>, _> =
        kinds.into_iter().map(|kind| ModelComponent::read(kind, &mut key)).collect();
    let components = components.ok()?;
    key.finish().ok()?;
    Some(components)
}

/// A key of the template with some chars removed, changed or added.
fn damaged(random: &mut Rng, template: &'static KeyTemplate, kinds: [ComponentKind; 3]) -> String {
    let mut key = KeyBuilder::new(template);
    kinds.iter().for_each(|kind| ModelComponent::random(random, *kind).write(&mut key).unwrap());
    let mut chars: Vec<char> = key.text().chars().collect();
    for _ in 0..random.usize(..4) {
        let position = random.usize(..=chars.len());
        let c = ['#', '$', 'T', 'U', '0', '9', '-', '+', '\0', ':', 'é', 'Z'][random.usize(..12)];
        match random.u8(..3) {
            0 => chars.insert(position, c),
            1 if position < chars.len() => chars[position] = c,
            _ if position < chars.len() => drop(chars.remove(position)),
            _ => {}
        }
    }
    chars.into_iter().collect()
}
