//! The parts of `FromDocument` and `ToDocument` that several derives generate.

use super::Paths;
use proc_macro2::TokenStream;

/// The struct `__Partial`, which collects fields while they are read, and its `Default`.
pub(super) fn partial(members: &TokenStream, defaults: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote! {
        #[doc(hidden)]
        #[allow(unreachable_pub, missing_debug_implementations, missing_docs)]
        pub struct __Partial { #members }
        #[automatically_derived]
        impl #private::Default for __Partial {
            fn default() -> Self { Self { #defaults } }
        }
    }
}

/// `FromDocument::read_field` with an arm for each name that is read. Other values are skipped.
pub(super) fn read_field(arms: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote! {
        fn read_field<__R: #private::Reader>(
            partial: &mut Self::Partial,
            index: usize,
            r: &mut __R,
        ) -> #private::Result<(), #private::DecodeError> {
            match index { #arms _ => r.skip() }
        }
    }
}

/// `ToDocument::write_fields`.
pub(super) fn write_fields(body: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote! {
        fn write_fields<__W: #private::Writer>(&self, w: &mut __W) -> #private::Result<(), #private::EncodeError> {
            #body
        }
    }
}
