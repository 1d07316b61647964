//! Clock, randomness and key: handed in, so that a run can be replayed from a seed.

use crate::journal::SigningKey;
use jiff::Timestamp;
use std::sync::Arc;

/// Fills bytes with randomness.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// What the program finds around itself. Only the command line makes one from the real world.
#[derive(Clone)]
pub struct Surroundings {
    /// The time now.
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Fills bytes with randomness.
    pub random: Random,
    /// The key that seals entries and signs checkpoints; absent: read and verify what can be.
    pub key: Option<Arc<SigningKey>>,
    /// The key under which secrets of people stand in the database; absent: nobody can sign in
    /// with a password or a code. Kept outside the database and its backups, like the signing key.
    pub secrets: Option<Arc<[u8; 32]>>,
}

impl Surroundings {
    /// Milliseconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.now)().as_millisecond()
    }

    /// Random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}
