use super::model::{ComponentKind, ModelComponent};
use super::{Cases, TEMPLATES};
use crate::key::{KeyBuilder, KeyParser, KeyRole, KeyTemplate};

type ComponentTuple = [ModelComponent; 3];

/// Keys are read back, sort as their components, and begin with the text of others only if they have their
/// components.
#[test]
fn keys_stand_for_their_components() {
    let cases = Cases::new(1_000_000);
    let mut random = cases.random();
    let (mut equal, mut with_prefix) = (0_u64, 0_u64);
    for _ in 0..cases.count {
        let template = TEMPLATES[random.usize(..TEMPLATES.len())];
        let kinds = [(); 3].map(|()| ComponentKind::random(&mut random));
        let one = kinds.map(|kind| ModelComponent::random(&mut random, kind));
        let mut other = one.clone();
        for (position, kind) in kinds.into_iter().enumerate() {
            match random.u8(..6) {
                0 => other[position] = ModelComponent::random(&mut random, kind),
                1 | 2 => other[position] = one[position].neighbor(&mut random),
                _ => {}
            }
        }
        let fixed = random.usize(1..3);
        let Some(((key, prefix), (other_key, _))) =
            key(template, &one, fixed).zip(key(template, &other, fixed))
        else {
            // Three empty texts in a template without text.
            continue;
        };
        assert_eq!(read(template, kinds, &other_key), other, "{template:?}");
        assert_eq!(
            key.as_bytes().cmp(other_key.as_bytes()),
            one.cmp(&other),
            "{one:?} {other:?} {template:?}"
        );
        equal += u64::from(one == other);

        let has_prefix = other_key.starts_with(&key[..prefix]);
        assert_eq!(has_prefix, other[..fixed] == one[..fixed], "{one:?} {other:?} {template:?}");
        with_prefix += u64::from(has_prefix);
    }
    assert!(equal > cases.count / 100 && with_prefix > cases.count / 10, "{equal} {with_prefix}");
}

/// The key, and the length of its text up to the component after the `fixed` first ones.
fn key(template: &'static KeyTemplate, tuple: &ComponentTuple, fixed: usize) -> Option<(String, usize)> {
    let mut key = KeyBuilder::new(template);
    let mut prefix = 0;
    for (position, component) in tuple.iter().enumerate() {
        component.write(&mut key).unwrap();
        if position + 1 == fixed {
            prefix = key.text().len();
        }
    }
    Some((key.finish(KeyRole::Sort).ok()?, prefix))
}

fn read(template: &'static KeyTemplate, kinds: [ComponentKind; 3], key: &str) -> ComponentTuple {
    let mut parser = KeyParser::new(template, key).unwrap();
    let tuple = kinds.map(|kind| ModelComponent::read(kind, &mut parser).unwrap());
    parser.finish().unwrap();
    tuple
}
