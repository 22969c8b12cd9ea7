//! `#[derive(Projection)]`.

use super::{Paths, block, document_functions, editor_support, local_at, stubs};
use crate::{
    case::{Case, ident_in},
    model::projection::{ProjectedField, ProjectedType, Projection, Source},
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote_spanned};
use syn::{Ident, Path, spanned::Spanned};

/// The code of a projection; without bodies where the input had mistakes (`failed`).
pub(crate) fn expand(projection: Projection, failed: bool) -> TokenStream {
    let projection = &projection;
    let paths = Paths::new(&projection.runtime, quote!(__Fields));
    let Some(owner) = &projection.owner else { return TokenStream::new() };
    let attributes = projection.fields.iter().filter(|field| field.source != Source::Key);
    let expansion = ProjectionCode { projection, paths: &paths, owner, attributes: attributes.collect() };
    let code = if failed { expansion.stubs() } else { expansion.code() };
    block(&code)
}

struct ProjectionCode<'m> {
    projection: &'m Projection,
    paths: &'m Paths,
    owner: &'m ProjectedType,
    /// The fields that are not taken from the key.
    attributes: Vec<&'m ProjectedField>,
}

/// The constant of the attribute at a position.
fn constant(at: usize) -> Ident {
    format_ident!("__FIELD_{at}")
}

