//! The kinds of record, one file each. Adding a kind is its file and one line here.

mod account;
mod dataset;
mod membership;
mod partner;
mod regional_body;
mod session;
mod source;

pub use account::{Account, Role};
pub use dataset::{Dataset, LicenceClass, RowRoot};
pub use membership::Membership;
pub use partner::{Partner, PartnerType};
pub use regional_body::RegionalBody;
pub use session::{Session, SignInLink};
pub use source::Source;

use crate::kind::KindDef;
use std::sync::OnceLock;

/// Every kind there is, in the order of the thread.
#[must_use]
pub fn all() -> &'static [KindDef] {
    static ALL: OnceLock<Vec<KindDef>> = OnceLock::new();
    ALL.get_or_init(|| {
        vec![
            KindDef::of::<Partner>(),
            KindDef::of::<RegionalBody>(),
            KindDef::of::<Membership>(),
            KindDef::of::<Source>(),
            KindDef::of::<Dataset>(),
            KindDef::of::<Account>(),
            KindDef::of::<SignInLink>(),
            KindDef::of::<Session>(),
        ]
    })
}

/// The kind with this code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static KindDef> {
    all().iter().find(|k| k.code == code)
}
