//! Fresh proof: some actions ask for a factor shown within the last ten minutes. Any use case may
//! ask for it; a page then takes the factor and goes on with what was asked.

use super::{Opening, Proof, SignedIn};
use crate::identity::{PasskeyAsk, events, events::Event};
use crate::{App, AppError, Result};
use symbolon_access::{Actor, Viewer};
use symbolon_domain::kinds::Method;

impl App {
    /// Lets through whoever showed a factor lately; else [`AppError::StepUp`]. The operator at the command
    /// line has shown that they can read the database itself.
    pub fn require_step_up(&self, viewer: &Viewer) -> Result<()> {
        if viewer.actor == Actor::System {
            return Ok(());
        }
        let proved = self.proved(viewer)?;
        if proved.is_some_and(|at| self.is_fresh(at)) {
            return Ok(());
        }
        events::send(Event::StepUpRequired, viewer, "");
        Err(AppError::StepUp)
    }

    /// Ways in which the viewer can show a factor again.
    pub fn step_up_ways(&self, viewer: &Viewer) -> Result<Vec<Method>> {
        match viewer.account() {
            Some(account) => self.ways_of(account),
            None => Ok(vec![]),
        }
    }

    /// The question to the viewer's passkeys.
    pub fn step_up_passkey(&self, viewer: &Viewer) -> Result<PasskeyAsk> {
        let account = viewer
            .account()
            .ok_or(AppError::SignIn("nobody is signed in"))?;
        self.ask_passkey(account)
    }

    /// Shows a factor again: the session is replaced by a new one with the same absolute end.
    pub fn step_up(&self, viewer: &Viewer, proof: &Proof) -> Result<SignedIn> {
        let gone = || AppError::SignIn("the session has ended");
        let session = self.session_of(viewer)?.ok_or_else(gone)?;
        let account = self
            .active_account(session.body.account)?
            .ok_or_else(gone)?;
        let how = self.prove(viewer, account.id, proof)?;
        // The old one first: a new one is never the sixth.
        self.put_all(viewer, vec![self.session_renewed(&session)?])?;
        self.identity.sessions.forget();
        events::send(Event::SteppedUp, viewer, how);
        let old = session.body;
        self.open_session(&Opening {
            account,
            method: old.method,
            issuer: old.issuer,
            subject: old.subject,
            provider_session: old.provider_session,
            until: Some(old.expires),
        })
    }
}
