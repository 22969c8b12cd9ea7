use super::{ReadTyped, WriteTyped, read, write};
use crate::model::Wallet;
use serde::{Deserialize, Serializer, ser::SerializeStruct};

#[derive(Deserialize)]
#[serde(remote = "Wallet")]
struct WalletFields {
    #[serde(deserialize_with = "read::s")]
    pk: String,
    #[serde(deserialize_with = "read::s")]
    sk: String,
    #[serde(deserialize_with = "read::n")]
    balance: i64,
    #[serde(deserialize_with = "read::s")]
    currency: String,
}

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct WalletWire(#[serde(with = "WalletFields")] Wallet);

impl From<WalletWire> for Wallet {
    fn from(wire: WalletWire) -> Self {
        wire.0
    }
}

impl ReadTyped for Wallet {
    type Wire = WalletWire;
}

impl WriteTyped for Wallet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_struct("Wallet", 5)?;
        item.serialize_field("entity_type", &write::S::new("Wallet"))?;
        item.serialize_field("pk", &write::S::new(&self.pk))?;
        item.serialize_field("sk", &write::S::new(&self.sk))?;
        item.serialize_field("balance", &write::N::new(write::Integer(self.balance)))?;
        item.serialize_field("currency", &write::S::new(&self.currency))?;
        item.end()
    }
}
