use std::{
    collections::{HashMap, hash_map::Entry},
    fmt::Display,
    hash::Hash,
};

use super::{
    catalogue::{Catalogue, Sources},
    mistake::Mistakes,
    name,
    place::Place,
    row::Row,
};
use crate::{
    clojure_hash::ClojureHash,
    model::{Email, GroupId, Kind, PasswordHash, Product, ProductGroup, ProductId, User, UserId},
};

const GROUP_COLUMNS: [&str; 2] = ["group id", "name"];
const PRODUCT_COLUMNS: [&str; 8] = [
    "product id",
    "group id",
    "title",
    "price",
    "author or director",
    "year",
    "country",
    "language or genre",
];
const USER_COLUMNS: [&str; 5] = ["user id", "email", "first name", "last name", "hashed password"];

const ID: &str = "a whole number from 0 to 4294967295";
const YEAR: &str = "a whole number from 0 to 65535, or nothing";
const PRICE: &str = "digits with at most two decimals, such as 167.68";
const EMAIL: &str = "an email address";
const HASH: &str = "a whole number from -2147483648 to 2147483647";

/// Makes a catalogue of the content of files.
///
/// # Errors
/// The `mistakes` so far and those in the content; nothing is returned of content that has any.
pub fn parse(sources: &Sources, mistakes: Mistakes) -> Result<Catalogue, Mistakes> {
    let mut parser = Parser { mistakes, ..Parser::default() };
    for source in &sources.groups {
        for row in source.rows(&GROUP_COLUMNS, &mut parser.mistakes) {
            parser.group(&row);
        }
    }
    // After a mistake in a group, its products would be reported as well, for no mistake of their own.
    parser.knows_all_groups = parser.mistakes.is_empty();
    for source in &sources.products {
        for row in source.rows(&PRODUCT_COLUMNS, &mut parser.mistakes) {
            parser.product(&row);
        }
    }
    for source in &sources.users {
        for row in source.rows(&USER_COLUMNS, &mut parser.mistakes) {
            parser.user(&row);
        }
    }
    if parser.mistakes.is_empty() { Ok(parser.catalogue) } else { Err(parser.mistakes) }
}

#[derive(Default)]
struct Parser {
    mistakes: Mistakes,
    catalogue: Catalogue,
    kinds: HashMap<GroupId, Kind>,
    knows_all_groups: bool,
    group_ids: Seen<GroupId>,
    product_ids: Seen<ProductId>,
    user_ids: Seen<UserId>,
    emails: Seen<Email>,
}

impl Parser {
    fn group(&mut self, row: &Row<'_, 2>) {
        let mistakes = &mut self.mistakes;
        let (id, name) = (row.parse(0, ID, mistakes), row.text(1, mistakes));
        if let Some(id) = id {
            self.group_ids.check("group id", id, &row.place, mistakes);
        }
        let (Some(id), Some(name)) = (id, name) else { return };
        self.kinds.insert(id, Kind::of_group(name));
        self.catalogue.places.groups.push(row.place.clone());
        self.catalogue.groups.push(ProductGroup { id, name: name.to_owned() });
    }

    fn product(&mut self, row: &Row<'_, 8>) {
        let mistakes = &mut self.mistakes;
        let id = row.parse(0, ID, mistakes);
        if let Some(id) = id {
            self.product_ids.check("product id", id, &row.place, mistakes);
        }
        let group = row.parse(1, ID, mistakes);
        let kind = group.and_then(|group| self.kinds.get(&group).copied());
        if let (Some(group), None, true) = (group, kind, self.knows_all_groups) {
            mistakes.at(&row.place, format!("group id {group}: there is no such product group"));
        }
        let title = row.text(2, mistakes);
        let price = row.parse(3, PRICE, mistakes);
        let creator = row.text(4, mistakes);
        let year = row.optional(5).map(|_| row.parse(5, YEAR, mistakes));
        let category = row.text(7, mistakes);
        let (Some(id), Some(group), Some(kind)) = (id, group, kind) else { return };
        let (Some(title), Some(price)) = (title, price) else { return };
        let (Some(creator), Some(category)) = (creator, category) else { return };
        let creator = match kind {
            Kind::Book | Kind::Film => name::spoken(creator).into_owned(),
            // As likely a company as a person.
            Kind::Other => creator.to_owned(),
        };
        self.catalogue.places.products.push(row.place.clone());
        self.catalogue.products.push(Product {
            id,
            group,
            title: title.to_owned(),
            price,
            year: year.flatten(),
            country: row.optional(6).map(str::to_owned),
            details: kind.details(creator, category.to_owned()),
        });
    }

    fn user(&mut self, row: &Row<'_, 5>) {
        let mistakes = &mut self.mistakes;
        let id = row.parse(0, ID, mistakes);
        if let Some(id) = id {
            self.user_ids.check("user id", id, &row.place, mistakes);
        }
        let email: Option<Email> = row.parse(1, EMAIL, mistakes);
        if let Some(email) = &email {
            self.emails.check("email", email.clone(), &row.place, mistakes);
        }
        let (first_name, last_name) = (row.text(2, mistakes), row.text(3, mistakes));
        let password = row.parse_secret(4, HASH, mistakes);
        let (Some(email), Some(password)) = (email, password) else { return };
        let (Some(first_name), Some(last_name)) = (first_name, last_name) else { return };
        self.catalogue.places.users.push(row.place.clone());
        self.catalogue.users.push(User {
            email,
            id,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
            password: PasswordHash::Imported(ClojureHash(password)),
        });
    }
}

/// The keys of one kind, each with its first place.
struct Seen<K>(HashMap<K, Place>);

impl<K> Default for Seen<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Display> Seen<K> {
    /// Reports a key that was seen before.
    fn check(&mut self, what: &str, key: K, place: &Place, mistakes: &mut Mistakes) {
        match self.0.entry(key) {
            Entry::Occupied(first) => {
                let reason = format!("{what} {} is taken already, by {}", first.key(), first.get());
                mistakes.at(place, reason);
            }
            Entry::Vacant(first) => {
                first.insert(place.clone());
            }
        }
    }
}
