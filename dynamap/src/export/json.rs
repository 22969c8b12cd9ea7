//! JSON documents for people to read.

use crate::call::explain::json_string;
use std::fmt;

/// A JSON value, which displays with a line for each member.
#[derive(Debug, Clone)]
pub(super) enum Json {
    Text(String),
    Number(i64),
    Bool(bool),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    /// A document that is written already.
    Written(String),
}

impl Json {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(|text| Self::Text(text.into())).collect())
    }

    /// The members that are there.
    pub(super) fn object<N: Into<String>>(members: impl IntoIterator<Item = (N, Option<Self>)>) -> Self {
        let members = members.into_iter().filter_map(|(name, value)| Some((name.into(), value?)));
        Self::Object(members.collect())
    }

    /// A list, if it has elements.
    pub(super) fn some(list: Vec<Self>) -> Option<Self> {
        (!list.is_empty()).then_some(Self::List(list))
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&json_string(text)),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(flag) => write!(f, "{flag}"),
            Self::Written(document) => f.write_str(document),
            Self::List(list) if list.iter().all(|element| matches!(element, Self::Text(_))) => {
                f.write_str("[")?;
                for (at, element) in list.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    element.write(f, depth)?;
                }
                f.write_str("]")
            }
            Self::List(list) => {
                let elements = list.iter().map(|element| (String::new(), element));
                Self::write_lines(f, ('[', ']'), elements, depth)
            }
            Self::Object(members) => {
                let members = members.iter().map(|(name, value)| (format!("{}: ", json_string(name)), value));
                Self::write_lines(f, ('{', '}'), members, depth)
            }
        }
    }

    fn write_lines<'v>(
        f: &mut fmt::Formatter<'_>,
        (open, close): (char, char),
        lines: impl Iterator<Item = (String, &'v Self)>,
        depth: usize,
    ) -> fmt::Result {
        write!(f, "{open}")?;
        let mut is_empty = true;
        for (name, value) in lines {
            let separator = if is_empty { "" } else { "," };
            write!(f, "{separator}\n{:indent$}{name}", "", indent = 2 * (depth + 1))?;
            value.write(f, depth + 1)?;
            is_empty = false;
        }
        match is_empty {
            true => write!(f, "{close}"),
            false => write!(f, "\n{:indent$}{close}", "", indent = 2 * depth),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}
