//! Fields that dynamap writes by itself.

use super::{Paths, local};
use crate::model::{
    entity::Entity,
    field::{Field, Stamp},
};
use proc_macro2::TokenStream;
use syn::Ident;

fn stamped(entity: &Entity) -> Vec<(&Field, Stamp)> {
    entity.fields.iter().filter_map(|field| Some((field, field.stamp?.0))).collect()
}

/// The trait by which code names the type of a stamped field.
pub(super) fn trait_of(field: &Field, stamp: Stamp, paths: &Paths) -> TokenStream {
    let (private, at) = (&paths.private, field.position.1);
    match stamp {
        Stamp::Created | Stamp::Updated => quote!(#private::TimeOf<#at>),
        Stamp::Counter => quote!(#private::CounterOf<#at>),
        Stamp::Version => quote!(#private::VersionOf<#at>),
    }
}

/// The types of the stamped fields.
pub(crate) fn types(entity: &Entity, paths: &Paths) -> TokenStream {
    let owner = &paths.owner;
    let types = stamped(entity).into_iter().map(|(field, stamp)| {
        let (trait_path, ty) = (trait_of(field, stamp, paths), &field.ty);
        quote!(#[automatically_derived] impl #trait_path for #owner { type Type = #ty; })
    });
    quote!(#(#types)*)
}

/// The members of `impl Entity` that list the stamped fields, and that stamp them where the entity is written as a whole; nothing
/// where no field is stamped.
pub(crate) fn members(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, owner) = (&paths.private, &paths.owner);
    let stamped = stamped(entity);
    if stamped.is_empty() {
        return TokenStream::new();
    }
    let of = |field, stamp| {
        let trait_path = trait_of(field, stamp, paths);
        quote!(<#owner as #trait_path>)
    };
    let stamps = stamped.iter().map(|&(field, stamp)| {
        let (of, name) = (of(field, stamp), &field.name);
        let kind = match stamp {
            Stamp::Created => quote!(#private::StampKind::Created),
            Stamp::Updated => quote!(#private::StampKind::Updated),
            Stamp::Counter => quote!(#private::StampKind::Counter),
            Stamp::Version => quote!(#of::KIND),
        };
        let version = match stamp {
            Stamp::Version => {
                let lineage = lineage(field, paths);
                quote! {
                    #private::Some(#private::VersionStamp {
                        lineage: #lineage,
                        following: #of::following,
                        from_random: #of::from_random,
                    })
                }
            }
            _ => quote!(#private::None),
        };
        quote!(#private::StampedAttribute { attribute: #name, kind: #kind, first: #of::first, version: #version })
    });
    let this = local("this");
    let sets = stamped.iter().map(|&(field, stamp)| {
        let (of, Field { ident, name, .. }) = (of(field, stamp), field);
        match stamp {
            Stamp::Created => quote! {
                if how == #private::WholeWrite::Created { #this.#ident = #of::at(now, #name)?; }
            },
            Stamp::Updated => quote!(#this.#ident = #of::at(now, #name)?;),
            Stamp::Counter => quote!(#this.#ident = #of::next(&#this.#ident, how);),
            Stamp::Version => TokenStream::new(),
        }
    });
    let restamps = stamped.iter().filter(|(_, stamp)| *stamp != Stamp::Version).map(|(field, _)| {
        let Field { ident, name, .. } = field;
        quote!(#private::restamp(&mut self.#ident, item, #name);)
    });
    let stamped = stamped.iter().any(|(_, stamp)| *stamp != Stamp::Version).then(|| {
        quote! {
            fn restamp(&mut self, item: &#private::Item) { #(#restamps)* }

            fn stamped(
                &self,
                now: #private::SystemTime,
                how: #private::WholeWrite,
            ) -> #private::Result<#private::Option<Self>, #private::EncodeError> {
                let mut #this = #private::Clone::clone(self);
                #(#sets)*
                #private::Ok(#private::Some(#this))
            }
        }
    });
    quote! {
        const STAMPS: &'static [#private::StampedAttribute] = &[#(#stamps),*];
        #stamped
    }
}

/// The name of the lineage attribute of a version, if it has one.
fn lineage(version: &Field, paths: &Paths) -> TokenStream {
    paths.option(version.lineage.as_ref().map(|name| quote!(#name)))
}

/// `impl Versioned` or `impl Unversioned`.
pub(crate) fn version(entity: &Entity, paths: &Paths) -> TokenStream {
    let (private, ident) = (&paths.private, &entity.ident);
    let is_version = |&(_, stamp): &(&Field, Stamp)| stamp == Stamp::Version;
    let Some((field, _)) = stamped(entity).into_iter().find(is_version) else {
        let is_changing = !stamped(entity).is_empty();
        let changes = match is_changing {
            false => quote!(#[automatically_derived] impl #private::Unchanging for #ident {}),
            true => {
                quote!(#[automatically_derived] impl #private::Changing for #ident { type By = #private::ByStamps; })
            }
        };
        let whole = written_whole(ident, is_changing, paths);
        return quote! {
            #whole
            #[automatically_derived] impl #private::BlindlyChanged for #ident {}
            #[automatically_derived] impl #private::Unversioned for #ident {}
            #changes
        };
    };
    // The type is named directly: an associated type of a public entity cannot go through the private `__Fields`.
    let Field { ident: version, name, ty, .. } = field;
    let value = quote!(<#ty as #private::VersionField>::Value);
    let (lineage, whole) = (lineage(field, paths), written_whole(ident, true, paths));
    quote! {
        #whole
        #[automatically_derived]
        impl #private::Changing for #ident { type By = #private::ByVersion; }
        #[automatically_derived]
        impl #private::Versioned for #ident {
            type Value = #value;
            const VERSION: &'static str = #name;
            const LINEAGE: #private::Option<&'static str> = #lineage;
            fn version(&self) -> &#private::Version<#value> {
                <#ty as #private::VersionField>::as_version(&self.#version)
            }
            fn version_mut(&mut self) -> &mut #private::Version<#value> {
                <#ty as #private::VersionField>::as_version_mut(&mut self.#version)
            }
        }
    }
}

/// The trait by which a whole entity is written, by the reference that its kind is written by.
fn written_whole(ident: &Ident, is_changing: bool, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let this = quote!(self);
    let reference = if is_changing { this } else { quote!(&*#this) };
    quote! {
        #[automatically_derived]
        impl #private::WrittenWhole for #ident {
            fn save_whole<'__a>(
                &'__a mut self,
                writer: #private::WriteHandle<'_>,
                condition: #private::Option<#private::Condition<Self>>,
            ) -> #private::SaveFuture<'__a> {
                #private::save_whole(#reference, writer, condition)
            }
        }
    }
}
