//! A link that signs somebody in once: the first administrator's way in, the demonstration's, and
//! the way back for somebody whose factors were reset.

use super::{Opening, SignedIn};
use crate::identity::{Draft, Read, events, events::Event, of_token};
use crate::{App, AppError, Result};
use std::time::Duration;
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::{Account, SignInLink},
    record::RecordId,
};
use symbolon_store::query::{RecordQuery, Test, Value};

/// A link works so long.
const LINK: Duration = Duration::from_secs(30 * 60);

impl App {
    /// A token that signs an account in once, within 30 minutes. Only its hash is kept.
    pub fn sign_in_link(&self, account: RecordId) -> Result<String> {
        self.sign_in_link_by(&self.system(), account)
    }

    /// The same, made by somebody.
    pub(crate) fn sign_in_link_by(&self, viewer: &Viewer, account: RecordId) -> Result<String> {
        let token = hex::encode(self.around.random::<32>());
        let (id, token_sha256) = of_token("sign_in_link", &token);
        let expires = self.around.now_ms() + LINK.as_millis() as i64;
        let link = SignInLink {
            account,
            token_sha256,
            expires,
        };
        self.put(
            viewer,
            &Draft {
                kind: "sign_in_link",
                id,
                version: 0,
                state: "open",
                body: &link,
                action: "sign_in_link.create",
                reason: "",
            },
        )?;
        Ok(token)
    }

    /// Whom a link would sign in, without using it.
    pub fn peek_link(&self, token: &str) -> Result<Account> {
        Ok(self.open_link(token)?.1.body)
    }

    /// Uses a link: it works no second time.
    pub fn sign_in(&self, token: &str) -> Result<SignedIn> {
        let (link, account) = self.open_link(token).inspect_err(|_| {
            events::send(Event::SignInFailed, &self.public(), "sign_in_link");
        })?;
        self.put(
            &self.system(),
            &Draft {
                kind: "sign_in_link",
                id: link.id,
                version: link.version,
                state: "used",
                body: &link.body,
                action: "sign_in_link.use",
                reason: "",
            },
        )?;
        self.open_session(&Opening::of(account, "link"))
    }

    fn open_link(&self, token: &str) -> Result<(Read<SignInLink>, Read<Account>)> {
        const GONE: AppError = AppError::SignIn(
            "this link does not work: it was used, it is older than 30 minutes, or it was never made here",
        );
        let (id, hash) = of_token("sign_in_link", token);
        let link = self.find::<SignInLink>("sign_in_link", id)?.ok_or(GONE)?;
        let now = self.around.now_ms();
        if link.state != "open" || link.body.token_sha256 != hash || link.body.expires <= now {
            return Err(GONE);
        }
        let account = self.active_account(link.body.account)?;
        Ok((
            link,
            account.ok_or(AppError::SignIn("the account is closed"))?,
        ))
    }

    /// Changes that withdraw every open link of an account.
    pub(crate) fn withdraw_links(&self, account: RecordId) -> Result<Vec<symbolon_store::Change>> {
        let query = RecordQuery::default()
            .when("account", Test::Is(Value::Text(account.to_string())))
            .when("state", Test::Is(Value::Text("open".to_owned())));
        let open = self.find_all::<SignInLink>("sign_in_link", &query)?;
        let withdrawn = open.iter().map(|l| {
            self.draft(&Draft {
                kind: "sign_in_link",
                id: l.id,
                version: l.version,
                state: "withdrawn",
                body: &l.body,
                action: "sign_in_link.withdraw",
                reason: "",
            })
        });
        withdrawn.collect()
    }
}
