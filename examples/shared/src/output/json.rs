use serde_json::Value;

/// The widest line that an object or array is kept on.
const WIDTH: usize = 96;

/// The longest list of numbers that is shown whole.
const NUMBERS: usize = 16;

/// JSON with each object and array on one line if it fits, and else each member on its own; members that are
/// all texts or numbers share lines. Of the numbers of a vector only the first ones are there.
#[must_use]
pub fn compact(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, &shortened(value), 0, 0);
    text
}

/// The same without the most numbers of long lists of them.
fn shortened(value: &Value) -> Value {
    let is_number = |value: &Value| value.is_number() || value.get("N").is_some();
    match value {
        Value::Array(elements) if elements.len() > NUMBERS && elements.iter().all(is_number) => {
            let left_out = format!(".. {} more", elements.len() - 2);
            elements.iter().take(2).cloned().chain([left_out.into()]).collect()
        }
        Value::Array(elements) => elements.iter().map(shortened).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), shortened(member))).collect()
        }
        value => value.clone(),
    }
}

/// `indent` is that of the line, `used` the width of what stands before the value on it.
fn write(text: &mut String, value: &Value, indent: usize, used: usize) {
    let line = one_line(value);
    if indent + used + line.chars().count() <= WIDTH {
        text.push_str(&line);
        return;
    }
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (format!("{}: ", quoted(name)), member));
            write_members(text, ('{', '}'), members.collect(), indent);
        }
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| (String::new(), element));
            write_members(text, ('[', ']'), elements.collect(), indent);
        }
        _ => text.push_str(&line),
    }
}

fn write_members(text: &mut String, braces: (char, char), members: Vec<(String, &Value)>, indent: usize) {
    let inner = indent + 2;
    let share_lines = !members.iter().any(|(_, member)| member.is_object() || member.is_array());
    let mut column = 0;
    text.push(braces.0);
    for (index, (name, member)) in members.iter().enumerate() {
        let width = name.chars().count() + one_line(member).chars().count();
        let fits = share_lines && index > 0 && column + width + 2 <= WIDTH;
        column = if fits { column + width + 2 } else { inner + width };
        text.push_str(match (index, fits) {
            (0, _) => "\n",
            (_, true) => ", ",
            (_, false) => ",\n",
        });
        text.extend(std::iter::repeat_n(' ', if fits { 0 } else { inner }));
        text.push_str(name);
        write(text, member, inner, name.chars().count());
    }
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
    text.push(braces.1);
}

fn one_line(value: &Value) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let members =
                members.iter().map(|(name, member)| format!("{}: {}", quoted(name), one_line(member)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(one_line).collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}

fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::compact;
    use serde_json::json;

    #[test]
    fn of_a_vector_the_first_numbers_are_shown() {
        let numbers = |count: usize| (0..count).map(|at| json!({ "N": at.to_string() })).collect::<Vec<_>>();
        let text = compact(&json!({ "L": numbers(256) }));
        assert_eq!(text, r#"{ "L": [{ "N": "0" }, { "N": "1" }, ".. 254 more"] }"#);
        assert!(compact(&json!(numbers(16))).contains(r#"{ "N": "15" }"#));
    }

    #[test]
    fn what_fits_stays_on_one_line() {
        let key = json!({ "pk": { "S": "USER#a" }, "sk": { "S": "USER" } });
        assert_eq!(compact(&key), r#"{ "pk": { "S": "USER#a" }, "sk": { "S": "USER" } }"#);
        assert_eq!(compact(&json!([1, {}])), "[1, {}]");
    }

    #[test]
    fn texts_share_lines() {
        let names = json!({ "#a": "a".repeat(40), "#b": "b".repeat(30), "#c": "c".repeat(30) });
        let (a, b, c) = ("a".repeat(40), "b".repeat(30), "c".repeat(30));
        assert_eq!(
            compact(&names),
            format!("{{\n  \"#a\": \"{a}\", \"#b\": \"{b}\",\n  \"#c\": \"{c}\"\n}}")
        );
    }

    #[test]
    fn what_does_not_fit_has_a_line_for_each_member() {
        let long = "x".repeat(90);
        let expected = format!("{{\n  \"a\": {{ \"S\": \"1\" }},\n  \"b\": [\n    \"{long}\"\n  ]\n}}");
        assert_eq!(compact(&json!({ "a": { "S": "1" }, "b": [long] })), expected);
    }
}
