//! The images of a change, which are compared attribute by attribute.

use super::{
    StreamRecord,
    image::{HeldValue, Image},
};
use crate::expr::{ItemPlace, equal};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{borrow::Cow, collections::BTreeSet, ops::Range};

/// The item before and after a change, as far as it was there.
#[derive(Debug, Clone, Default)]
pub(super) struct Images {
    pub(super) old: Option<Image<'static>>,
    pub(super) new: Option<Image<'static>>,
}

impl Images {
    /// Those images of a record that are asked for: the old, the new.
    pub(super) fn of_record(record: &StreamRecord<'_>, [old, new]: [bool; 2]) -> Self {
        let image = |image: &Option<Image<'_>>, wanted| match wanted {
            true => image.as_ref().map(Image::to_static),
            false => None,
        };
        Self { old: image(&record.old_image, old), new: image(&record.new_image, new) }
    }

    /// The images that stand at these places of `text`: the old, the new.
    pub(super) fn in_text(text: &str, [old, new]: [Option<Range<usize>>; 2]) -> Self {
        let image =
            |place: Range<usize>| Image::Json(Cow::Owned(text.get(place).unwrap_or_default().to_owned()));
        Self { old: old.map(image), new: new.map(image) }
    }

    /// True if the value at the place is not the same before and after the change.
    pub(super) fn differ_at(&self, place: &ItemPlace) -> bool {
        let [old, new] = self.at(place.attribute());
        if old.is_same_text(&new) {
            return false;
        }
        let (old, new) = (old.read(), new.read());
        match (old, new) {
            (Ok(old), Ok(new)) => {
                let (old, new) = (inside(&old, place), inside(&new, place));
                match (old, new) {
                    (Some(old), Some(new)) => !equal(old, new),
                    (old, new) => old.is_some() != new.is_some(),
                }
            }
            // A value that cannot be read is another one.
            _ => true,
        }
    }

    /// The names of the attributes that are not the same before and after the change, in the order of the alphabet.
    pub(super) fn differences(&self) -> Vec<Cow<'_, str>> {
        let names: BTreeSet<_> = self.each().into_iter().flatten().flat_map(Image::names).collect();
        names.into_iter().filter(|name| self.differ(name)).collect()
    }

    /// The values of an attribute before and after the change.
    pub(super) fn at(&self, attribute: &str) -> [HeldValue<'_>; 2] {
        self.each().map(|image| image.map_or(HeldValue::Absent, |image| image.attribute(attribute)))
    }

    fn differ(&self, attribute: &str) -> bool {
        let [old, new] = self.at(attribute);
        if old.is_same_text(&new) {
            return false;
        }
        match (old.read(), new.read()) {
            (Ok(Some(old)), Ok(Some(new))) => !equal(&old, &new),
            (Ok(None), Ok(None)) => false,
            _ => true,
        }
    }

    fn each(&self) -> [Option<&Image<'static>>; 2] {
        [self.old.as_ref(), self.new.as_ref()]
    }
}

fn inside<'v>(
    attribute: &'v Option<Cow<'_, AttributeValue>>,
    place: &ItemPlace,
) -> Option<&'v AttributeValue> {
    attribute.as_deref().and_then(|value| place.find(value))
}
