//! Normal forms of unique fields.

use crate::parse::options::{Options, Value};
use proc_macro2::Span;
use syn::Path;

/// The form in which the text of a unique field is compared.
#[derive(Clone)]
pub(crate) enum NormalForm {
    Lowercase,
    Trim,
    /// The result of a function.
    Function(Path),
}

/// `unique` of a field, with its normal forms.
pub(super) fn of_field(options: &Options<'_>) -> Option<(Span, Vec<NormalForm>)> {
    let opt = options.get("unique")?;
    let forms = match &opt.value {
        Value::Flag => Some(Vec::new()),
        Value::Call(path, forms) if path.is_ident("unique") => normal_forms(forms),
        _ => None,
    };
    if forms.is_none() {
        let taken = "`unique` takes normal forms by their names: `unique(trim, lowercase)`";
        options.errors().at(&opt.name, taken);
    }
    Some((opt.name.span(), forms.unwrap_or_default()))
}

/// The normal forms of these names; `None` if something is no name.
pub(super) fn normal_forms(values: &[Value]) -> Option<Vec<NormalForm>> {
    let form = |value: &Value| match value {
        Value::Name(path) if path.is_ident("lowercase") => Some(NormalForm::Lowercase),
        Value::Name(path) if path.is_ident("trim") => Some(NormalForm::Trim),
        Value::Name(path) => Some(NormalForm::Function(path.clone())),
        _ => None,
    };
    values.iter().map(form).collect()
}
