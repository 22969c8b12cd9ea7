use super::{
    Hand, Item, Wrong, float, integer, take_boolean, take_list, take_map, take_number, take_optional_text,
    take_string_set, take_text, text,
};
use crate::model::{Address, Line, Order, Payment, Status};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use chrono::{DateTime, SecondsFormat, Utc};

impl Hand for Order {
    fn to_item(&self) -> Item {
        let mut item = Item::with_capacity(19);
        item.insert("entity_type".into(), text("Order"));
        item.insert("pk".into(), text(&self.pk));
        item.insert("sk".into(), text(&self.sk));
        item.insert("order_id".into(), text(&self.order_id));
        item.insert("email".into(), text(&self.email));
        item.insert("status".into(), text(status_name(self.status)));
        item.insert("total_cents".into(), integer(self.total_cents));
        item.insert("tax_rate".into(), float(self.tax_rate));
        item.insert("gift".into(), AttributeValue::Bool(self.gift));
        if let Some(note) = &self.note {
            item.insert("note".into(), text(note));
        }
        if let Some(coupon) = &self.coupon {
            item.insert("coupon".into(), text(coupon));
        }
        item.insert("tags".into(), AttributeValue::L(self.tags.iter().map(|tag| text(tag)).collect()));
        item.insert("ship_to".into(), address_value(&self.ship_to));
        item.insert("lines".into(), AttributeValue::L(self.lines.iter().map(line_value).collect()));
        item.insert("labels".into(), AttributeValue::Ss(self.labels.iter().cloned().collect()));
        item.insert("token".into(), AttributeValue::B(Blob::new(&*self.token)));
        let created_at = self.created_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        item.insert("created_at".into(), AttributeValue::S(created_at));
        item.insert("payment".into(), payment_value(&self.payment));
        item.insert("version".into(), integer(self.version));
        item
    }

    fn from_item(mut item: Item) -> Result<Self, Wrong> {
        let tag = |tag| match tag {
            AttributeValue::S(tag) => Ok(tag),
            _ => Err("tags"),
        };
        let token = match item.remove("token") {
            Some(AttributeValue::B(token)) => token.into_inner().into(),
            _ => return Err("token"),
        };
        Ok(Self {
            pk: take_text(&mut item, "pk")?,
            sk: take_text(&mut item, "sk")?,
            order_id: take_text(&mut item, "order_id")?,
            email: take_text(&mut item, "email")?,
            status: status(&take_text(&mut item, "status")?)?,
            total_cents: take_number(&mut item, "total_cents")?,
            tax_rate: take_number(&mut item, "tax_rate")?,
            gift: take_boolean(&mut item, "gift")?,
            note: take_optional_text(&mut item, "note")?,
            coupon: take_optional_text(&mut item, "coupon")?,
            tags: take_list(&mut item, "tags")?.into_iter().map(tag).collect::<Result<_, _>>()?,
            ship_to: address(take_map(&mut item, "ship_to")?)?,
            lines: take_list(&mut item, "lines")?.into_iter().map(line).collect::<Result<_, _>>()?,
            labels: take_string_set(&mut item, "labels")?.into_iter().collect(),
            token,
            created_at: timestamp(&take_text(&mut item, "created_at")?)?,
            payment: payment(take_map(&mut item, "payment")?)?,
            version: take_number(&mut item, "version")?,
        })
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Pending => "Pending",
        Status::Paid => "Paid",
        Status::Shipped => "Shipped",
        Status::Cancelled => "Cancelled",
    }
}

fn status(name: &str) -> Result<Status, Wrong> {
    match name {
        "Pending" => Ok(Status::Pending),
        "Paid" => Ok(Status::Paid),
        "Shipped" => Ok(Status::Shipped),
        "Cancelled" => Ok(Status::Cancelled),
        _ => Err("status"),
    }
}

fn timestamp(text: &str) -> Result<DateTime<Utc>, Wrong> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) => Ok(time.with_timezone(&Utc)),
        Err(_) => Err("created_at"),
    }
}

fn address_value(address: &Address) -> AttributeValue {
    let mut map = Item::with_capacity(5);
    map.insert("street".into(), text(&address.street));
    map.insert("city".into(), text(&address.city));
    map.insert("zip".into(), text(&address.zip));
    map.insert("country".into(), text(&address.country));
    map.insert("lat".into(), float(address.lat));
    AttributeValue::M(map)
}

fn address(mut map: Item) -> Result<Address, Wrong> {
    Ok(Address {
        street: take_text(&mut map, "street")?,
        city: take_text(&mut map, "city")?,
        zip: take_text(&mut map, "zip")?,
        country: take_text(&mut map, "country")?,
        lat: take_number(&mut map, "lat")?,
    })
}

fn line_value(line: &Line) -> AttributeValue {
    let mut map = Item::with_capacity(4);
    map.insert("sku".into(), text(&line.sku));
    map.insert("title".into(), text(&line.title));
    map.insert("qty".into(), integer(line.qty));
    map.insert("price_cents".into(), integer(line.price_cents));
    AttributeValue::M(map)
}

fn line(value: AttributeValue) -> Result<Line, Wrong> {
    let AttributeValue::M(mut map) = value else { return Err("lines") };
    Ok(Line {
        sku: take_text(&mut map, "sku")?,
        title: take_text(&mut map, "title")?,
        qty: take_number(&mut map, "qty")?,
        price_cents: take_number(&mut map, "price_cents")?,
    })
}

fn payment_value(payment: &Payment) -> AttributeValue {
    let mut map = Item::with_capacity(3);
    match payment {
        Payment::Card { last4, network } => {
            map.insert("method".into(), text("Card"));
            map.insert("last4".into(), text(last4));
            map.insert("network".into(), text(network));
        }
        Payment::Invoice { number } => {
            map.insert("method".into(), text("Invoice"));
            map.insert("number".into(), text(number));
        }
        Payment::Cash => {
            map.insert("method".into(), text("Cash"));
        }
    }
    AttributeValue::M(map)
}

fn payment(mut map: Item) -> Result<Payment, Wrong> {
    Ok(match &*take_text(&mut map, "method")? {
        "Card" => {
            Payment::Card { last4: take_text(&mut map, "last4")?, network: take_text(&mut map, "network")? }
        }
        "Invoice" => Payment::Invoice { number: take_text(&mut map, "number")? },
        "Cash" => Payment::Cash,
        _ => return Err("payment"),
    })
}
