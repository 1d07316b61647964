//! Clock and randomness of the real world.

use std::sync::Arc;
use symbolon_store::{Surroundings, journal::SigningKey};

/// The real world with its keys, where there are any.
pub fn real(key: Option<SigningKey>, secrets: Option<[u8; 32]>) -> Surroundings {
    Surroundings {
        now: Arc::new(jiff::Timestamp::now),
        random: Arc::new(random),
        key: key.map(Arc::new),
        secrets: secrets.map(Arc::new),
    }
}

/// Fills bytes with randomness. A program that cannot get any must not go on: tokens and salts
/// would be guessable.
pub fn random(bytes: &mut [u8]) {
    if let Err(e) = getrandom::fill(bytes) {
        eprintln!("error: the system gives no randomness: {e}");
        std::process::exit(i32::from(crate::exit::FAILED));
    }
}
