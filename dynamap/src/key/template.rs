/// One piece of a key template: literal text, or a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// Literal text, written as it stands.
    Text(&'static str),
    /// A component.
    Part {
        /// The name of the field that the component is.
        name: &'static str,
        /// True if the component is written as it displays, for tables that exist already.
        plain: bool,
    },
}

/// The form of a key: literal text and components.
///
/// ```
/// use dynamap::key::{KeyTemplate, Segment};
///
/// static ORDER: KeyTemplate = KeyTemplate::new(
///     "ORDER#{order_id}",
///     &[Segment::Text("ORDER#"), Segment::Part { name: "order_id", plain: false }],
/// );
/// assert_eq!(ORDER.text(), "ORDER#{order_id}");
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct KeyTemplate {
    text: &'static str,
    segments: &'static [Segment],
}

/// A component in its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Component {
    pub(super) name: &'static str,
    pub(super) plain: bool,
    /// The position of the segment after it.
    pub(super) after: usize,
    follower: Follower,
    template: &'static KeyTemplate,
}

/// What follows a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follower {
    Nothing,
    Part,
    /// Literal text that begins with this char.
    Text(char),
}

impl KeyTemplate {
    /// A template as it was written, and its pieces.
    pub const fn new(text: &'static str, segments: &'static [Segment]) -> Self {
        Self { text, segments }
    }

    /// The template as it was written, such as `ORDER#{order_id}`.
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// The pieces of the template.
    pub const fn segments(&self) -> &'static [Segment] {
        self.segments
    }

    /// The literal texts from a position to the next component.
    pub(super) fn texts(&self, from: usize) -> impl Iterator<Item = &'static str> + use<> {
        self.segments.iter().skip(from).map_while(|segment| match segment {
            Segment::Text(text) => Some(*text),
            Segment::Part { .. } => None,
        })
    }

    /// The first component at or after a position.
    pub(super) fn component(&'static self, from: usize) -> Option<Component> {
        for (position, segment) in self.segments.iter().enumerate().skip(from) {
            if let Segment::Part { name, plain } = *segment {
                let after = position + 1;
                return Some(Component {
                    name,
                    plain,
                    after,
                    follower: self.follower(after),
                    template: self,
                });
            }
        }
        None
    }

    fn follower(&self, after: usize) -> Follower {
        let mut firsts = self.segments.iter().skip(after).filter_map(|segment| match segment {
            Segment::Text(text) => text.chars().next().map(Follower::Text),
            Segment::Part { .. } => Some(Follower::Part),
        });
        firsts.next().unwrap_or(Follower::Nothing)
    }

    /// The last char of the literal text that ends before a position.
    fn char_before(&self, position: usize) -> Option<char> {
        let texts = self.segments.iter().take(position).rev().map_while(|segment| match segment {
            Segment::Text(text) => Some(text),
            Segment::Part { .. } => None,
        });
        texts.filter_map(|text| text.chars().next_back()).next()
    }
}

impl Component {
    /// True if the template ends with this component.
    pub(super) fn is_last(&self) -> bool {
        self.follower == Follower::Nothing
    }

    /// What the codec writes after the component and before the template's text.
    ///
    /// Why `#`, even where the template separates by `:` or `|`: an end must sort below all that can stand
    /// inside a component, or ("1", "x") < ("10", "a") is lost: `:` and `|` sort above digits, `|` above
    /// letters, and only an escape of digits and letters could put them below it. `#` is below every escaped
    /// char, and ids stay as they are.
    pub(super) fn closer(&self) -> &'static str {
        match (self.follower, self.plain) {
            (Follower::Nothing, _) | (Follower::Text('#'), _) | (Follower::Text(_), true) => "",
            (Follower::Text(_), false) | (Follower::Part, _) => "#",
        }
    }

    /// The char that ends the component in a key's text; `None` if the text's end does.
    pub(super) fn end(&self) -> Option<char> {
        match (self.follower, self.plain) {
            (Follower::Nothing, _) => None,
            (Follower::Text(first), true) => Some(first),
            (Follower::Text(_), false) | (Follower::Part, _) => Some('#'),
        }
    }

    /// The char that a plain component cannot hold.
    pub(super) fn separator(&self) -> char {
        let before = || self.template.char_before(self.after - 1).filter(|last| !last.is_alphanumeric());
        self.end().or_else(before).unwrap_or('#')
    }
}
