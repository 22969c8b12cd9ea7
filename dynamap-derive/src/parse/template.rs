//! Key templates: literal text with named components, `ORDER#{placed_at}#{order_id}`.

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Component(String),
}

/// Splits a template into pieces; `{{` and `}}` are literal braces, as in `format!`.
///
/// The error names the mistake and its cure.
pub(crate) fn parse(template: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push_str(&rest[..1]);
            rest = &rest[2..];
            continue;
        }
        if rest.starts_with('}') {
            return Err("key template has a `}` without `{`; write `}}` for the character itself".into());
        }
        let Some(end) = rest.find('}') else {
            return Err("key template has a `{` without `}`; write `{{` for the character itself".into());
        };
        let name = &rest[1..end];
        check_name(name)?;
        if pieces.contains(&Piece::Component(name.into())) {
            return Err(format!("key template names `{name}` twice; one place is enough"));
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Component(name.into()));
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    if pieces.is_empty() {
        return Err("key template is empty; DynamoDB has no empty keys".into());
    }
    Ok(pieces)
}

fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() {
        return Err("key template has an empty component; name a field: `{order_id}`".into());
    }
    if let Some((field, _)) = name.split_once(':') {
        return Err(format!(
            "key template gives `{field}` a format; write `{{{field}}}`, numbers and timestamps have a fixed width already"
        ));
    }
    if let Some((field, _)) = name.split_once('.') {
        return Err(format!(
            "key template names `{name}`; a component is a field of the entity itself, such as `{{{field}}}`"
        ));
    }
    if syn::parse_str::<syn::Ident>(name).is_err()
        && syn::parse_str::<syn::Ident>(&format!("r#{name}")).is_err()
    {
        return Err(format!("key template names `{name}`, which is not the name of a field"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Piece, parse};

    fn text(text: &str) -> Piece {
        Piece::Text(text.into())
    }

    fn component(name: &str) -> Piece {
        Piece::Component(name.into())
    }

    #[test]
    fn pieces_of_templates() {
        assert_eq!(parse("CONFIG"), Ok(vec![text("CONFIG")]));
        assert_eq!(parse("{id}"), Ok(vec![component("id")]));
        assert_eq!(parse("A#{b}#{c}"), Ok(vec![text("A#"), component("b"), text("#"), component("c")]));
        assert_eq!(parse("{{{b}}}"), Ok(vec![text("{"), component("b"), text("}")]));
        assert_eq!(parse("{type}"), Ok(vec![component("type")]));
    }

    #[test]
    fn mistakes_are_named() {
        for (template, part) in [
            ("", "empty"),
            ("A#{", "without `}`"),
            ("A#}", "without `{`"),
            ("A#{}", "name a field"),
            ("A#{b:04}", "fixed width"),
            ("A#{b.c}", "field of the entity itself"),
            ("A#{b c}", "not the name of a field"),
            ("{a}#{a}", "twice"),
        ] {
            let message = parse(template).unwrap_err();
            assert!(message.contains(part), "{template}: {message}");
        }
    }
}
