//! Unique constraints of an entity: of one field, or of several together.

use super::{
    field::Field,
    key_spec::named_field,
    normal_form::{NormalForm, normal_forms},
};
use crate::{
    errors::Errors,
    parse::options::{Options, Value},
};
use proc_macro2::Span;
use syn::Ident;

/// A unique constraint.
pub(crate) struct UniqueConstraint {
    /// Its name: the one that is given, or that of the only attribute.
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) fields: Vec<UniqueField>,
}

/// A field of a unique constraint.
pub(crate) struct UniqueField {
    pub(crate) field: usize,
    pub(crate) span: Span,
    pub(crate) normal_forms: Vec<NormalForm>,
}

/// `unique = "name", fields(tenant, name(lowercase))`.
pub(super) fn of_entity(options: Options<'_>, entity: &Ident, fields: &[Field]) -> Option<UniqueConstraint> {
    let (name, errors) = (options.text("unique"), options.errors());
    let opt = options.get("fields");
    let values = match opt.map(|opt| &opt.value) {
        Some(Value::List(_, values)) => values.as_slice(),
        Some(Value::Call(path, values)) if path.is_ident("fields") => values.as_slice(),
        _ => &[],
    };
    let named: Vec<_> = values.iter().map(|value| unique_field(value, entity, fields, errors)).collect();
    if named.is_empty() || named.iter().any(Result::is_err) {
        let at = opt.map(|opt| opt.name.span()).or_else(|| Some(name.as_ref()?.span()));
        let taken = "a unique constraint takes the names of fields: `unique = \"name\", fields(tenant, name(lowercase))`";
        errors.span(at.unwrap_or_else(|| entity.span()), taken);
    }
    let fields = named.into_iter().filter_map(Result::ok).flatten().collect();
    let constraint = name.map(|name| UniqueConstraint { name: name.value(), span: name.span(), fields });
    options.finish();
    constraint
}

/// A name in `fields(..)`; `None` if there is no such field, which was reported.
fn unique_field(
    value: &Value,
    entity: &Ident,
    fields: &[Field],
    errors: &Errors,
) -> Result<Option<UniqueField>, ()> {
    let (path, normal_forms) = match value {
        Value::Name(path) => (path, Vec::new()),
        Value::Call(path, forms) => (path, normal_forms(forms).ok_or(())?),
        _ => return Err(()),
    };
    let named = named_field(path, "fields", entity, fields, errors);
    Ok(named.map(|(field, span)| UniqueField { field, span, normal_forms }))
}

/// The constraints of single fields.
pub(super) fn of_fields(fields: &[Field]) -> impl Iterator<Item = UniqueConstraint> {
    fields.iter().enumerate().filter_map(|(at, field)| {
        let (span, normal_forms) = field.unique.clone()?;
        let fields = vec![UniqueField { field: at, span, normal_forms }];
        Some(UniqueConstraint { name: field.name.clone(), span, fields })
    })
}
