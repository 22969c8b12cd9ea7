use crate::contender::typed::{WriteTyped, write};
use crate::model::{Address, Line, Order, Payment};
use serde::{Serialize, Serializer, ser::SerializeStruct};

impl WriteTyped for Order {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_struct("Order", 19)?;
        item.serialize_field("entity_type", &write::S::new("Order"))?;
        item.serialize_field("pk", &write::S::new(&self.pk))?;
        item.serialize_field("sk", &write::S::new(&self.sk))?;
        item.serialize_field("order_id", &write::S::new(&self.order_id))?;
        item.serialize_field("email", &write::S::new(&self.email))?;
        item.serialize_field("status", &write::S::new(self.status))?;
        item.serialize_field("total_cents", &write::N::new(write::Integer(self.total_cents)))?;
        item.serialize_field("tax_rate", &write::N::new(write::Float(self.tax_rate)))?;
        item.serialize_field("gift", &write::Bool::new(self.gift))?;
        if let Some(note) = &self.note {
            item.serialize_field("note", &write::S::new(note))?;
        }
        if let Some(coupon) = &self.coupon {
            item.serialize_field("coupon", &write::S::new(coupon))?;
        }
        item.serialize_field("tags", &write::L::new(write::Elements(&self.tags, write::S::new)))?;
        item.serialize_field("ship_to", &write::M::new(AddressOf(&self.ship_to)))?;
        let line = |line| write::M::new(LineOf(line));
        item.serialize_field("lines", &write::L::new(write::Elements(&self.lines, line)))?;
        item.serialize_field("labels", &write::Ss::new(&self.labels))?;
        let token = base64_simd::STANDARD.encode_to_string(&*self.token);
        item.serialize_field("token", &write::B::new(token))?;
        item.serialize_field("created_at", &write::S::new(self.created_at))?;
        item.serialize_field("payment", &write::M::new(PaymentOf(&self.payment)))?;
        item.serialize_field("version", &write::N::new(write::Integer(self.version)))?;
        item.end()
    }
}

struct AddressOf<'a>(&'a Address);

impl Serialize for AddressOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Address", 5)?;
        map.serialize_field("street", &write::S::new(&self.0.street))?;
        map.serialize_field("city", &write::S::new(&self.0.city))?;
        map.serialize_field("zip", &write::S::new(&self.0.zip))?;
        map.serialize_field("country", &write::S::new(&self.0.country))?;
        map.serialize_field("lat", &write::N::new(write::Float(self.0.lat)))?;
        map.end()
    }
}

struct LineOf<'a>(&'a Line);

impl Serialize for LineOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Line", 4)?;
        map.serialize_field("sku", &write::S::new(&self.0.sku))?;
        map.serialize_field("title", &write::S::new(&self.0.title))?;
        map.serialize_field("qty", &write::N::new(write::Integer(self.0.qty)))?;
        map.serialize_field("price_cents", &write::N::new(write::Integer(self.0.price_cents)))?;
        map.end()
    }
}

struct PaymentOf<'a>(&'a Payment);

impl Serialize for PaymentOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Payment", 3)?;
        match self.0 {
            Payment::Card { last4, network } => {
                map.serialize_field("method", &write::S::new("Card"))?;
                map.serialize_field("last4", &write::S::new(last4))?;
                map.serialize_field("network", &write::S::new(network))?;
            }
            Payment::Invoice { number } => {
                map.serialize_field("method", &write::S::new("Invoice"))?;
                map.serialize_field("number", &write::S::new(number))?;
            }
            Payment::Cash => map.serialize_field("method", &write::S::new("Cash"))?,
        }
        map.end()
    }
}
