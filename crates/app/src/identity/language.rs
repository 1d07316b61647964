//! The language of somebody's pages, kept with the account.

use super::{accounts::NewAccount, duties::Duty, duties::Officer, events, events::Event};
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::{kinds::Account, language::Language, record::RecordId};

impl App {
    /// Chooses the language of an account's pages, or none: what the browser asks for. Its owner does, or the
    /// operator at the command line.
    ///
    /// # Errors
    /// [`AppError::Duty`] for anybody else, [`AppError::NotFound`] where there is no such account.
    pub fn choose_language(
        &self,
        viewer: &Viewer,
        id: RecordId,
        language: Option<Language>,
    ) -> Result<()> {
        if viewer.account() != Some(id) {
            let Officer::Operator = self.officer(viewer, Duty::Decide)? else {
                return Err(AppError::Duty(
                    "the language of an account is chosen by whoever it belongs to",
                ));
            };
        }
        let there = self.find::<Account>("account", id)?;
        let mut there = there.ok_or(AppError::NotFound("account"))?;
        if there.body.language == language {
            return Ok(());
        }
        there.body.language = language;
        let same = NewAccount {
            name: there.body.name.clone(),
            role: there.body.role,
            nation: there.body.nation,
            standing: Some(there.body.standing.clone()),
        };
        let active = there.body.active;
        let action = "account.language";
        let change = self.account_change(id, Some(&there), &same, active, action, "")?;
        self.put_all(viewer, vec![change])?;
        self.identity.sessions.forget();
        events::send(Event::AccountChanged, viewer, &id.to_string());
        Ok(())
    }

    /// The language of an account's pages; absent where none was chosen.
    ///
    /// # Errors
    /// [`AppError::Store`] where the store cannot be read.
    pub fn language_of(&self, account: RecordId) -> Result<Option<Language>> {
        let account = self.find::<Account>("account", account)?;
        Ok(account.and_then(|a| a.body.language))
    }
}
