use std::borrow::Cow;

/// A person's name as it is spoken: `Kershner, Irvin` becomes `Irvin Kershner`.
///
/// Of several people only the first is turned round, as in `Donen, Stanley/Gene Kelly`. A name without a comma
/// is right already, and one with two or more is left alone.
pub(super) fn spoken(name: &str) -> Cow<'_, str> {
    let (family, rest) = match name.split_once(", ") {
        Some((family, rest)) if !family.is_empty() && !rest.is_empty() && !rest.contains(',') => {
            (family, rest)
        }
        _ => return Cow::Borrowed(name),
    };
    let others = [" & ", "/"].iter().filter_map(|between| rest.find(between)).min();
    let (given, others) = rest.split_at(others.unwrap_or(rest.len()));
    Cow::Owned(format!("{given} {family}{others}"))
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn the_family_name_goes_last() {
        for (written, name) in [
            ("Kershner, Irvin", "Irvin Kershner"),
            ("De Palma, Brian", "Brian De Palma"),
            ("Donen, Stanley/Gene Kelly", "Stanley Donen/Gene Kelly"),
            ("Coen, Joel & Ethan Coen", "Joel Coen & Ethan Coen"),
        ] {
            assert_eq!(spoken(written), name);
        }
    }

    #[test]
    fn other_names_stay_as_they_are() {
        for name in ["Väinö Linna", "King, Martin Luther, Jr.", "Plato", ", x", "x, ", "a,b"] {
            assert_eq!(spoken(name), name);
        }
    }
}
