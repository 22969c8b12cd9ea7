use super::{
    Hand, Item, Wrong, integer, take_boolean, take_list, take_map, take_number, take_string_set, take_text,
    text,
};
use crate::model::{MapObject, Mixed};
use aws_sdk_dynamodb::types::AttributeValue;

impl Hand for Mixed {
    fn to_item(&self) -> Item {
        let object = |object: &MapObject| AttributeValue::M([("p1".into(), text(&object.p1))].into());
        let list = |objects: &[MapObject]| AttributeValue::L(objects.iter().map(object).collect());
        let mut item = Item::with_capacity(12);
        item.insert("entity_type".into(), text("Mixed"));
        item.insert("pk".into(), text(&self.pk));
        item.insert("sk".into(), text(&self.sk));
        item.insert("m".into(), object(&self.m));
        item.insert("l1".into(), list(&self.l1));
        item.insert("l2".into(), list(&self.l2));
        item.insert("l3".into(), list(&self.l3));
        item.insert("ss".into(), AttributeValue::Ss(self.ss.iter().cloned().collect()));
        item.insert("ns".into(), AttributeValue::Ns(self.ns.iter().map(i32::to_string).collect()));
        item.insert("s".into(), text(&self.s));
        item.insert("n".into(), integer(self.n));
        item.insert("b".into(), AttributeValue::Bool(self.b));
        item
    }

    fn from_item(mut item: Item) -> Result<Self, Wrong> {
        let numbers = match item.remove("ns") {
            Some(AttributeValue::Ns(numbers)) => numbers,
            _ => return Err("ns"),
        };
        Ok(Self {
            pk: take_text(&mut item, "pk")?,
            sk: take_text(&mut item, "sk")?,
            m: object(take_map(&mut item, "m")?)?,
            l1: objects(&mut item, "l1")?,
            l2: objects(&mut item, "l2")?,
            l3: objects(&mut item, "l3")?,
            ss: take_string_set(&mut item, "ss")?.into_iter().collect(),
            ns: numbers.iter().map(|number| number.parse().map_err(|_| "ns")).collect::<Result<_, _>>()?,
            s: take_text(&mut item, "s")?,
            n: take_number(&mut item, "n")?,
            b: take_boolean(&mut item, "b")?,
        })
    }
}

fn object(mut map: Item) -> Result<MapObject, Wrong> {
    Ok(MapObject { p1: take_text(&mut map, "p1")? })
}

fn objects(item: &mut Item, name: Wrong) -> Result<Vec<MapObject>, Wrong> {
    let element = |element| match element {
        AttributeValue::M(map) => object(map),
        _ => Err(name),
    };
    take_list(item, name)?.into_iter().map(element).collect()
}
