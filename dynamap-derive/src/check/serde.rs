//! The options of `#[serde(..)]` compared with those of `#[dynamap(..)]`.
//!
//! A derive sees the `#[serde(..)]` of its neighbours, and dynamap obeys none: `#[serde(skip)]` alone would leave a
//! secret in the table. So each that would change the stored form has its equal in `#[dynamap(..)]`, or is declared to
//! be for another format by `ignore_serde`, at the type, the field or the variant.

use crate::{
    case::{Case, name_of},
    errors::Errors,
    model::{
        attribute::{Attribute, Shape, Tag, Variant, VariantFields},
        entity::Entity,
        field::{Codec, Default, Field},
        projection::Projection,
    },
    parse::serde_options::SerdeOption,
};
use syn::Ident;

pub(crate) fn entity(entity: &Entity, errors: &Errors) {
    let Some(container) = &entity.serde else { return };
    let check = Check { errors };
    for option in container {
        match option.name.to_string().as_str() {
            "default" => check.whole_default(option, entity.default.as_ref().map(|(default, _)| default)),
            "rename_all" => check.case(option, fields_in(&entity.fields), "rename_all"),
            other => check.container(option, other),
        }
    }
    entity.fields.iter().for_each(|field| check.field(field));
}

pub(crate) fn attribute(attribute: &Attribute, errors: &Errors) {
    let Some(container) = &attribute.serde else { return };
    let check = Check { errors };
    if let Shape::Enum { tag, variants } = &attribute.shape {
        check.tag(container, tag);
        variants.iter().for_each(|variant| check.variant(variant));
    }
    for option in container {
        match (option.name.to_string().as_str(), &attribute.shape) {
            ("rename_all", Shape::Struct(fields)) => check.case(option, fields_in(fields), "rename_all"),
            ("rename_all", Shape::Enum { variants, .. }) => {
                let names = variants.iter().filter(|variant| !is_named(&variant.serde, variant.renamed));
                let names = names.map(|variant| (&variant.ident, variant.name.as_str()));
                check.case(option, names, "rename_all");
            }
            ("rename_all_fields", Shape::Enum { variants, .. }) => {
                let own =
                    |variant: &&Variant| !variant.serde.iter().any(|option| option.name == "rename_all");
                let fields = variants.iter().filter(own).flat_map(|variant| match &variant.fields {
                    VariantFields::Struct(fields) => fields.as_slice(),
                    _ => &[],
                });
                check.case(option, fields.filter_map(name_in), "rename_all_fields");
            }
            ("default", Shape::Struct(_)) => {
                check.whole_default(option, attribute.default.as_ref().map(|(default, _)| default));
            }
            ("transparent", Shape::Newtype(_)) | ("tag" | "content" | "untagged", Shape::Enum { .. }) => {}
            (other, _) => check.container(option, other),
        }
    }
    attribute.shape.fields().into_iter().for_each(|field| check.field(field));
}

/// Reports the options of a projection, which is only read, and under the names that its entity has.
pub(crate) fn projection(projection: &Projection, errors: &Errors) {
    let Some(container) = &projection.serde else { return };
    let check = Check { errors };
    for option in container {
        match option.name.to_string().as_str() {
            "rename_all" if option.directions()[1].is_some() => {
                check.report(option, "reads the attributes that the entity names", None);
            }
            "rename_all" | "tag" | "into" => {}
            other => check.container(option, other),
        }
    }
    for field in &projection.fields {
        for option in &field.serde {
            check.projected(option, &field.ident, crate::model::field::option_inner(&field.ty).is_some());
        }
    }
}

/// The fields whose names a letter case decides, and their attributes.
fn fields_in(fields: &[Field]) -> impl Iterator<Item = (&Ident, &str)> {
    fields.iter().filter_map(name_in)
}

fn name_in(field: &Field) -> Option<(&Ident, &str)> {
    let by_rule = field.is_stored() && !is_named(&field.serde, field.renamed);
    by_rule.then_some((&field.ident, field.name.as_str()))
}

/// True if the name is given by `rename`, so that no letter case decides it.
fn is_named(serde: &[SerdeOption], renamed: bool) -> bool {
    renamed || serde.iter().any(|option| option.name == "rename")
}

struct Check<'e> {
    errors: &'e Errors,
}

