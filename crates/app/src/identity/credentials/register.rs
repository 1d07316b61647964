//! Registering and taking away what one proves with: always by the person, always with fresh proof.

use super::{Enrolment, LATE, PATIENCE, PasskeyAsk, WRONG, owner, purpose, recovery_hash};
use crate::identity::{Read, Registration, base, events, events::Event, of_token, passkey, totp};
use crate::{App, AppError, Result};
use symbolon_access::Viewer;
use symbolon_domain::{
    kinds::{Credential, Method},
    record::RecordId,
};
use symbolon_store::Change;

/// Recovery codes given out.
const CODES: usize = 10;

impl App {
    /// Sets the viewer's own sign-in name and password. A second factor must be there before.
    pub fn set_password(&self, viewer: &Viewer, name: &str, password: &str) -> Result<()> {
        let account = owner(viewer)?;
        self.require_step_up(viewer)?;
        if self.ways_of(account)?.is_empty() {
            let first = "register a second factor first: a password alone signs nobody in";
            return Err(AppError::Invalid(first.to_owned()));
        }
        let name = name.trim().to_lowercase();
        let plain = |c: char| c.is_alphanumeric() || ".-_@".contains(c);
        if !(3..=64).contains(&name.chars().count()) || !name.chars().all(plain) {
            let form = "a sign-in name has 3 to 64 letters, digits and . - _ @";
            return Err(AppError::Invalid(form.to_owned()));
        }
        if let Some(fault) = self.password_fault(password, &[&name, "symbolon"])? {
            return Err(AppError::Invalid(fault));
        }
        let mut changes = vec![];
        if let Some(tie) = self.tie(account, "local", &name)? {
            changes = self.untie(account, "local")?;
            changes.push(tie);
        }
        let there = self.credentials_raw(account)?;
        let there = there.iter().find(|c| c.body.method == Method::Password);
        let hashed = self.hash_password(password)?;
        let mut new = self.blank(account, Method::Password, "");
        new.sealed = self.seal(&purpose(account, Method::Password), &hashed)?;
        let (id, version) = there.map_or_else(|| (self.new_id(), 0), |c| (c.id, c.version));
        changes.push(self.credential(&new, id, version, "credential.password")?);
        events::send(Event::CredentialChanged, viewer, "password");
        self.put_all(viewer, changes)
    }

    /// Begins to register an authenticator app.
    pub fn begin_totp(&self, viewer: &Viewer) -> Result<Enrolment> {
        let account = owner(viewer)?;
        self.require_step_up(viewer)?;
        let secret: [u8; 20] = self.around.random();
        let name = viewer.actor_name();
        let name = name.split(" (").next().unwrap_or_default();
        Ok(Enrolment {
            ticket: self.ticket("totp", &(account, secret), PATIENCE)?,
            key: base::base32(&secret),
            address: totp::address(&secret, name),
        })
    }

    /// Shows the same registration again, where the code did not fit.
    pub fn resume_totp(&self, viewer: &Viewer, ticket: &str) -> Result<Enrolment> {
        let (account, secret) = self
            .read_ticket::<(RecordId, [u8; 20])>("totp", ticket)?
            .ok_or(LATE)?;
        if account != owner(viewer)? {
            return Err(LATE);
        }
        let name = viewer.actor_name();
        Ok(Enrolment {
            ticket: ticket.to_owned(),
            key: base::base32(&secret),
            address: totp::address(&secret, name.split(" (").next().unwrap_or_default()),
        })
    }

    /// Registers the app whose code shows that it has the key. Gives recovery codes where there are none.
    pub fn finish_totp(
        &self,
        viewer: &Viewer,
        ticket: &str,
        code: &str,
        name: &str,
    ) -> Result<Vec<String>> {
        self.require_step_up(viewer)?;
        let (account, secret) = self
            .read_ticket::<(RecordId, [u8; 20])>("totp", ticket)?
            .ok_or(LATE)?;
        if account != owner(viewer)? {
            return Err(LATE);
        }
        let step = totp::step_of(&secret, code, self.around.now_ms(), 0).ok_or(WRONG)?;
        let mut new = self.blank(account, Method::Totp, name);
        new.sealed = self.seal(&purpose(account, Method::Totp), &secret)?;
        new.used = step;
        let change = self.credential(&new, self.new_id(), 0, "credential.totp")?;
        self.with_recovery(viewer, account, change)
    }

