//! A field of an entity, a nested struct or a struct variant.

use super::normal_form::{self, NormalForm};
use crate::{
    case::{Case, name_of},
    errors::Errors,
    parse::{
        option_sets::{self, OptionSet},
        options::{Options, Value},
        serde_options::{self, SerdeOption},
    },
};
use proc_macro2::Span;
use quote::format_ident;
use syn::{Ident, Path, Type, spanned::Spanned};

/// The functions by which a field's value is written and read.
pub(crate) enum Codec {
    /// By its own `ToAttribute` and `FromAttribute`.
    Attribute,
    /// By serde.
    Serde,
    /// By the functions `write` and `read` of a module.
    With(Path),
}

/// The value that an absent attribute is read as.
pub(crate) enum Default {
    /// None: an absent attribute is an error, or `None` for an `Option`.
    Absent,
    /// `Default::default()`.
    Trait,
    /// The result of a function.
    Function(Path),
}

/// The kind of value that dynamap writes into a field by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    Created,
    Updated,
    Counter,
    Version,
}

pub(crate) struct Field {
    /// The number of the variant, 0 in a struct, and of the field in it.
    pub(crate) position: (usize, usize),
    /// The field's name; made up (`_0`) in a tuple.
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<syn::Attribute>,
    /// `#[deprecated]`, which its constant has as well.
    pub(crate) deprecated: Option<syn::Attribute>,
    /// The attribute's name.
    pub(crate) name: String,
    pub(crate) codec: Codec,
    pub(crate) default: Default,
    /// A function that returns true for values which are not stored.
    pub(crate) skip_if: Option<Path>,
    /// The names that it is read by as well.
    pub(crate) aliases: Vec<String>,
    pub(crate) skip: bool,
    pub(crate) flatten: bool,
    /// True if the field is the content of a variant with an internal tag: its attributes stand beside the tag.
    pub(crate) tagged: bool,
    pub(crate) key_only: Option<Span>,
    /// True if the field is part of the primary key, where no default takes its place.
    pub(crate) in_primary_key: bool,
    pub(crate) plain: Option<Span>,
    pub(crate) stamp: Option<(Stamp, Span)>,
    /// The span of `ttl`, if the field is the table's time to live.
    pub(crate) ttl: Option<Span>,
    /// The name of the lineage attribute, which holds the ids of the item's last writes beside a version.
    pub(crate) lineage: Option<String>,
    /// The span of `unique` and the normal forms, if no two items may have the same value.
    pub(crate) unique: Option<(Span, Vec<NormalForm>)>,
    /// The span of the attribute's name: of the field or of its `rename`.
    pub(crate) name_span: Span,
    /// True if the field has no name: it is a newtype's, or an element of a list.
    element: bool,
    /// True if the name is given for this field.
    pub(crate) renamed: bool,
    /// The options of `#[serde(..)]`; none with `ignore_serde`.
    pub(crate) serde: Vec<SerdeOption>,
}

/// The kind of type that a field is part of, which decides its options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldOwner {
    Entity,
    Document,
    Tuple,
}

impl FieldOwner {
    fn options(self) -> &'static OptionSet {
        match self {
            Self::Entity => &option_sets::ENTITY_FIELD,
            Self::Document => &option_sets::DOCUMENT_FIELD,
            Self::Tuple => &option_sets::UNNAMED_FIELD,
        }
    }
}

impl Field {
    pub(crate) fn parse(
        position: (usize, usize),
        field: &syn::Field,
        case: Option<Case>,
        owner: FieldOwner,
        errors: &Errors,
    ) -> Self {
        let set = owner.options();
        let options = Options::parse(&field.attrs, set, errors);
        let flag = |name| if set.has(name) { options.flag(name) } else { None };
        let ident =
            field.ident.clone().unwrap_or_else(|| format_ident!("_{}", position.1, span = field.ty.span()));
        let rename = if owner == FieldOwner::Tuple { None } else { options.text("rename") };
        let own_name = name_of(&ident);
        let name = match (&rename, case) {
            (Some(rename), _) => rename.value(),
            (None, Some(case)) => case.apply(&own_name),
            (None, None) => own_name,
        };
        if name.is_empty() {
            errors.at(&rename, "an attribute name cannot be empty");
        }
        let stamp = stamps(&options, set);
        let field = Self {
            position,
            codec: codec(&options, &ident),
            default: if owner == FieldOwner::Tuple { Default::Absent } else { default(&options) },
            skip_if: if owner == FieldOwner::Tuple { None } else { options.path("skip_if") },
            aliases: if owner == FieldOwner::Tuple { Vec::new() } else { aliases(&options) },
            skip: flag("skip").is_some(),
            flatten: flag("flatten").is_some(),
            tagged: false,
            key_only: flag("key_only"),
            in_primary_key: false,
            plain: flag("plain"),
            ttl: flag("ttl"),
            lineage: lineage(&options, stamp),
            unique: if set.has("unique") { normal_form::of_field(&options) } else { None },
            stamp,
            name_span: rename.as_ref().map_or_else(|| ident.span(), Spanned::span),
            element: field.ident.is_none(),
            renamed: rename.is_some(),
            serde: match options.flag("ignore_serde") {
                Some(_) => Vec::new(),
                None => serde_options::options(&field.attrs),
            },
            docs: field.attrs.iter().filter(|a| a.path().is_ident("doc")).cloned().collect(),
            deprecated: field.attrs.iter().find(|a| a.path().is_ident("deprecated")).cloned(),
            ty: field.ty.clone(),
            name,
            ident,
        };
        options.finish();
        field
    }

