//! The effect of an update of fields on the keys of indexes.

use super::{Paths, attribute_constants, docs, fields, key::key_ident, key_attribute::KeyAttribute, local};
use crate::{
    model::{
        entity::{Entity, IndexKeys},
        field::Field,
        key_spec::{KeySpec, each_once},
        role::Roles,
    },
    used_names::UsedNames,
};
use proc_macro2::TokenStream;

/// `Entity::follow`, which writes the index keys that follow what an update changes.
pub(crate) fn follow(entity: &Entity, index_keys: &[Vec<KeyAttribute<'_>>], paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let key = key_ident(entity);
    let follow = index_keys.iter().enumerate().map(|(at, keys)| {
        let optional = entity.optional_components(&entity.indexes[at]);
        let keys = keys.iter().map(|attribute| match attribute.spec {
            KeySpec::Template { .. } => follow_template(entity, attribute, &optional, paths),
            KeySpec::Field { .. } => {
                let (name, role) = (&attribute.name, attribute.role(paths));
                quote!(changed.check(#name, #role)?;)
            }
        });
        quote!(#(#keys)*)
    });
    let created = created(entity, paths);
    quote! {
        #[allow(unused_variables)]
        fn follow(
            key: &#key,
            changed: &mut #private::Changed<'_>,
        ) -> #private::Result<(), #private::ItemError> {
            #(#follow)*
            #created
            #private::Ok(())
        }
    }
}

/// `Entity::STRICT_SEARCHES`, if the entity is `strict` about a vector index.
pub(crate) fn strict_searches(
    entity: &Entity,
    index_keys: &[Vec<KeyAttribute<'_>>],
    paths: &Paths,
) -> Option<TokenStream> {
    let (private, primary) = (&paths.private, entity.key_fields());
    let searches = entity.indexes.iter().zip(index_keys).filter_map(|(index, keys)| {
        let search = index.vector.as_ref().filter(|search| search.strict.is_some())?;
        let vector = &entity.fields[search.vector?.0].name;
        let partition_key = keys.first()?;
        let components = each_once(partition_key.spec.components());
        let components = components.into_iter().filter(|field| !primary.contains(field));
        let (name, components) = (&partition_key.name, components.map(|field| &entity.fields[field].name));
        Some(quote! {
            #private::StrictSearch { vector: #vector, partition_key: #name, components: &[#(#components),*] }
        })
    });
    let searches: Vec<TokenStream> = searches.collect();
    (!searches.is_empty()).then(|| {
        quote! {
            const STRICT_SEARCHES: &'static [#private::StrictSearch] = &[#(#searches),*];
        }
    })
}

/// Writes the parts of the primary key that are attributes beside it, which an item has from its creation on.
fn created(entity: &Entity, paths: &Paths) -> TokenStream {
    let is_attribute = |field: &usize| {
        let is_field = |spec: &KeySpec| matches!(spec, KeySpec::Field { field: key, .. } if key == field);
        entity.fields[*field].is_stored() && !entity.primary_specs().any(is_field)
    };
    let writes = entity.key_fields().into_iter().filter(is_attribute).map(|field| {
        let Field { ident, name, .. } = &entity.fields[field];
        let (w, key) = (&paths.w, local("key"));
        let write = fields::write_value(paths, &entity.fields[field], &quote!(&#key.#ident));
        quote!(changed.create(#name, |#w| #write)?;)
    });
    quote!(#(#writes)*)
}

fn follow_template(
    entity: &Entity,
    attribute: &KeyAttribute<'_>,
    optional: &[usize],
    paths: &Paths,
) -> TokenStream {
    let (private, name, fields) = (&paths.private, &attribute.name, &entity.fields);
    let primary = entity.key_fields();
    let components = attribute.spec.components().into_iter().filter(|field| !primary.contains(field));
    let components: Vec<&Field> = each_once(components).into_iter().map(|field| &fields[field]).collect();
    // The role of these fields, `BesideKeyOnly`, lets no update change them: the key cannot be written without the field that
    // only it stores.
    if components.iter().any(|field| field.key_only.is_some()) {
        return TokenStream::new();
    }
    let names = components.iter().map(|field| &field.name);
    let optional = optional.iter().map(|field| &fields[*field].name);
    let values = components.iter().map(|field| {
        let Field { ident, name, .. } = field;
        let (r, read) = (&paths.r, fields::read_value(paths, field));
        let value = quote!(changed.value(#name, |#r| #read)?);
        match field.option_inner() {
            Some(_) => quote!(let #ident = #private::present(#value, #name)?;),
            None => quote!(let #ident = #value;),
        }
    });
    let key = local("key");
    let text =
        attribute.text(fields, |component| match components.iter().any(|field| field.ident == *component) {
            true => quote!(&#component),
            false => quote!(&#key.#component),
        });
    quote! {
        match changed.fate(&[#(#names),*], &[#(#optional),*])? {
            #private::IndexKeyChange::Unchanged => {}
            #private::IndexKeyChange::Removed => {
                changed.remove(#name, const { #private::uses(&__KEY_NAMES, #name) });
            }
            #private::IndexKeyChange::Rewritten => {
                #(#values)*
                changed.set(#name, #text)?;
            }
        }
    }
}

/// The groups of fields that are set together, without those whose function has the name of another, which was reported.
fn groups<'m>(entity: &Entity, roles: &'m Roles) -> Vec<&'m Vec<usize>> {
    let mut functions: UsedNames = entity.indexes.iter().map(IndexKeys::function).collect();
    roles.groups.iter().filter(|group| functions.is_new(&entity.setter(group))).collect()
}

/// Types with the names of the functions of [`setters`]: in the roles of fields, they show in compile errors what sets them.
pub(crate) fn setter_names(entity: &Entity, roles: &Roles) -> TokenStream {
    let names = groups(entity, roles).into_iter().map(|group| entity.setter(group));
    quote! {
        #(
            #[allow(non_camel_case_types, unreachable_pub, missing_docs, missing_debug_implementations, dead_code)]
            pub enum #names {}
        )*
    }
}

/// The functions that set the fields which feed an index key together.
pub(crate) fn setters(entity: &Entity, roles: &Roles, paths: &Paths) -> TokenStream {
    let (vis, owner, runtime) = (&entity.vis, &entity.ident, &paths.runtime);
    let setters = groups(entity, roles).into_iter().map(|group| {
        let fields: Vec<&Field> = group.iter().map(|field| &entity.fields[*field]).collect();
        let function = entity.setter(group);
        let doc = docs::joint_setter(entity, group);
        let parameters = fields.iter().map(|field| {
            let (ident, stored) = (&field.ident, attribute_constants::value_type(field, paths));
            quote!(#ident: impl #runtime::expr::Operand<#owner, #stored, Kind = #runtime::expr::kind::Value>)
        });
        let actions = fields.iter().map(|field| {
            let (Field { ident, name, .. }, stored) = (field, attribute_constants::value_type(field, paths));
            quote!(#runtime::Attribute::<#owner, #stored>::new(#name).set(#ident))
        });
        quote! {
            #[doc = #doc]
            #vis fn #function(#(#parameters),*) -> #runtime::expr::Update<#owner> {
                #runtime::expr::Update::all([#(#actions),*])
            }
        }
    });
    let setters: TokenStream = setters.collect();
    setters
}
