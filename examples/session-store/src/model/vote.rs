use serde::Deserialize;
use serde_json::{Map, Value};

/// A vote of one participant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Vote {
    /// The name of the participant.
    pub participant: String,
    /// One of the session's choices.
    pub choice: String,
}

/// Reads an object as Go does: names in any case, and what is absent or `null` is empty.
impl TryFrom<Map<String, Value>> for Vote {
    type Error = &'static str;

    fn try_from(object: Map<String, Value>) -> Result<Self, Self::Error> {
        let mut vote = Self::default();
        for (name, value) in object {
            let member = match name.to_ascii_lowercase().as_str() {
                "participant" => &mut vote.participant,
                "choice" => &mut vote.choice,
                _ => continue,
            };
            match value {
                Value::String(text) => *member = text,
                Value::Null => {}
                _ => return Err("expected a string"),
            }
        }
        Ok(vote)
    }
}
