//! Hashing of passwords with Argon2id, beside the async runtime.

use std::{num::NonZeroUsize, sync::Arc, thread};

use argon2::{
    Argon2, Params,
    password_hash::{self, PasswordHasher, PasswordVerifier},
};
use tokio::{sync::Semaphore, task};

use crate::{clojure_hash::ClojureHash, model::PasswordHash};

/// Hashes and checks passwords. A clone shares its permits.
#[derive(Debug, Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    /// A hash needs 19 MiB and a core: more of them at once would only take memory from one another.
    permits: Arc<Semaphore>,
}

/// The outcome of checking a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// Another password, or no such user.
    Wrong,
    /// The right password.
    Right,
    /// The right password, of which an old hash is stored: this one should take its place.
    Outdated(PasswordHash),
}

/// A password that cannot be hashed or checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The stored hash is none of Argon2, or the operating system gave no random bytes for the salt.
    #[error("the password cannot be hashed")]
    Hash(#[source] password_hash::Error),
    /// The program ends.
    #[error("the hashing of a password was stopped")]
    Stopped,
}

impl Default for Passwords {
    /// The parameters that OWASP recommends: 19 MiB and two passes.
    fn default() -> Self {
        Self::new(Params::default())
    }
}

impl Passwords {
    /// Argon2id with these parameters, as many hashes at once as there are cores.
    #[must_use]
    pub fn new(params: Params) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { argon2: params.into(), permits: Arc::new(Semaphore::new(cores)) }
    }

    /// Returns the hash of a password, with a salt of its own.
    ///
    /// # Errors
    /// The operating system gives no random bytes, or the program ends.
    pub async fn hash(&self, password: &str) -> Result<PasswordHash, PasswordError> {
        let password = password.to_owned();
        self.beside(move |argon2| hash(argon2, &password)).await
    }

    /// Compares a password with the stored hash of a user, or with nothing if there is no such user.
    ///
    /// It takes as long for a user who does not exist, and for one with an old hash, as for any other: the time
    /// tells no one who is a user.
    ///
    /// # Errors
    /// The stored hash is none of Argon2, the operating system gives no random bytes, or the program ends.
    pub async fn check(
        &self,
        password: &str,
        stored: Option<&PasswordHash>,
    ) -> Result<Checked, PasswordError> {
        let (password, stored) = (password.to_owned(), stored.cloned());
        self.beside(move |argon2| check(argon2, &password, stored)).await
    }

    /// Runs `work` on a thread for blocking work.
    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let permits = Arc::clone(&self.permits);
        let permit = permits.acquire_owned().await.map_err(|_| PasswordError::Stopped)?;
        let argon2 = self.argon2.clone();
        let hashing = task::spawn_blocking(move || {
            // Held until the work ends, also if the caller no longer waits for it.
            let _permit = permit;
            work(&argon2)
        });
        hashing.await.map_err(|_| PasswordError::Stopped)?
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<PasswordHash, PasswordError> {
    let hash = argon2.hash_password(password.as_bytes()).map_err(PasswordError::Hash)?;
    Ok(PasswordHash::Argon2(hash.to_string()))
}

fn check(
    argon2: &Argon2<'_>,
    password: &str,
    stored: Option<PasswordHash>,
) -> Result<Checked, PasswordError> {
    let old = match stored {
        Some(PasswordHash::Argon2(stored)) => {
            return match argon2.verify_password(password.as_bytes(), stored.as_str()) {
                Ok(()) => Ok(Checked::Right),
                Err(password_hash::Error::PasswordInvalid) => Ok(Checked::Wrong),
                Err(error) => Err(PasswordError::Hash(error)),
            };
        }
        Some(PasswordHash::Imported(old)) => Some(old),
        None => None,
    };
    let new = hash(argon2, password)?;
    Ok(if old == Some(ClojureHash::of(password)) { Checked::Outdated(new) } else { Checked::Wrong })
}