    /// True if the field is an attribute of its own.
    pub(crate) fn is_stored(&self) -> bool {
        !self.skip && !self.flatten && self.key_only.is_none()
    }

    /// True if the entity or struct has a constant for the field.
    pub(crate) fn has_constant(&self) -> bool {
        self.is_stored() || self.flatten && !self.skip
    }

    /// True if the field is stored under a name.
    pub(crate) fn is_attribute(&self) -> bool {
        self.is_stored() && !self.element
    }

    /// The `T` of an `Option<T>`.
    pub(crate) fn option_inner(&self) -> Option<&Type> {
        option_inner(&self.ty)
    }

    /// The type without its `Option`: what a key component is.
    pub(crate) fn part_type(&self) -> &Type {
        self.option_inner().unwrap_or(&self.ty)
    }
}

fn stamps(options: &Options<'_>, set: &OptionSet) -> Option<(Stamp, Span)> {
    let all = [
        ("created_at", Stamp::Created),
        ("updated_at", Stamp::Updated),
        ("counter", Stamp::Counter),
        ("version", Stamp::Version),
    ];
    let given = all.into_iter().filter(|(name, _)| set.has(name));
    let mut given = given.filter_map(|(name, stamp)| Some((stamp, options.flag(name)?)));
    let first = given.next();
    if let Some((_, span)) = given.next() {
        options
            .errors()
            .span(span, "a field has one stamp: `created_at`, `updated_at`, `counter` or `version`");
    }
    first
}

/// The name of the lineage attribute of a version that gives none.
const LINEAGE: &str = "lineage";

fn lineage(options: &Options<'_>, stamp: Option<(Stamp, Span)>) -> Option<String> {
    if !matches!(stamp, Some((Stamp::Version, _))) {
        // An option that is not read is reported as unknown.
        return None;
    }
    let Some(given) = options.get("lineage") else { return Some(LINEAGE.into()) };
    match &given.value {
        Value::Name(path) if path.is_ident("none") => None,
        Value::Text(name) if !name.value().is_empty() => Some(name.value()),
        _ => {
            let name = &given.name;
            options.errors().at(&name, "`lineage` takes the name of an attribute, or `none`");
            None
        }
    }
}

/// `alias = "old"`, which may be given several times.
pub(super) fn aliases(options: &Options<'_>) -> Vec<String> {
    let mut aliases = Vec::new();
    for opt in options.all("alias") {
        match &opt.value {
            Value::Text(text) if !text.value().is_empty() => aliases.push(text.value()),
            _ => options
                .errors()
                .at(&opt.name, "`alias` takes a name that was written before: `alias = \"..\"`"),
        }
    }
    aliases
}

fn codec(options: &Options<'_>, ident: &Ident) -> Codec {
    if options.get("with").is_some() && options.get("serde").is_some() {
        options.errors().at(ident, format_args!("`{ident}` has both `with` and `serde`; keep one"));
    }
    match (options.path("with"), options.flag("serde")) {
        (Some(path), _) => Codec::With(path),
        (None, Some(_)) => Codec::Serde,
        (None, None) => Codec::Attribute,
    }
}

pub(super) fn default(options: &Options<'_>) -> Default {
    match options.get("default").map(|opt| &opt.value) {
        None => Default::Absent,
        Some(Value::Flag) => Default::Trait,
        Some(_) => options.path("default").map_or(Default::Trait, Default::Function),
    }
}

/// A type without the parentheses around it, and without those that a macro puts around a type which it was given.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(paren) => bare(&paren.elem),
        Type::Group(group) => bare(&group.elem),
        _ => ty,
    }
}

/// The `T` of a type that is written as `Option<T>`. A macro sees tokens, so another name for `Option` is not recognised.
pub(crate) fn option_inner(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = bare(ty) else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) if last.ident == "Option" && arguments.args.len() == 1 => {
            Some(inner)
        }
        _ => None,
    }
}
