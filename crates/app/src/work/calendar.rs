//! My work as a calendar that other programs subscribe to: behind a secret address of the owner's, kept as
//! a hash, revoked at will, and never more than its owner sees at the moment it is asked.

use super::{Due, DueAsk};
use crate::{App, AppError, Result, identity::TokenLine};
use symbolon_access::Viewer;
use symbolon_domain::kinds;
use symbolon_exchange::export::calendar::{Calendar, Event};

/// What such an address reaches: this, and no part of the API.
const SCOPE: &str = "calendar";
/// An address works so long, in days.
const DAYS: u32 = 365;
/// So many days ahead are in it.
const AHEAD: i64 = 730;
/// So many of what is past and of what is to come at most, the oldest first: more no calendar shows.
const MOST: usize = 2_000;

impl App {
    /// Makes a secret for the address of the viewer's calendar; it is shown once.
    ///
    /// # Errors
    /// [`AppError::StepUp`] where no factor was shown lately.
    pub fn make_calendar(&self, viewer: &Viewer) -> Result<String> {
        self.make_secret(viewer, "My work as a calendar", SCOPE, DAYS)
    }

    /// The viewer's calendar addresses that still hold.
    ///
    /// # Errors
    /// Where nobody is signed in.
    pub fn calendars_of(&self, viewer: &Viewer) -> Result<Vec<TokenLine>> {
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        let mut all = self.tokens_of(account)?;
        all.retain(|t| t.token.scopes == [SCOPE]);
        Ok(all)
    }

    /// The calendar behind a secret, as its owner may see it now; `None` where the secret does not hold.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub fn calendar(&self, secret: &str, request: &str) -> Result<Option<Calendar>> {
        let found = self.token_viewer(secret, request)?;
        let Some(owner) = found.filter(|f| f.scopes == [SCOPE]) else {
            return Ok(None);
        };
        let ask = DueAsk {
            ahead: AHEAD,
            most: MOST,
            ..DueAsk::default()
        };
        let due = self.my_work(&owner.viewer, &ask)?;
        let all = due.late.list.iter().chain(&due.ahead.list);
        Ok(Some(Calendar {
            name: "My work (Symbolon)".to_owned(),
            made: (self.around.now)(),
            events: all.map(|d| event(d, self.identity.origin())).collect(),
        }))
    }
}

fn event(due: &Due, origin: &str) -> Event {
    let partner = match due.partner.as_str() {
        "" => String::new(),
        code => format!(" ({code})"),
    };
    Event {
        uid: format!("{}-{}@symbolon", due.id, due.clock),
        day: due.by,
        summary: format!("{}: {}{partner}", due.what, due.title),
        description: format!(
            "{}\n{}. If it lapses: {}.",
            due.label.marking(),
            due.what,
            due.lapse
        ),
        url: format!("{origin}/records/{}/{}", due.kind, due.id),
        category: kinds::by_code(due.kind)
            .map_or(due.kind, |k| k.name)
            .to_owned(),
    }
}
