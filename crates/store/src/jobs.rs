//! Jobs: work that goes on behind whoever asked for it, done by one node at a time.
//!
//! A job is held for a time, its lease, and its holder renews it. Whoever finds a lease run out takes the job over:
//! once more, and no third time. What a job changes is written in the same transaction as its end, which fails
//! where the job is held by another meanwhile: so it takes effect once, whatever the clocks of the nodes say.
//! Beginning, renewing and ending are journal
//! entries about `job/<id>`, and bind its row like that of a record.

use crate::{Changes, Result};
use serde_json::Value as Json;
use symbolon_access::Viewer;

/// So often a job is begun: a second time after a node ended while it was at it, and then no more.
pub const MOST_BEGUN: i64 = 2;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Random, 32 hexadecimal digits.
    pub id: String,
    /// Which work: `import`.
    pub work: String,
    /// What is needed to do it again elsewhere, whoever asks included.
    pub asked: Json,
    /// The bytes it works on. Without them it cannot be begun a second time.
    pub input: Option<Vec<u8>>,
}

/// Somebody's turn at a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Id of the job.
    pub job: String,
    /// Name of the node.
    pub holder: String,
    /// How often the job was begun, this time included. No two turns at a job have the same.
    pub begun: i64,
}

/// A job that was taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The turn.
    pub turn: Turn,
    /// The job.
    pub job: NewJob,
}

/// A job that is under way, or whose node fell silent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobLine {
    /// Id.
    pub id: String,
    /// Which work.
    pub work: String,
    /// Node that holds it, or held it last.
    pub holder: String,
    /// End of the lease, milliseconds since 1970-01-01 UTC.
    pub until: i64,
    /// How often it was begun.
    pub begun: i64,
}

/// Jobs, as storage keeps them. They are no records: a job is gone when it has ended.
pub trait Jobs {
    /// Begins a job, held for so many milliseconds.
    ///
    /// # Errors
    /// What the database says.
    fn begin_job(&self, viewer: &Viewer, job: &NewJob, holder: &str, lease: i64) -> Result<Turn>;

    /// Takes over the oldest job whose lease has run out, for so many milliseconds; `None` where there is none. A
    /// job that may not be begun again is ended on the way.
    ///
    /// # Errors
    /// What the database says.
    fn take_job(&self, viewer: &Viewer, holder: &str, lease: i64) -> Result<Option<Taken>>;

    /// Holds a job for so many milliseconds from now; false where it is held by another, or over.
    ///
    /// # Errors
    /// What the database says.
    fn renew_job(&self, viewer: &Viewer, turn: &Turn, lease: i64) -> Result<bool>;

    /// Ends a job with what it changes, all or none, and what came of it.
    ///
    /// # Errors
    /// [`crate::StoreError::Lost`] where another holds it, and then nothing is written; what the changes say.
    fn end_job(
        &self,
        viewer: &Viewer,
        turn: &Turn,
        outcome: &Json,
        changes: Changes<'_>,
    ) -> Result<()>;

    /// Jobs that are not over, oldest first. For the operator and the program itself.
    ///
    /// # Errors
    /// What the database says.
    fn jobs(&self) -> Result<Vec<JobLine>>;
}
