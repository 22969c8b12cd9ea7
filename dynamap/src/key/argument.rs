use super::KeyPart;

/// An argument for a key component of type `T`: the value, a reference to it, or a `&str` that it is made of.
///
/// ```
/// use dynamap::key::KeyValue;
///
/// fn order_id(id: impl KeyValue<String>) -> String {
///     id.into_part()
/// }
///
/// let id = "o-1".to_owned();
/// assert_eq!(order_id("o-1"), order_id(&id));
/// assert_eq!(order_id("o-1"), order_id(id));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of the key component, which is a `{T}`",
    label = "expected `{T}` or `&{T}`",
    note = "a `&str` is taken as well if `{T}` implements `From<&str>`"
)]
pub trait KeyValue<T> {
    /// The component.
    fn into_part(self) -> T;
}

impl<T: KeyPart> KeyValue<T> for T {
    fn into_part(self) -> T {
        self
    }
}

impl<T: KeyPart + Clone> KeyValue<T> for &T {
    fn into_part(self) -> T {
        self.clone()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: KeyPart + From<&'a str>> KeyValue<T> for &'a str {
    fn into_part(self) -> T {
        self.into()
    }
}

/// An argument for a plain key component, or for a key attribute that is a field of its own: the value, a
/// reference to it, or a `&str` for a `String`.
///
/// Unlike [`KeyValue`] it asks nothing of the type, which need not be a [`KeyPart`].
///
/// ```
/// use dynamap::key::PlainValue;
///
/// fn price(price: impl PlainValue<f64>) -> f64 {
///     price.into_plain()
/// }
///
/// assert_eq!(price(&9.5), price(9.5));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value of the key, which is a `{T}`",
    label = "expected `{T}` or `&{T}`"
)]
pub trait PlainValue<T> {
    /// The value.
    fn into_plain(self) -> T;
}

impl<T> PlainValue<T> for T {
    fn into_plain(self) -> T {
        self
    }
}

impl<T: Clone> PlainValue<T> for &T {
    fn into_plain(self) -> T {
        self.clone()
    }
}

impl PlainValue<String> for &str {
    fn into_plain(self) -> String {
        self.to_owned()
    }
}
