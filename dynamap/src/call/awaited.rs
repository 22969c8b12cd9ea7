//! Builders that are awaited: `.await` sends, as `.send().await` does.

use std::pin::Pin;

/// A future in a box, which can be sent to another thread.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Lets builders be awaited: `[generics] Builder => 'lifetime, output where bounds;`.
macro_rules! awaited {
    ($([$($generics:tt)*] $Builder:ty => $life:lifetime, $output:ty $(where [$($bounds:tt)*])?;)*) => { $(
        /// Awaited, it is sent.
        impl<$($generics)*> IntoFuture for $Builder $(where $($bounds)*)? {
            type Output = $output;
            type IntoFuture = crate::call::Boxed<$life, $output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    )* };
}
pub(crate) use awaited;
