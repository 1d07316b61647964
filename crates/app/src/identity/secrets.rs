//! Secrets of people at rest: sealed with ChaCha20-Poly1305 under a key that is kept outside the
//! database. What a secret is for and whose it is are bound to it: it cannot be moved.

use super::base;
use crate::{App, AppError, Result};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Serialize, de::DeserializeOwned};

impl App {
    fn sealing(&self) -> Result<LessSafeKey> {
        let none = || AppError::Internal("the key of people's secrets is missing".to_owned());
        let key = self.around.secrets.as_ref().ok_or_else(none)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_slice()).map_err(|_| none())?;
        Ok(LessSafeKey::new(key))
    }

    /// Seals a value for a purpose: base64url of nonce and ciphertext.
    pub(crate) fn seal<T: Serialize>(&self, purpose: &str, value: &T) -> Result<String> {
        let broken = |_| AppError::Internal("a secret could not be sealed".to_owned());
        let mut bytes = serde_json::to_vec(value).map_err(|e| AppError::Internal(e.to_string()))?;
        let nonce: [u8; NONCE_LEN] = self.around.random();
        self.sealing()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(purpose.as_bytes()),
                &mut bytes,
            )
            .map_err(broken)?;
        Ok(base::encode(&[nonce.as_slice(), &bytes].concat()))
    }

    /// Opens what was sealed for the same purpose; `None` where it was not, or was changed.
    pub(crate) fn unseal<T: DeserializeOwned>(
        &self,
        purpose: &str,
        sealed: &str,
    ) -> Result<Option<T>> {
        let Some(mut bytes) = base::decode(sealed).filter(|b| b.len() > NONCE_LEN) else {
            return Ok(None);
        };
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&bytes[..NONCE_LEN]);
        let opened = self.sealing()?.open_in_place(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose.as_bytes()),
            &mut bytes[NONCE_LEN..],
        );
        Ok(opened.ok().and_then(|b| serde_json::from_slice(b).ok()))
    }

    /// Seals something for a browser to keep for some minutes.
    pub(crate) fn ticket<T: Serialize>(&self, purpose: &str, value: &T, ms: i64) -> Result<String> {
        let until = self.around.now_ms() + ms;
        self.seal(&format!("ticket {purpose}"), &(until, value))
    }

    /// Reads what a browser kept, if its time is not over.
    pub(crate) fn read_ticket<T: DeserializeOwned>(
        &self,
        purpose: &str,
        ticket: &str,
    ) -> Result<Option<T>> {
        let opened = self.unseal::<(i64, T)>(&format!("ticket {purpose}"), ticket)?;
        let now = self.around.now_ms();
        Ok(opened.filter(|(until, _)| *until > now).map(|(_, v)| v))
    }
}