impl Check<'_> {
    /// Reports an option that dynamap does not read: `instead` is what dynamap does, `cure` its own option that does the same.
    fn report(&self, option: &SerdeOption, instead: &str, cure: Option<&str>) {
        let shown = option.shown();
        let cure = cure.map(|cure| format!("add `#[dynamap({cure})]`, or ")).unwrap_or_else(|| "add ".into());
        self.errors.at(
            &option.name,
            format_args!("dynamap does not read `#[serde({shown})]` and {instead}; {cure}`#[dynamap(ignore_serde)]` if it is for another format"),
        );
    }

    /// Reports a letter case that makes other names than dynamap stores.
    fn case<'m>(
        &self,
        option: &SerdeOption,
        names: impl Iterator<Item = (&'m Ident, &'m str)>,
        dynamap: &str,
    ) {
        let cases: Vec<Case> =
            option.directions().into_iter().flatten().filter_map(|case| Case::from_name(&case)).collect();
        let differs =
            |(ident, name): &(&Ident, &str)| cases.iter().any(|case| case.apply(&name_of(ident)) != *name);
        if let Some((ident, name)) = { names }.find(differs) {
            let cure = option.text().map(|case| format!("{dynamap} = {case:?}"));
            self.report(option, &format!("stores `{ident}` as `{name}`"), cure.as_deref());
        }
    }

    /// Reports an option of a type that has no equal in dynamap.
    fn container(&self, option: &SerdeOption, name: &str) {
        match name {
            "tag" => self.report(option, "writes no tag beside the fields of a struct", None),
            "transparent" => {
                self.report(option, "stores a struct of named fields as a map, also one of one field", None);
            }
            "default" => self.report(option, "takes the default of each field by itself", None),
            "from" | "try_from" | "into" => self.report(
                option,
                "stores the fields of the type itself; mark fields of this type `#[dynamap(serde)]` and derive nothing of dynamap for it",
                None,
            ),
            _ => {}
        }
    }

    /// Reports a default of a struct that is not the one of dynamap.
    fn whole_default(&self, option: &SerdeOption, default: Option<&Default>) {
        let given = option.text().map(|path| without_spaces(&path));
        let same = match (&given, default) {
            (None, Some(Default::Trait)) => true,
            (Some(given), Some(Default::Function(path))) => {
                *given == without_spaces(&quote::quote!(#path).to_string())
            }
            _ => false,
        };
        if !same {
            let cure = given.map_or_else(|| "default".to_owned(), |path| format!("default = {path}"));
            self.report(option, "takes absent fields from no such default", Some(&cure));
        }
    }

    /// Reports a tag style that is not the one of dynamap.
    fn tag(&self, container: &[SerdeOption], tag: &Tag) {
        let get = |name: &str| container.iter().find(|option| option.name == name);
        let Some(first) = get("untagged").or(get("tag")) else { return };
        let text = |name| get(name).and_then(SerdeOption::text);
        let (meant, same) = match (get("untagged"), text("tag"), text("content")) {
            (Some(_), ..) => ("untagged".to_owned(), matches!(tag, Tag::Untagged)),
            (None, Some(name), None) => {
                let same = matches!(tag, Tag::Internal(own) if own.value() == name);
                (format!("tag = {name:?}"), same)
            }
            (None, Some(name), Some(content)) => {
                let same = matches!(tag, Tag::Adjacent(own, beside) if own.value() == name && beside.value() == content);
                (format!("tag = {name:?}, content = {content:?}"), same)
            }
            (None, None, _) => return,
        };
        if !same {
            let instead = match tag {
                Tag::External => "stores a variant as a map of its name",
                Tag::Internal(_) => "stores the tag beside the fields of a variant",
                Tag::Adjacent(..) => "stores the tag beside the content of a variant",
                Tag::Untagged => "stores no tag",
            };
            self.report(first, instead, Some(&meant));
        }
    }

    /// Reports a name under which dynamap does not write, or does not read. An alias is a name to read.
    fn rename(&self, option: &SerdeOption, ident: &Ident, name: &str, aliases: &[String]) {
        let [write, read] = option.directions();
        let is_written = write.as_ref().is_none_or(|write| write == name);
        let is_read = read.as_ref().is_none_or(|read| read == name || aliases.contains(read));
        if is_written && is_read {
            return;
        }
        let cure = match (write, read) {
            (Some(write), Some(read)) if write != read => {
                Some(format!("rename = {write:?}, alias = {read:?}"))
            }
            (Some(write), _) => Some(format!("rename = {write:?}")),
            (None, Some(read)) => Some(format!("alias = {read:?}")),
            (None, None) => None,
        };
        self.report(option, &format!("stores `{ident}` as `{name}`"), cure.as_deref());
    }

    fn alias(&self, option: &SerdeOption, ident: &Ident, aliases: &[String]) {
        let Some(alias) = option.text().filter(|alias| !aliases.contains(alias)) else { return };
        self.report(
            option,
            &format!("does not read `{ident}` by this name"),
            Some(&format!("alias = {alias:?}")),
        );
    }

    fn variant(&self, variant: &Variant) {
        let (ident, name) = (&variant.ident, &variant.name);
        for option in &variant.serde {
            match option.name.to_string().as_str() {
                "rename" => self.rename(option, ident, name, &variant.aliases),
                "rename_all" => {
                    if let VariantFields::Struct(fields) = &variant.fields {
                        self.case(option, fields_in(fields), "rename_all");
                    }
                }
                "alias" => self.alias(option, ident, &variant.aliases),
                "skip" | "skip_serializing" | "skip_deserializing" => {
                    self.report(option, &format!("stores and reads `{ident}`"), None);
                }
                "other" => self.report(option, "refuses variants that it does not know", None),
                "untagged" => self.report(option, "has one style for all variants of an enum", None),
                "with" | "serialize_with" | "deserialize_with" => {
                    self.report(option, &format!("maps what `{ident}` holds by its type"), None);
                }
                _ => {}
            }
        }
    }

    fn field(&self, field: &Field) {
        let (ident, name) = (&field.ident, &field.name);
        for option in &field.serde {
            match option.name.to_string().as_str() {
                "skip" | "skip_serializing" | "skip_deserializing" if !field.skip => {
                    // A part of the primary key cannot be skipped.
                    let cure = (!field.in_primary_key).then_some("skip");
                    self.report(option, &format!("stores `{ident}`"), cure);
                }
                "default" => self.default(option, field),
                // A skipped field has no stored form that could differ.
                _ if field.skip => {}
                "rename" if field.is_attribute() => self.rename(option, ident, name, &field.aliases),
                "flatten" if !field.flatten => {
                    let instead = format!("stores `{ident}` as an attribute of its own");
                    self.report(option, &instead, Some("flatten"));
                }
                "with" | "serialize_with" | "deserialize_with" if !matches!(field.codec, Codec::With(_)) => {
                    let instead = match field.codec {
                        Codec::Serde => {
                            format!("maps `{ident}` by the `Serialize` and `Deserialize` of its type")
                        }
                        _ => format!("maps `{ident}` by its type"),
                    };
                    self.report(option, &instead, Some("with = .."));
                }
                "skip_serializing_if" if !is_none(option) => {
                    let given = option.text().map(|path| without_spaces(&path)).unwrap_or_default();
                    let own = field.skip_if.as_ref().map(|path| quote::quote!(#path).to_string());
                    if own.is_none_or(|own| without_spaces(&own) != given) {
                        let cure = format!("skip_if = {given}");
                        self.report(option, &format!("stores each value of `{ident}`"), Some(&cure));
                    }
                }
                "alias" => self.alias(option, ident, &field.aliases),
                _ => {}
            }
        }
    }

    /// Reports a default of a field that is not the one of dynamap.
    fn default(&self, option: &SerdeOption, field: &Field) {
        let given = option.text().map(|path| without_spaces(&path));
        let same = match (&given, &field.default) {
            (None, Default::Trait) => true,
            (None, Default::Absent) => {
                field.skip || field.option_inner().is_some() || field.key_only.is_some()
            }
            (Some(given), Default::Function(path)) => {
                *given == without_spaces(&quote::quote!(#path).to_string())
            }
            _ => false,
        };
        if !same {
            let instead = match field.default {
                Default::Absent if !field.skip => format!("wants `{}` to be there", field.ident),
                Default::Function(_) => {
                    format!("reads `{}` as the result of another function", field.ident)
                }
                _ => format!("reads `{}` as the default of its type", field.ident),
            };
            let cure = given.map_or_else(|| "default".to_owned(), |path| format!("default = {path}"));
            self.report(option, &instead, Some(&cure));
        }
    }

    fn projected(&self, option: &SerdeOption, ident: &Ident, optional: bool) {
        let named = "reads the attribute that the entity has under this name";
        match option.name.to_string().as_str() {
            "rename" if option.directions()[1].as_ref().is_some_and(|read| *read != name_of(ident)) => {
                self.report(option, named, None);
            }
            "alias" | "flatten" => self.report(option, named, None),
            "skip" | "skip_deserializing" => {
                self.report(option, &format!("reads `{ident}` from the table"), None);
            }
            "with" | "deserialize_with" => {
                self.report(option, &format!("reads `{ident}` by its type"), None);
            }
            "default" if !optional || option.text().is_some() => {
                self.report(option, &format!("wants `{ident}` to be there"), None);
            }
            _ => {}
        }
    }
}

/// True if serde leaves out `None`, as dynamap does.
fn is_none(option: &SerdeOption) -> bool {
    let path = option.text().map(|path| without_spaces(&path)).unwrap_or_default();
    path == "Option::is_none" || path.ends_with("::Option::is_none")
}

fn without_spaces(path: &str) -> String {
    path.split_whitespace().collect()
}
