//! The rules of an item collection.
//!
//! 1. One variant or field holds unknown items, in a struct as a `Vec`, and none if they are skipped.
//! 2. One variant or field holds all items of an entity.
//! 3. There is a member.
//! 4. No variant is called as the function that begins a key condition.
//! 5. The collection of a whole table is an enum, and not in an index.

use crate::{
    case::name_of,
    errors::Errors,
    model::item_collection::{ItemCollection, Unknown},
};
use quote::ToTokens;

pub(crate) fn check(collection: &ItemCollection, errors: &Errors) {
    unknown(collection, errors);
    for repeated in &collection.repeated {
        let entity = repeated.entity.to_token_stream();
        errors
            .at(&repeated.held, format_args!("`{entity}` is a member twice; one place holds all its items"));
    }
    // A member with a mistake is no member, and that mistake was reported.
    if collection.members.is_empty() && !errors.any() {
        let form = if collection.is_enum { "variants such as `Order(Order)`" } else { "fields" };
        errors.at(
            &collection.ident,
            format_args!("an item collection needs members: {form} that hold entities"),
        );
    }
    variants(collection, errors);
    whole_table(collection, errors);
    collection.options.report_unknown(errors);
}

fn unknown(collection: &ItemCollection, errors: &Errors) {
    let mut kept = None;
    for marked in &collection.marked {
        let ident = &marked.ident;
        match (&collection.unknown, kept) {
            (Unknown::Skipped, _) => errors.at(
                ident,
                format_args!(
                    "`{ident}` is for unknown items, but `unknown = skip` passes them over; remove one"
                ),
            ),
            (_, Some(earlier)) => errors.at(
                ident,
                format_args!(
                    "`{ident}` is for unknown items, but `{earlier}` holds them already; one place is enough"
                ),
            ),
            (Unknown::Kept(first), None) if first == ident => kept = Some(first),
            (Unknown::Kept(_) | Unknown::Refused, None) => {
                let held = &marked.held;
                errors.at(held, format_args!("`{ident}` is for unknown items, so it holds `Vec<Item>`"));
            }
        }
    }
}

/// Reports variants that are called as the function that begins a key condition.
fn variants(collection: &ItemCollection, errors: &Errors) {
    if !collection.is_enum {
        return;
    }
    let Some(function) = collection.function() else { return };
    let unknown = match &collection.unknown {
        Unknown::Kept(ident) => Some(ident),
        Unknown::Refused | Unknown::Skipped => None,
    };
    let variants = collection.members.iter().map(|member| &member.ident).chain(unknown);
    for variant in variants.filter(|variant| name_of(variant) == name_of(&function)) {
        errors.at(
            variant,
            format_args!(
                "`{function}` is the function that begins a key condition of `{}`; rename the variant",
                collection.ident
            ),
        );
    }
}

/// Reports `table` where it says nothing, or something else than the rest.
fn whole_table(collection: &ItemCollection, errors: &Errors) {
    let Some(table) = &collection.table else { return };
    if !collection.is_enum {
        errors.at(
            table,
            "a struct is put together of the items of one partition, and `table` is for enums of all items of a table; remove it",
        );
    } else if collection.index.is_some() {
        errors.at(
            table,
            "`table` says that the items are in the table, and `index` that they are in an index; remove one",
        );
    }
}
