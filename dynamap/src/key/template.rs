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

/// The piece of the template behind a component.
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
}

impl Component {
    /// True if the template ends with this component.
    pub(super) fn is_last(&self) -> bool {
        self.follower == Follower::Nothing
    }

    /// The text that the codec writes after the component and before the template's text.
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

    /// The length of the component at the beginning of `rest`, which is the rest of a key's text.
    pub(super) fn length_in(&self, rest: &str) -> Option<usize> {
        match (self.follower, self.plain) {
            (Follower::Nothing, _) => Some(rest.len()),
            (Follower::Text(_), true) if self.is_last_component() => {
                rest.strip_suffix(&*self.literal()).map(str::len)
            }
            (Follower::Text(_), true) => rest.find(&*self.literal()),
            (Follower::Text(_), false) | (Follower::Part, _) => rest.find('#'),
        }
    }

    /// The text that ends the plain component, if `text` holds it and would so not read back.
    ///
    /// The last component holds anything: the text's end ends it, or the literal text before that.
    pub(super) fn end_within(&self, text: &str) -> Option<String> {
        let end = match self.follower {
            Follower::Nothing => return None,
            Follower::Text(_) if self.is_last_component() => return None,
            Follower::Text(_) => self.literal(),
            Follower::Part => "#".to_owned(),
        };
        // A part of the text may be the beginning of the end: `a-` before `--`.
        ((text.to_owned() + &end).find(&end) != Some(text.len())).then_some(end)
    }

    /// The literal text behind the component, as a whole.
    fn literal(&self) -> String {
        self.template.texts(self.after).collect()
    }

    fn is_last_component(&self) -> bool {
        self.template.component(self.after).is_none()
    }
}
