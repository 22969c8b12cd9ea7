use super::{Hand, Item, Wrong, integer, take_number, take_text, text};
use crate::model::Wallet;

impl Hand for Wallet {
    fn to_item(&self) -> Item {
        let mut item = Item::with_capacity(5);
        item.insert("entity_type".into(), text("Wallet"));
        item.insert("pk".into(), text(&self.pk));
        item.insert("sk".into(), text(&self.sk));
        item.insert("balance".into(), integer(self.balance));
        item.insert("currency".into(), text(&self.currency));
        item
    }

    fn from_item(mut item: Item) -> Result<Self, Wrong> {
        Ok(Self {
            pk: take_text(&mut item, "pk")?,
            sk: take_text(&mut item, "sk")?,
            balance: take_number(&mut item, "balance")?,
            currency: take_text(&mut item, "currency")?,
        })
    }
}
