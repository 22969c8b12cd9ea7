use super::{Hand, Item, Wrong, float, integer, take_boolean, take_number, take_text, text};
use crate::model::Event;
use aws_sdk_dynamodb::types::AttributeValue;

impl Hand for Event {
    fn to_item(&self) -> Item {
        let mut item = Item::with_capacity(10);
        item.insert("entity_type".into(), text("Event"));
        item.insert("pk".into(), text(&self.pk));
        item.insert("sk".into(), text(&self.sk));
        item.insert("kind".into(), text(&self.kind));
        item.insert("device".into(), text(&self.device));
        item.insert("at".into(), integer(self.at));
        item.insert("level".into(), integer(self.level));
        item.insert("ok".into(), AttributeValue::Bool(self.ok));
        item.insert("message".into(), text(&self.message));
        item.insert("value".into(), float(self.value));
        item
    }

    fn from_item(mut item: Item) -> Result<Self, Wrong> {
        Ok(Self {
            pk: take_text(&mut item, "pk")?,
            sk: take_text(&mut item, "sk")?,
            kind: take_text(&mut item, "kind")?,
            device: take_text(&mut item, "device")?,
            at: take_number(&mut item, "at")?,
            level: take_number(&mut item, "level")?,
            ok: take_boolean(&mut item, "ok")?,
            message: take_text(&mut item, "message")?,
            value: take_number(&mut item, "value")?,
        })
    }
}
