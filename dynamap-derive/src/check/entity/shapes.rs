//! The rules of the shapes of an entity.
//!
//! 1. The older shapes are those right before its own: no more than there are numbers.
//! 2. The shape that is written is its own, or an older one that it can read.
//! 3. A unique field is stored under one name in each shape; the compiler compares the names.

use crate::{errors::Errors, model::entity::Entity};
use quote::ToTokens;
use syn::spanned::Spanned;

pub(super) fn check(entity: &Entity, errors: &Errors) {
    let Some(shapes) = &entity.shapes else { return };
    let (known, older) = (shapes.known, shapes.older.len());
    if u32::try_from(older).is_ok_and(|older| older >= known) {
        let message = format_args!(
            "the structs of `upgrade` are those of the shapes right before {known}, and the first has no number left"
        );
        errors.span(shapes.older.last().map_or(shapes.span, Spanned::span), message);
    }
    for (at, path) in shapes.older.iter().enumerate() {
        let name = path.to_token_stream().to_string();
        if shapes.older[..at].iter().any(|earlier| earlier.to_token_stream().to_string() == name) {
            errors.at(path, format_args!("`{name}` is given twice; each shape has a struct of its own"));
        }
    }
    if let Some((written, span)) = shapes.written
        && written != known
        && shapes.written().is_none()
    {
        errors.span(
            span,
            format_args!(
                "`writes` is the entity's own shape {known}, or an older one that `upgrade` has the struct of"
            ),
        );
    }
}