impl ProjectionCode<'_> {
    fn code(&self) -> TokenStream {
        let ide = editor_support::completions(self.paths, self.projection.options.names());
        let (constants, document) = (self.constants(), self.document());
        let implementation = match self.owner {
            ProjectedType::Entity(entity) => self.of_entity(entity),
            ProjectedType::Document(document) => self.of_document(document),
        };
        quote!(#ide #constants #document #implementation)
    }

    /// The entity, if the projection has fields that are taken from its key.
    fn key_of(&self) -> Option<&Path> {
        match self.owner {
            ProjectedType::Entity(entity) if self.attributes.len() < self.projection.fields.len() => {
                Some(entity)
            }
            _ => None,
        }
    }

    /// The trait that a field's type is declared by.
    fn field_of(&self, at: usize) -> TokenStream {
        let private = &self.paths.private;
        match self.attributes[at].source {
            Source::Nested => quote!(#private::NestedFieldOf<0, #at>),
            _ => quote!(#private::FieldOf<0, #at>),
        }
    }

    /// The types of the fields; their attributes as the owner has them, so that the compiler compares the types; and all names.
    fn constants(&self) -> TokenStream {
        let Paths { private, runtime, .. } = self.paths;
        let owner = match self.owner {
            ProjectedType::Entity(path) | ProjectedType::Document(path) => path,
        };
        let fields = self.attributes.iter().enumerate().map(|(at, field)| {
            let (ty, name, field_of) = (&field.ty, constant(at), self.field_of(at));
            let attribute = ident_in(Case::ScreamingSnake, &field.ident);
            let held = match field.source {
                Source::Nested => {
                    quote!(<<__Fields as #field_of>::Type as #private::NestedProjection>::Attribute)
                }
                _ => quote!(#ty),
            };
            let whole = format!(
                "`{}` has an alias, under which an item may still hold it and a projection would not ask for it; read the whole entity, or remove the alias once all items are saved anew",
                field.ident
            );
            let no_alias = quote_spanned! {field.ident.span()=>
                const _: () = ::core::assert!(!#private::is_among(#name.name(), <#owner>::__ALIASED), #whole);
            };
            let declared = quote_spanned! {ty.span()=>
                const #name: #runtime::Attribute<#owner, #held> = <#owner>::#attribute.of_any_role();
            };
            quote! {
                #[automatically_derived]
                impl #field_of for __Fields { type Type = #ty; }
                #declared
                #no_alias
            }
        });
        let asked = self.attributes.iter().enumerate().map(|(at, field)| {
            let (name, field_of) = (constant(at), self.field_of(at));
            match field.source {
                Source::Nested => quote! {
                    #private::ProjectedAttribute::nested(#name.name(), <__Fields as #field_of>::ATTRIBUTES)
                },
                _ => quote!(#private::ProjectedAttribute::whole(#name.name())),
            }
        });
        let keys: Vec<_> = self.key_names().collect();
        let asked = quote!(#(#asked,)* #(#private::ProjectedAttribute::whole(#keys)),*);
        let attributes = match self.owner {
            ProjectedType::Document(_) => {
                quote!(const __ATTRIBUTES: &[#private::ProjectedAttribute] = &[#asked];)
            }
            // The shape tells if the fields are those of the item.
            ProjectedType::Entity(entity) => quote! {
                const __IN_SHAPE: &[#private::ProjectedAttribute] =
                    &[#private::ProjectedAttribute::whole(<#entity as #private::InTable>::SHAPE), #asked];
                const __WITHOUT_SHAPE: &[#private::ProjectedAttribute] = &[#asked];
                const __ATTRIBUTES: &[#private::ProjectedAttribute] =
                    match <#entity as #private::Entity>::SHAPE {
                        #private::Some(_) => __IN_SHAPE,
                        #private::None => __WITHOUT_SHAPE,
                    };
            },
        };
        let count = self.attributes.len() + keys.len();
        let names = (0..self.attributes.len()).map(constant);
        quote! {
            struct __Fields;
            #(#fields)*
            const __NAMES: [&str; #count] = [#(#names.name(),)* #(#keys),*];
            #attributes
        }
    }

    fn key_names(&self) -> impl Iterator<Item = TokenStream> {
        let private = &self.paths.private;
        self.key_of().into_iter().flat_map(move |entity| {
            let in_table = quote!(<#entity as #private::InTable>);
            [quote!(#in_table::PARTITION_KEY.name), quote!(#in_table::SORT_KEY.name)]
        })
    }

    /// The implementation that reads the fields.
    fn document(&self) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.projection.ident;
        let fields: Vec<_> = self.attributes.iter().map(|field| &field.ident).collect();
        let types = self.attributes.iter().map(|field| &field.ty);
        let arms = fields.iter().enumerate().map(|(at, ident)| {
            let field_of = self.field_of(at);
            quote!(#at => <__Fields as #field_of>::read_field(&mut partial.#ident, r),)
        });
        let count = fields.len();
        let (partition_at, sort_at) = (count, count + 1);
        let key_arms = self.key_of().map(|_| {
            quote! {
                #partition_at => #private::read_field(&mut partial.__partition_key, r),
                #sort_at => #private::read_field(&mut partial.__sort_key, r),
            }
        });
        let read_key = self.key_of().map(|entity| {
            let key = quote!(<<#entity as #private::Entity>::Key as #private::Key>);
            quote!(let key = #key::from_attributes(partial.__partition_key, partial.__sort_key)?;)
        });
        let mut at = 0usize;
        let finished = self.projection.fields.iter().map(|field| {
            let ident = &field.ident;
            if field.source == Source::Key {
                let key = local_at("key", field.ty.span());
                return quote_spanned!(field.ty.span()=> #ident: #private::Clone::clone(&#key.#ident));
            }
            let (name, field_of) = (constant(at), self.field_of(at));
            at += 1;
            quote!(#ident: <__Fields as #field_of>::take(partial.#ident, #name.name())?)
        });
        let partial = document_functions::partial(
            &quote! {
                #(#fields: #private::Option<#types>,)*
                __partition_key: #private::Option<#private::AttributeValue>,
                __sort_key: #private::Option<#private::AttributeValue>,
            },
            &quote! {
                #(#fields: #private::None,)*
                __partition_key: #private::None,
                __sort_key: #private::None,
            },
            self.paths,
        );
        let read_field = document_functions::read_field(&quote!(#(#arms)* #key_arms), self.paths);
        let read_item = match self.owner {
            ProjectedType::Document(_) => TokenStream::new(),
            ProjectedType::Entity(entity) => quote! {
                fn read_item<__R: #private::Reader>(r: &mut __R) -> #private::Result<Self, #private::DecodeError> {
                    #private::read_projected::<Self, #entity, __R>(r)
                }
            },
        };
        quote! {
            const __HEADS: [#private::Head; __NAMES.len()] = #private::FieldTable::heads(&__NAMES);
            static __FIELDS: #private::FieldTable = #private::FieldTable::new(&__NAMES, &[], &__HEADS);
            #partial
            #[automatically_derived]
            impl #private::FromDocument for #ident {
                type Output = Self;
                type Partial = __Partial;
                const FIELDS: &'static #private::FieldTable = &__FIELDS;
                #read_field
                #read_item
                fn finish(partial: Self::Partial) -> #private::Result<Self, #private::DecodeError> {
                    #read_key
                    #private::Ok(Self { #(#finished),* })
                }
            }
        }
    }

    /// A projection of an entity, and the indexes that hold it.
    fn of_entity(&self, entity: &Path) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.projection.ident;
        let table = quote!(<#entity as #private::Entity>::Table);
        let indexes = self.projection.indexes.iter().map(|index| {
            let held = self.attributes.iter().enumerate().map(|(at, field)| {
                let (name, constant, index_name) = (&field.ident, constant(at), quote!(#index).to_string());
                let message = format!(
                    "the index `{index_name}` does not hold `{name}`; add its attribute to the `projection` of the index, or mark the field `key` if it is in the primary key"
                );
                quote_spanned! {name.span()=>
                    const _: () = ::core::assert!(#private::holds::<#index>(#constant.name()), #message);
                }
            });
            let no_shape = format!(
                "the index `{}` does not hold the shape of an item, without which its attributes cannot be read; add the attribute to the `projection` of the index",
                quote!(#index)
            );
            quote_spanned! {index.span()=>
                const _: () = ::core::assert!(#private::tells_shape::<#index, #entity>(), #no_shape);
                #[automatically_derived]
                impl #private::ReadableFrom<#index, #private::HoldsSome> for #ident {}
                const _: fn() = || #private::assert_projecting_index_of::<#index, #table>();
                #(#held)*
            }
        });
        let (surface, key_checks) = (self.surface(entity, &quote!(__ATTRIBUTES)), self.key_checks());
        quote!(#surface #key_checks #(#indexes)*)
    }

    /// `Projection`, and the traits that make it a member of item collections.
    fn surface(&self, entity: &Path, attributes: &TokenStream) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.projection.ident;
        quote! {
            #[automatically_derived]
            impl #private::Projection for #ident {
                type Entity = #entity;
                const ATTRIBUTES: &'static [#private::ProjectedAttribute] = #attributes;
            }
            #[automatically_derived]
            impl #private::Member for #ident {
                type Entity = #entity;
                const ATTRIBUTES: #private::Option<&'static [#private::ProjectedAttribute]> =
                    #private::Some(#attributes);
            }
            #[automatically_derived]
            impl<__I: #private::Source> #private::MemberIn<__I> for #ident where Self: #private::ReadableFrom<__I> {}
        }
    }

    fn key_checks(&self) -> TokenStream {
        let private = &self.paths.private;
        let Some(entity) = self.key_of() else { return TokenStream::new() };
        let checks = self.attributes.iter().enumerate().map(|(at, field)| {
            let (name, constant) = (&field.ident, constant(at));
            let message = format!("`{name}` is a key attribute itself; mark it `key` as well");
            quote_spanned! {name.span()=>
                const _: () = ::core::assert!(
                    !#private::is_among(#constant.name(), &[
                        <#entity as #private::InTable>::PARTITION_KEY.name,
                        <#entity as #private::InTable>::SORT_KEY.name,
                    ]),
                    #message
                );
            }
        });
        checks.collect()
    }

    /// A projection of a struct that an attribute holds.
    fn of_document(&self, document: &Path) -> TokenStream {
        let private = &self.paths.private;
        self.nested(
            document,
            &quote!(__ATTRIBUTES),
            &quote!(#private::read_document::<Self, __R>(r)),
            &quote!(<Self as #private::FromDocument>::finish(#private::Default::default())),
        )
    }

    fn nested(
        &self,
        document: &Path,
        attributes: &TokenStream,
        read: &TokenStream,
        absent: &TokenStream,
    ) -> TokenStream {
        let private = &self.paths.private;
        let ident = &self.projection.ident;
        quote! {
            #[automatically_derived]
            #[allow(unused_variables)]
            impl #private::NestedProjection for #ident {
                type Attribute = #document;
                const ATTRIBUTES: &'static [#private::ProjectedAttribute] = #attributes;
                fn read<__R: #private::Reader>(r: &mut __R) -> #private::Result<Self, #private::DecodeError> {
                    #read
                }
                fn absent() -> #private::Result<Self, #private::DecodeError> { #absent }
            }
        }
    }

    /// Implementations without bodies.
    fn stubs(&self) -> TokenStream {
        let private = &self.paths.private;
        let Projection { ident, indexes, .. } = self.projection;
        let document = stubs::from_document(ident, private);
        let surface = match self.owner {
            ProjectedType::Entity(entity) => self.surface(entity, &quote!(&[])),
            ProjectedType::Document(of) => {
                let stub = quote!(#private::derive_failed());
                self.nested(of, &quote!(&[]), &stub, &stub)
            }
        };
        let entity = matches!(self.owner, ProjectedType::Entity(_));
        let indexes = indexes.iter().filter(|_| entity);
        quote! {
            #document
            #surface
            #(#[automatically_derived] impl #private::ReadableFrom<#indexes, #private::HoldsSome> for #ident {})*
        }
    }
}
