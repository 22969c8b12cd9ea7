use super::{found::Found, keys::RequestedItem};
use crate::{
    call::{item_status::ReadFilter, transaction_retry::MAX_ACTIONS},
    direct::{Receiver, Refusal, TRANSACT_GET_ITEMS},
    entity::{Item, KeyValues},
    error::DecodeError,
    expr::ProjectionExpression,
    outcome::{CancellationReason, Error, InvalidTransaction, InvalidTransactionKind, TransactionAction},
    schema::TableSchema,
    wire::JsonReader,
};
use aws_sdk_dynamodb::types::ItemResponse;
use std::{collections::HashMap, marker::PhantomData, mem::replace, sync::Arc};

/// The places of the caller's keys: for each key of the request those where it stands.
#[derive(Debug, Default)]
pub(super) struct Positions {
    of_request: Vec<Vec<usize>>,
    /// The keys of the request.
    keys: Vec<Option<KeyValues>>,
    entities: Vec<&'static str>,
}

/// A key of the request, and the projection of its item; `None` for the whole.
pub(super) struct AskedOnce {
    pub(super) key: Item,
    pub(super) attributes: Option<ProjectionExpression>,
    action: TransactionAction,
}

impl AskedOnce {
    /// Asks for this as well.
    fn ask(&mut self, ask: fn(&mut ProjectionExpression) -> bool) {
        if self.attributes.as_mut().is_some_and(|attributes| !ask(attributes)) {
            self.attributes = None;
        }
    }

    pub(super) fn invalid(&self, error: Error) -> InvalidTransaction {
        let kind = InvalidTransactionKind::Action(Box::new(error));
        InvalidTransaction::new(TRANSACT_GET_ITEMS.name, Some(self.action), kind)
    }
}

/// Each key once, and where it stands.
///
/// DynamoDB: a transaction cannot ask for one item twice.
pub(super) fn distinct(asked: Vec<RequestedItem>) -> Result<(Vec<AskedOnce>, Positions), InvalidTransaction> {
    let (mut keys, mut places) = (Vec::<AskedOnce>::with_capacity(asked.len()), Positions::default());
    let (mut known, mut beyond) = (HashMap::with_capacity(asked.len()), None);
    for (place, RequestedItem { entity, key, identity, ask }) in asked.into_iter().enumerate() {
        let action = TransactionAction { position: place, kind: "Get", entity };
        let invalid = |kind| InvalidTransaction::new(TRANSACT_GET_ITEMS.name, Some(action), kind);
        let key =
            key.map_err(|error| invalid(InvalidTransactionKind::Action(Box::new(Error::from(error)))))?;
        places.entities.push(entity);
        let next = keys.len();
        let at = identity.clone().map_or(next, |identity| *known.entry(identity).or_insert(next));
        if let Some(before) = keys.get_mut(at) {
            before.ask(ask);
            if let Some(places) = places.of_request.get_mut(at) {
                places.push(place);
            }
            continue;
        }
        let mut asked = AskedOnce { key, attributes: Some(ProjectionExpression::default()), action };
        asked.ask(ask);
        keys.push(asked);
        places.keys.push(identity);
        places.of_request.push(vec![place]);
        if keys.len() == MAX_ACTIONS + 1 {
            beyond = Some(action);
        }
    }
    let (count, limit) = (keys.len(), MAX_ACTIONS);
    if count > limit {
        let kind = InvalidTransactionKind::TooManyActions { count, limit };
        return Err(InvalidTransaction::new(TRANSACT_GET_ITEMS.name, beyond, kind));
    }
    Ok((keys, places))
}

impl Positions {
    /// The places of a key of the request.
    fn of(&self, position: usize) -> Result<&[usize], DecodeError> {
        let places = self.of_request.get(position).map(Vec::as_slice);
        places.ok_or_else(|| DecodeError::new("as many items as keys", "more items"))
    }

    /// An error of the item at a position of the request, for one of its places.
    fn located<S: TableSchema>(&self, error: DecodeError, position: usize, place: usize) -> DecodeError {
        let error = error.at_index(place);
        match self.keys.get(position) {
            Some(Some(key)) => error.with_item_key(key.to_item::<S>()),
            _ => error,
        }
    }

    /// The reasons for the caller's keys.
    pub(super) fn reasons(&self, refusals: &[Refusal]) -> Vec<CancellationReason> {
        let mut codes = vec![None; self.entities.len()];
        for (places, (code, _)) in self.of_request.iter().zip(refusals) {
            for place in places {
                if let Some(at) = codes.get_mut(*place) {
                    at.clone_from(code);
                }
            }
        }
        let reasons = codes.into_iter().zip(&self.entities).enumerate();
        let reasons = reasons.map(|(position, (code, entity))| {
            CancellationReason::new(TransactionAction { position, kind: "Get", entity }, code, None)
        });
        reasons.collect()
    }
}

/// Reads the items of a response to their places.
#[derive(Debug)]
pub(super) struct ByPlace<S, F> {
    pub(super) items: ReadFilter,
    pub(super) places: Arc<Positions>,
    /// The number of positions of the request that have a result.
    pub(super) answered: usize,
    pub(super) found: F,
    pub(super) of: PhantomData<fn() -> S>,
}

impl<S: TableSchema, F: Found> ByPlace<S, F> {
    /// The results, if there is one for each key of the request.
    pub(super) fn take(&mut self, nothing: F) -> Option<F> {
        let found = replace(&mut self.found, nothing);
        (self.answered == self.places.of_request.len()).then_some(found)
    }

    /// Reads the item that is the next value: for each of its places, since an entity may have no copy.
    fn read_item(&mut self, position: usize, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let start = r.scanner.place();
        for place in self.places.of(position)? {
            r.go_back_to(start);
            let read = self.found.read(*place, r, self.items);
            read.map_err(|error| self.places.located::<S>(error, position, *place))?;
        }
        Ok(())
    }

    /// Reads `{"Item":{..}}`, `{}` or `null`.
    fn read_response(&mut self, position: usize, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        if r.scanner.pass_literal("null") {
            return Ok(());
        }
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of a response")?;
        while r.scanner.next_member(&mut first, b'}')? {
            if r.scanner.key()? == "Item" {
                r.scanner.pass_whitespace();
                if !r.scanner.pass_literal("null") {
                    self.read_item(position, r)?;
                }
            } else {
                r.raw()?;
            }
        }
        Ok(())
    }

    /// Takes the items that the SDK has read.
    pub(super) fn read_values(
        mut self,
        responses: Option<Vec<ItemResponse>>,
    ) -> Result<Option<F>, DecodeError> {
        let responses = responses.unwrap_or_default();
        if responses.len() != self.places.of_request.len() {
            return Ok(None);
        }
        for (position, response) in responses.into_iter().enumerate() {
            let Some(item) = response.item else { continue };
            for place in self.places.of(position)? {
                let put = self.found.put(*place, item.clone(), self.items);
                put.map_err(|error| self.places.located::<S>(error, position, *place))?;
            }
        }
        Ok(Some(self.found))
    }
}

impl<S: TableSchema, F: Found> Receiver for ByPlace<S, F> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.found.clear();
        self.answered = 0;
        let (mut position, mut first) = (0, true);
        r.scanner.expect(b'[', "the `[` of responses")?;
        while r.scanner.next_member(&mut first, b']')? {
            self.read_response(position, r)?;
            position += 1;
        }
        self.answered = position;
        Ok(())
    }
}
