//! Error pages, and the pages that problem types of the API point to (`/problems/{type}`).

use super::{Link, Page};
use askama::Template;
use serde::{Deserialize, Serialize};

/// A kind of problem: one line of the registry below.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Name in addresses and in `type`.
    pub slug: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Title.
    pub title: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static [&'static str],
}

macro_rules! kinds {
    ($($name:ident $slug:literal $status:literal $title:literal $meaning:literal [$($advice:literal),+];)+) => {
        $(#[doc = $title]
        pub static $name: Kind = Kind { slug: $slug, status: $status, title: $title, meaning: $meaning, advice: &[$($advice),+] };)+

        /// Every kind of problem the pages and the API answer with: an answer is made from one of these, so
        /// that there is none without a page.
        pub static KINDS: &[&Kind] = &[$(&$name),+];
    };
}

kinds! {
    MALFORMED "malformed" 400 "The request cannot be read" "Part of the address or of what was sent does not have the form it must have."
        ["Check the address for a cut-off end.", "Start again from the page you came from."];
    UNAUTHENTICATED "unauthenticated" 401 "Sign in to see this" "This is not released to the public, or your session has ended. Nothing you entered was sent on."
        ["Sign in with a one-time link.", "Look at what is released to the public."];
    STEP_UP_REQUIRED "step-up-required" 401 "Show that it is you" "This action needs a factor shown within the last ten minutes: a code, or a passkey. Nothing was done yet."
        ["Open your account page and show a factor, then do it again.", "With an API token this action cannot be done."];
    NOT_PERMITTED "not-permitted" 403 "You may not do this" "You are signed in, but your role or nation does not allow this action here."
        ["See which rule applies below.", "Ask the owner of the record, named on its page, under \u{201c}Who can see this\u{201d}."];
    NOT_FOUND "not-found" 404 "There is nothing at this address" "There is no such page or record, or none that you may know of. The two are not told apart on purpose."
        ["Check the address for a typing error.", "Search for the name or code.", "Sign in if the record is not public."];
    METHOD_NOT_ALLOWED "method-not-allowed" 405 "This address does not take that" "The address exists, but not for the method the request used."
        ["Open the address as a page, or use the method the API document names."];
    DUPLICATE_KEY "duplicate-key" 409 "It is there already" "A record with the same code exists already in the same hands. Nothing was changed."
        ["Open the record that is there.", "Choose another code."];
    CONFLICT "conflict" 409 "It was changed in the meantime" "Someone else changed the record, or the same request is still running. Your change was not applied and overwrote nothing."
        ["Open the record again and compare.", "Make your change once more."];
    STALE_VERSION "stale-version" 412 "You were looking at an older version" "The request names a version of the record that is no longer the current one."
        ["Load the record again and repeat the change."];
    TOO_LARGE "too-large" 413 "Too much was sent at once" "The file or form is larger than this installation accepts."
        ["Import large files with the command line: symbolon import.", "Ask the administrator for the limit."];
    ADDRESS_TOO_LONG "address-too-long" 414 "The address is too long" "The address asked for is longer than this installation reads."
        ["Take filters away, or shorten the words searched for."];
    UNSUPPORTED_MEDIA "unsupported-media" 415 "This form of data is not read here" "What was sent is neither the form nor the JSON that this address takes. Nothing was changed."
        ["Send JSON as application/json, and forms as the page sends them."];
    INVALID "invalid" 422 "Some of this cannot be accepted" "What was sent can be read, but fields in it do not hold what they must. Nothing was changed."
        ["Each field is named below with what is wrong.", "Correct them and send again."];
    UNKNOWN_FIELD "unknown-field" 422 "Something here is not known" "What was sent names a field that nothing here takes. Nothing was changed."
        ["Take the field out; the schema of the kind lists those there are."];
    IDEMPOTENCY_MISMATCH "idempotency-mismatch" 422 "This key was used for something else" "The Idempotency-Key came with another request before. Nothing was changed."
        ["Send a new request under a new key.", "Send the first request again to read its answer."];
    ABOVE_CEILING "above-ceiling" 422 "This installation may not hold that" "The label is above the highest level this installation may hold, or names a policy or level it does not know. Nothing of what was sent was kept or logged."
        ["Use an installation that is allowed for that level.", "If the label is wrong, correct it and send again."];
    IMPORT_REJECTED "import-rejected" 422 "The file was refused" "The file does not have the form it must have. Nothing of it was kept."
        ["The place in the file and what is wrong with it are named below.", "Correct the file and import it again."];
    VERSION_REQUIRED "version-required" 428 "Say which version you are changing" "A change needs If-Match with the version it is based on, so that nobody's work is overwritten."
        ["Send the ETag of the record you read as If-Match."];
    RATE_LIMITED "rate-limited" 429 "Too many requests" "You asked faster than this installation allows for one reader."
        ["Wait for the time named below, then try again.", "For bulk work take the CSV of a whole list instead of its pages."];
    HEADERS_TOO_LARGE "headers-too-large" 431 "The head of the request is too large" "The lines before the request itself, cookies among them, are longer than this installation reads."
        ["Delete the cookies of this site and sign in again."];
    INTERNAL "internal" 500 "Something went wrong here" "The fault is ours. It has been logged under the number below. Nothing was half done: a change is applied whole or not at all."
        ["Try again.", "If it comes back, send the number below to the administrator."];
    STORAGE_FULL "storage-full" 503 "No room to write" "The disk of the server is full. Nothing was written; reading goes on."
        ["Tell the administrator.", "Try again later; nothing was half done."];
    READ_ONLY "read-only" 503 "Nothing can be written now" "The program stopped writing because it could not be sure that what it writes is kept, or because the journal was changed behind its back."
        ["Tell the administrator; symbolon doctor and symbolon journal verify say more."];
    BUSY "busy" 503 "Too busy, or not ready yet" "The server takes no more work for the moment, or is still starting."
        ["Try again in a few seconds. What you entered stays on the page you came from."];
}

