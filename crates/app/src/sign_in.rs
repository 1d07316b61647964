//! Coming in and going out, one file a verb. Links, sessions and tokens are records: every sign-in is
//! journalled, and nothing can be slipped in beside the program.

mod factor;
mod link;
mod password;
mod session;
mod step_up;

pub use factor::{Pending, Proof};
pub(crate) use session::{Opening, Sessions, actor};
pub use session::{SessionLine, SignedIn};
