//! What follows a one-time link: a page that asks before it is used, and good-bye.
//! The token travels in the body of a POST; opening the link alone uses nothing up, so mail scanners
//! that open links do no harm.

use super::Page;
use askama::Template;
use serde::{Deserialize, Serialize};

/// The page a one-time link opens.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "sign_in_confirm.html")]
pub struct SignInConfirm {
    /// The frame.
    pub page: Page,
    /// Name on the account.
    pub name: String,
    /// Role in words.
    pub role: String,
    /// Nation.
    pub nation: String,
    /// The token of the link, posted back as `token`.
    pub token: String,
    /// Where to go afterwards.
    pub back: String,
    /// When the link ends.
    pub expires: String,
    /// When the session that starts ends.
    pub session: String,
}

/// After signing out.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    /// The frame.
    pub page: Page,
}

impl SignInConfirm {
    /// Samples: a plain name and a long one in another script.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let plain = Self {
            page: super::sample::visitor("Sign in as A. Officer", "/sign-in/link"),
            name: "A. Officer".into(),
            role: "Desk officer".into(),
            nation: "USA".into(),
            token: "sample".into(),
            back: "/".into(),
            expires: "in 28 minutes".into(),
            session: "after 12 hours, or 30 minutes without use".into(),
        };
        let arabic = Self {
            name: super::sample::ARABIC.into(),
            ..plain.clone()
        };
        vec![plain, arabic]
    }
}

impl SignedOut {
    /// The sample.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        vec![Self {
            page: super::sample::visitor("You are signed out", "/signed-out"),
        }]
    }
}