    fn with_recovery(
        &self,
        viewer: &Viewer,
        account: RecordId,
        change: Change,
    ) -> Result<Vec<String>> {
        let there = self.credentials_raw(account)?;
        let mut changes = vec![change];
        let mut codes = vec![];
        if !there.iter().any(|c| c.body.method == Method::Recovery) {
            let (made, new) = self.recovery(account, None)?;
            codes = made;
            changes.push(new);
        }
        events::send(Event::CredentialChanged, viewer, "factor");
        self.put_all(viewer, changes)?;
        Ok(codes)
    }

    fn recovery(
        &self,
        account: RecordId,
        there: Option<&Read<Credential>>,
    ) -> Result<(Vec<String>, Change)> {
        let code = || {
            let text = base::base32(&self.around.random::<10>());
            format!(
                "{}-{}-{}-{}",
                &text[..4],
                &text[4..8],
                &text[8..12],
                &text[12..]
            )
        };
        let codes: Vec<String> = (0..CODES).map(|_| code()).collect();
        let hashes: Vec<String> = codes.iter().map(|c| recovery_hash(c)).collect();
        let mut new = self.blank(account, Method::Recovery, "");
        new.sealed = self.seal(&purpose(account, Method::Recovery), &hashes)?;
        let (id, version) = there.map_or_else(|| (self.new_id(), 0), |c| (c.id, c.version));
        Ok((
            codes,
            self.credential(&new, id, version, "credential.recovery")?,
        ))
    }

    /// New recovery codes in place of the old ones.
    pub fn new_recovery_codes(&self, viewer: &Viewer) -> Result<Vec<String>> {
        let account = owner(viewer)?;
        self.require_step_up(viewer)?;
        let there = self.credentials_raw(account)?;
        let old = there.iter().find(|c| c.body.method == Method::Recovery);
        let (codes, change) = self.recovery(account, old)?;
        events::send(Event::CredentialChanged, viewer, "recovery");
        self.put_all(viewer, vec![change])?;
        Ok(codes)
    }

    /// Begins to register a passkey of the viewer.
    pub fn begin_passkey(&self, viewer: &Viewer) -> Result<PasskeyAsk> {
        self.require_step_up(viewer)?;
        let name = viewer.actor_name();
        let name = name.split(" (").next().unwrap_or_default().to_owned();
        Ok(PasskeyAsk {
            name,
            ..self.ask_passkey(owner(viewer)?)?
        })
    }

    /// Registers a passkey. Gives recovery codes where there are none.
    pub fn finish_passkey(
        &self,
        viewer: &Viewer,
        ticket: &str,
        new: &Registration,
    ) -> Result<Vec<String>> {
        let account = owner(viewer)?;
        self.require_step_up(viewer)?;
        let challenge = self.challenge(ticket, account)?.challenge;
        let wanted = passkey::Wanted {
            origin: self.identity.origin(),
            challenge: &challenge,
        };
        let refused = |what| AppError::Invalid(format!("the passkey was not taken: {what}"));
        let made = passkey::made(&wanted, new).map_err(refused)?;
        let mut credential = self.blank(account, Method::Passkey, &new.name);
        credential.public_key = made.public_key;
        credential.used = made.counter;
        // One passkey belongs to one account: its record is named after it.
        let (id, _) = of_token("credential passkey", &made.id);
        credential.passkey = made.id;
        let change = self.credential(&credential, id, 0, "credential.passkey")?;
        self.with_recovery(viewer, account, change)
    }

    /// Takes one of the viewer's own credentials away; a password goes with the last second factor.
    pub fn remove_credential(&self, viewer: &Viewer, id: RecordId) -> Result<()> {
        let account = owner(viewer)?;
        self.require_step_up(viewer)?;
        let there = self.credentials_raw(account)?;
        let Some(gone) = there.iter().find(|c| c.id == id) else {
            return Err(AppError::NotFound("credential"));
        };
        let factor = |c: &&Read<Credential>| {
            c.id != id && matches!(c.body.method, Method::Totp | Method::Passkey)
        };
        let alone = there.iter().find(factor).is_none();
        let also = there.iter().filter(|c| alone && c.id != id);
        let changes: Result<Vec<_>> = also.chain([gone]).map(|c| self.revoked(c, "")).collect();
        events::send(Event::CredentialChanged, viewer, "removed");
        self.put_all(viewer, changes?)
    }
}
