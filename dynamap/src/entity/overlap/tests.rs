#![allow(clippy::unwrap_used)]

use super::{PartitionPart, may_be_equal};
use crate::key::{KeyParser, KeyPart, KeyTemplate, Segment};

/// A piece of a template.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    Text(&'static str),
    String,
    U8,
    Plain,
}

impl Piece {
    const ALL: [Self; 6] =
        [Self::Text("A"), Self::Text("#"), Self::Text("0"), Self::String, Self::U8, Self::Plain];

    fn part(self) -> PartitionPart {
        let encoded = |form| PartitionPart::Encoded { fixed_width: false, size: 0, form };
        match self {
            Self::Text(text) => PartitionPart::Text(text),
            Self::String => encoded(String::FORM),
            Self::U8 => encoded(u8::FORM),
            Self::Plain => PartitionPart::Plain,
        }
    }
}

/// A template with all texts of some that it reads.
struct TemplateCase {
    pieces: Vec<Piece>,
    parts: Vec<PartitionPart>,
    reads: Vec<bool>,
}

fn reads(template: &'static KeyTemplate, pieces: &[Piece], text: &str) -> bool {
    let Ok(mut parser) = KeyParser::new(template, text) else { return false };
    let components = pieces.iter().all(|piece| match piece {
        Piece::Text(_) => true,
        Piece::String => parser.part::<String>().is_ok(),
        Piece::U8 => parser.part::<u8>().is_ok(),
        Piece::Plain => parser.plain::<String>().is_ok(),
    });
    components && parser.finish().is_ok()
}

impl TemplateCase {
    fn new(pieces: Vec<Piece>, texts: &[String]) -> Self {
        let segments: Vec<Segment> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => Segment::Text(text),
                piece => Segment::Part { name: "a", plain: *piece == Piece::Plain },
            })
            .collect();
        let template = Box::leak(Box::new(KeyTemplate::new("", segments.leak())));
        let reads = texts.iter().map(|text| reads(template, &pieces, text)).collect();
        let parts = pieces.iter().map(|piece| piece.part()).collect();
        Self { pieces, parts, reads }
    }

    /// The greatest length of a text that can be needed to tell this form from others; `None` if that is not known.
    fn decisive(&self) -> Option<usize> {
        let lengths = self.pieces.iter().map(|piece| match piece {
            Piece::Text(_) => Some(1),
            // What ends it.
            Piece::String => Some(1),
            Piece::U8 => Some(4),
            Piece::Plain => None,
        });
        lengths.sum()
    }
}

/// All texts up to a length.
fn texts(length: usize) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut from = 0;
    for _ in 0..length {
        let end = texts.len();
        for at in from..end {
            texts.extend(["A", "#", "0"].map(|next| format!("{}{next}", texts[at])));
        }
        from = end;
    }
    texts
}

/// All templates of up to three pieces, without literal text that the derive would join.
fn forms(texts: &[String]) -> Vec<TemplateCase> {
    let mut all: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut from = 0;
    for _ in 0..3 {
        let end = all.len();
        for at in from..end {
            for next in Piece::ALL {
                let is_text = |piece: &Piece| matches!(piece, Piece::Text(_));
                if !(is_text(&next) && all[at].last().is_some_and(is_text)) {
                    all.push([all[at].clone(), vec![next]].concat());
                }
            }
        }
        from = end;
    }
    all.into_iter().skip(1).map(|pieces| TemplateCase::new(pieces, texts)).collect()
}

#[test]
fn what_cannot_be_equal_never_is_and_what_may_be_is_somewhere() {
    const LENGTH: usize = 7;
    let texts = texts(LENGTH);
    let forms = forms(&texts);
    let (mut apart, mut exact) = (0, 0);
    for a in &forms {
        for b in &forms {
            let witness = a.reads.iter().zip(&b.reads).position(|(a, b)| *a && *b);
            let decided = may_be_equal(&a.parts, &b.parts);
            if let Some(witness) = witness {
                assert!(decided, "{:?} and {:?} read {:?}", a.pieces, b.pieces, texts[witness]);
            }
            if a.decisive().zip(b.decisive()).is_some_and(|(a, b)| a + b <= LENGTH) {
                assert_eq!(decided, witness.is_some(), "{:?} and {:?}", a.pieces, b.pieces);
                exact += 1;
            }
            apart += usize::from(!decided);
        }
    }
    // The test is about something.
    assert!(forms.len() > 150 && apart > forms.len() * forms.len() / 4 && exact > 1000, "{apart} {exact}");
}

#[test]
fn forms_that_users_write() {
    let text = PartitionPart::Text;
    let string = PartitionPart::Encoded { fixed_width: false, size: 0, form: None };
    let number = PartitionPart::Encoded { fixed_width: true, size: 4, form: u32::FORM };
    let signed = PartitionPart::Encoded { fixed_width: true, size: 4, form: i32::FORM };
    let (plain, field) = (PartitionPart::Plain, PartitionPart::Field);
    for (a, b, expected) in [
        (vec![text("PROFILE")], vec![text("ORDER#"), string], false),
        (vec![text("ORDER#"), number], vec![text("ORDER#"), number, text("#LINE#"), number], false),
        (vec![text("ORDER#"), string], vec![text("ORDER#"), string, text("#LINE#"), number], false),
        (vec![text("ORDER|"), string], vec![text("ORDER|"), string, text("|LINE|"), number], false),
        (vec![text("ORDER|"), plain], vec![text("ORDER|"), plain, text("|LINE|"), plain], true),
        (vec![text("USER|"), plain, text("|ORDERS")], vec![text("USER|"), plain, text("|PROFILE")], false),
        (vec![number], vec![text("META")], false),
        (vec![number], vec![signed], false),
        (vec![number], vec![text("0000000007")], true),
        (vec![string], vec![text("META")], true),
        (vec![string], vec![text("META#"), string], false),
        (vec![field], vec![text("META#"), string], true),
        (vec![plain], vec![number], true),
        (vec![], vec![], true),
        (vec![text("É"), number], vec![text("È"), number], false),
        (vec![text("É"), number], vec![string], true),
    ] {
        assert_eq!(may_be_equal(&a, &b), expected, "{a:?} {b:?}");
        assert_eq!(may_be_equal(&b, &a), expected, "{b:?} {a:?}");
        assert!(may_be_equal(&a, &a), "{a:?}");
    }
    // Too long to be compared.
    let long = [text(Box::leak("x".repeat(600).into_boxed_str()))];
    assert!(may_be_equal(&long, &[text("y")]));
}