/// The kind with this name.
#[must_use]
pub fn kind(slug: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|k| k.slug == slug)
}

/// The first kind with this status; server faults for statuses without one.
#[must_use]
pub fn for_status(status: u16) -> &'static Kind {
    let found = KINDS.iter().copied().find(|k| k.status == status);
    found.unwrap_or(&INTERNAL)
}

/// A field that was refused.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FieldError {
    /// The field and where it stands: `#cost`.
    pub field: Link,
    /// What is wrong.
    pub message: String,
}

/// An error page.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "problem.html")]
pub struct Problem {
    /// The frame; its title is the problem's.
    pub page: Page,
    /// HTTP status.
    pub status: u16,
    /// Name of the kind.
    pub slug: String,
    /// What it means.
    pub meaning: String,
    /// What to do.
    pub advice: Vec<String>,
    /// What is special about this case; may be empty.
    pub detail: String,
    /// Fields refused.
    pub errors: Vec<FieldError>,
    /// The rule or clause that refuses, for 403; both empty where none.
    pub rule: Link,
    /// Number to name when asking for help.
    pub reference: String,
    /// Seconds after which to try again; 0 for none.
    pub retry_after: i64,
}

impl Problem {
    /// An error page of a kind, in the frame given; sets title and words.
    #[must_use]
    pub fn of(kind: &Kind, mut page: Page) -> Self {
        kind.title.clone_into(&mut page.title);
        Self {
            page,
            status: kind.status,
            slug: kind.slug.to_owned(),
            meaning: kind.meaning.to_owned(),
            advice: kind.advice.iter().map(|a| (*a).to_owned()).collect(),
            ..Self::default()
        }
    }

    /// Samples: one of each status, one with fields, one with a rule.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let each = |kind: &&Kind| Self {
            reference: "7f3a-19c2".into(),
            ..Self::of(kind, super::sample::visitor("", "/somewhere"))
        };
        let mut all: Vec<Self> = KINDS.iter().map(each).collect();
        for problem in &mut all {
            match problem.status {
                429 => problem.retry_after = 12,
                403 => problem.rule = Link::new("Only the originator may release", "/help#who"),
                422 => {
                    problem.errors = vec![FieldError {
                        field: Link::new("Cost from", "/training#filter-cost_min"),
                        message: "\u{201c}twelve\u{201d} is not a whole number of dollars".into(),
                    }];
                }
                _ => {}
            }
        }
        all
    }
}

/// The page of a problem type.
#[derive(Clone, Debug, Default, Template, Serialize, Deserialize)]
#[template(path = "problem_type.html")]
pub struct ProblemType {
    /// The frame.
    pub page: Page,
    /// Name of the kind.
    pub slug: String,
    /// HTTP status.
    pub status: u16,
    /// What it means.
    pub meaning: String,
    /// What to do.
    pub advice: Vec<String>,
    /// An answer of this type, as JSON.
    pub example: String,
    /// The other types.
    pub others: Vec<Link>,
}

impl ProblemType {
    /// The page of a kind, in the frame given; sets title, words and example.
    #[must_use]
    pub fn of(kind: &Kind, mut page: Page) -> Self {
        kind.title.clone_into(&mut page.title);
        let others = KINDS.iter().filter(|k| k.slug != kind.slug);
        Self {
            page,
            slug: kind.slug.to_owned(),
            status: kind.status,
            meaning: kind.meaning.to_owned(),
            advice: kind.advice.iter().map(|a| (*a).to_owned()).collect(),
            example: format!(
                "{{\n  \"type\": \"/problems/{}\",\n  \"title\": \"{}\",\n  \"status\": {},\n  \"detail\": \"...\",\n  \"instance\": \"/api/v1/...\"\n}}",
                kind.slug, kind.title, kind.status
            ),
            others: others
                .map(|k| {
                    Link::new(
                        format!("{} {}", k.status, k.slug),
                        format!("/problems/{}", k.slug),
                    )
                })
                .collect(),
        }
    }

    /// Samples: every kind.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let each = |k: &&Kind| {
            Self::of(
                k,
                super::sample::visitor("", &format!("/problems/{}", k.slug)),
            )
        };
        KINDS.iter().map(each).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_a_page_can_answer_has_a_kind() {
        for status in [
            400, 401, 403, 404, 405, 409, 412, 413, 414, 415, 422, 428, 429, 431, 500, 503,
        ] {
            assert_eq!(for_status(status).status, status);
        }
        assert_eq!(for_status(599).status, 500);
        assert!(kind("not-found").is_some() && kind("nothing").is_none());
    }
}
