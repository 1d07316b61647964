//! Forms as sent: who sends them, that they are of this session, and what stands in them. A form whose
//! action needs fresh proof is kept while the proof is shown, and goes on afterwards.

use crate::answer::Refused;
use crate::pages::step_up;
use crate::site::Site;
use crate::visitor::Visitor;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::response::Response;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use symbolon_app::AppError;

/// A form with who sent it.
pub(crate) struct Sent<T> {
    pub(crate) visitor: Visitor,
    /// Path it was sent to.
    pub(crate) path: String,
    /// What stands in it, as sent, without the token.
    pub(crate) pairs: Vec<(String, String)>,
    /// The same as a struct.
    pub(crate) form: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, site).await?;
        let path = parts.uri.path().to_owned();
        let form = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|t| t.starts_with("application/x-www-form-urlencoded"));
        let malformed = |what: &str| visitor.refuse(AppError::Invalid(what.to_owned()));
        if !form {
            return Err(malformed("this is no form"));
        }
        let request = Request::from_parts(parts, body);
        let Ok(body) = Bytes::from_request(request, site).await else {
            return Err(malformed("the form is too large or was cut off"));
        };
        let mut pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&body)
            .map_err(|_| malformed("the form cannot be read"))?;
        let csrf = pairs
            .iter()
            .find(|(n, _)| n == "csrf")
            .map(|(_, v)| v.clone());
        visitor.check_form(&csrf.unwrap_or_default())?;
        pairs.retain(|(n, _)| n != "csrf");
        let text = serde_urlencoded::to_string(&pairs).unwrap_or_default();
        let form = serde_urlencoded::from_str(&text)
            .map_err(|_| malformed("a field of the form is missing or not as it must be"))?;
        Ok(Self {
            visitor,
            path,
            pairs,
            form,
        })
    }
}

impl<T> Sent<T> {
    /// An error as an answer: where it is only that proof is missing, the page that takes it.
    pub(crate) async fn refused(
        self,
        site: &Arc<Site>,
        error: AppError,
    ) -> Result<Response, Refused> {
        match error {
            AppError::StepUp if !self.visitor.json && !self.visitor.token.is_empty() => {
                step_up::ask(site, &self.visitor, &self.path, &self.pairs, "").await
            }
            other => Err(self.visitor.refuse(other)),
        }
    }
}
