//! Security events: fixed codes, sent to the log under the target `security`, from where the
//! program writes them to a file of their own. No name, token or text a person typed is ever in one.

use symbolon_access::Viewer;

macro_rules! events {
    ($($name:ident $code:literal $meaning:literal;)+) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Event { $(#[doc = $meaning] $name),+ }

        impl Event {
            /// Every event.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its code; never changed once it was given out.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What it means.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning),+ }
            }
        }
    };
}

events! {
    SignedIn "sign-in" "Somebody signed in.";
    SignInFailed "sign-in-failed" "A password, code, passkey, link or provider's answer was not accepted.";
    SignInDelayed "sign-in-delayed" "An attempt came before the delay after earlier failures was over.";
    SignInLocked "sign-in-locked" "A name was locked to the end of the day after 100 failures.";
    SessionEnded "session-ended" "A session was ended before its time.";
    Denied "denied" "Somebody asked for what they may not do.";
    StepUpRequired "step-up-required" "An action needed a fresh factor and was held back.";
    SteppedUp "stepped-up" "A factor was shown again.";
    AccountChanged "account-changed" "An account was made, closed, opened, or its role was changed.";
    CredentialChanged "credential-changed" "A password, second factor or identity was added, changed or removed.";
    TokenChanged "token-changed" "An API token was made or revoked.";
    GlassBroken "break-glass" "Somebody looks beyond their role; every security officer is to know.";
    GlassReviewed "break-glass-reviewed" "A break-glass use was reviewed.";
    GlassOverdue "break-glass-overdue" "A break-glass use was not reviewed within 72 hours.";
    VerifyFailed "verify-failed" "The journal or a row did not verify.";
    WitnessGap "witness-gap" "The outside witness has not followed the journal.";
}

/// Sends an event.
pub fn send(event: Event, viewer: &Viewer, object: &str) {
    let account = viewer.account().map(|a| a.to_string()).unwrap_or_default();
    tracing::warn!(
        target: "security",
        code = event.code(),
        account,
        session = viewer.session,
        request = viewer.request,
        object,
        "security event"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_94_codes_are_words_and_differ() {
        let mut codes: Vec<&str> = Event::ALL.iter().map(|e| e.code()).collect();
        assert!(
            codes
                .iter()
                .all(|c| c.chars().all(|l| l.is_ascii_lowercase() || l == '-'))
        );
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Event::ALL.len());
    }
}
