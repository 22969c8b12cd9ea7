//! The shapes in which the items of an entity are stored.

use crate::parse::options::{Options, Value};
use proc_macro2::Span;
use syn::{Lit, Path};

/// `shape = 3, upgrade(OrderV1, OrderV2), writes = 2`.
pub(crate) struct Shapes {
    /// The number of the entity's own shape.
    pub(crate) known: u32,
    pub(crate) span: Span,
    /// The structs of older shapes, the oldest first; the last is that before `known`.
    pub(crate) older: Vec<Path>,
    /// The number of the shape that is written, if it is not `known`.
    pub(crate) written: Option<(u32, Span)>,
}

impl Shapes {
    /// Those of an entity; `None` if it numbers none. The options without `shape` are reported.
    pub(super) fn parse(options: &Options<'_>) -> Option<Self> {
        let shape = number(options, "shape");
        let written = number(options, "writes");
        let older = older(options);
        if !options.has("shape") {
            for option in ["upgrade", "writes"].into_iter().filter_map(|option| options.get(option)) {
                let message =
                    "an entity with older shapes says the number of its own: `shape = 2, upgrade(OrderV1)`";
                options.errors().at(&option.name, message);
            }
        }
        let (known, span) = shape?;
        Some(Self { known, span, older, written })
    }

    /// The number of an older shape.
    pub(crate) fn number(&self, at: usize) -> u32 {
        let distance = u32::try_from(self.older.len() - at).unwrap_or(u32::MAX);
        self.known.saturating_sub(distance)
    }

    /// The struct that is written, if it is an older one.
    pub(crate) fn written(&self) -> Option<&Path> {
        let (written, _) = self.written?;
        (0..self.older.len()).find(|at| self.number(*at) == written).map(|at| &self.older[at])
    }
}

fn number(options: &Options<'_>, option: &str) -> Option<(u32, Span)> {
    let opt = options.get(option)?;
    let number = match &opt.value {
        Value::Literal(Lit::Int(number)) => {
            number.base10_parse::<u32>().ok().map(|value| (value, number.span()))
        }
        _ => None,
    };
    match number {
        Some((number @ 1.., span)) => Some((number, span)),
        _ => {
            options
                .errors()
                .at(&opt.name, format_args!("`{option}` is the number of a shape, from 1: `{option} = 2`"));
            None
        }
    }
}

fn older(options: &Options<'_>) -> Vec<Path> {
    let Some(opt) = options.get("upgrade") else { return Vec::new() };
    let values = match &opt.value {
        Value::List(_, values) => values.as_slice(),
        Value::Call(path, values) if path.is_ident("upgrade") => values.as_slice(),
        Value::Name(path) => return vec![path.clone()],
        _ => &[],
    };
    let paths: Vec<Path> = values
        .iter()
        .filter_map(|value| match value {
            Value::Name(path) => Some(path.clone()),
            _ => None,
        })
        .collect();
    if paths.is_empty() || paths.len() < values.len() {
        let message =
            "`upgrade` takes the structs of the older shapes, the oldest first: `upgrade(OrderV1, OrderV2)`";
        options.errors().at(&opt.name, message);
    }
    paths
}
