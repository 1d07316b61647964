//! API version 1. Each endpoint is declared once: path, question, answer and handler; the router and the
//! OpenAPI document are both made from these declarations, so they cannot drift apart.

mod cursor;
mod documents;
pub(crate) mod intake;
mod journal;
mod law;
mod openapi;
mod records;
mod v1;

pub(crate) use law::{in_address, of_pairs};
pub use openapi::openapi;

use crate::site::Site;
use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use std::sync::Arc;

/// One endpoint.
pub(crate) struct Endpoint {
    /// Path with `{parameters}`.
    pub(crate) path: &'static str,
    /// What it is for.
    pub(crate) summary: &'static str,
    /// Schema of the question in the address; its members become query parameters.
    pub(crate) question: fn(&mut SchemaGenerator) -> Schema,
    /// Schema of the answer.
    pub(crate) answer: fn(&mut SchemaGenerator) -> Schema,
    /// Whether the path is read at all; one that is not takes only what `writes` says.
    pub(crate) reads: bool,
    /// What else the path takes, besides being read.
    pub(crate) writes: Vec<Write>,
    /// The handler.
    pub(crate) handler: MethodRouter<Arc<Site>>,
}

/// A method that takes a body.
pub(crate) struct Write {
    /// Method, in small letters as OpenAPI has it.
    pub(crate) method: &'static str,
    /// What it is for.
    pub(crate) summary: &'static str,
    /// Media type of body and answer.
    pub(crate) media: &'static str,
    /// Whether it only asks: nothing is made or changed, so there is no version and no key.
    pub(crate) asks: bool,
    /// Schema of the body.
    pub(crate) body: fn(&mut SchemaGenerator) -> Schema,
    /// Schema of the answer.
    pub(crate) answer: fn(&mut SchemaGenerator) -> Schema,
}

impl Endpoint {
    /// The same path taking a body by another method.
    fn takes<B: JsonSchema, A: JsonSchema>(
        mut self,
        method: &'static str,
        summary: &'static str,
    ) -> Self {
        self.writes.push(Write {
            method,
            summary,
            media: "application/json",
            asks: false,
            body: SchemaGenerator::subschema_for::<B>,
            answer: SchemaGenerator::subschema_for::<A>,
        });
        self
    }

    /// The same path asked a question too long for an address.
    fn asked<B: JsonSchema, A: JsonSchema>(
        mut self,
        summary: &'static str,
        media: &'static str,
    ) -> Self {
        self = self.takes::<B, A>("post", summary);
        if let Some(write) = self.writes.last_mut() {
            (write.asks, write.media) = (true, media);
        }
        self
    }

    /// The same, not to be read.
    fn unread(mut self) -> Self {
        self.reads = false;
        self
    }
}

/// Every endpoint.
pub(crate) fn endpoints() -> Vec<Endpoint> {
    let mut all = v1::endpoints();
    all.extend(journal::endpoints());
    all.extend(records::endpoints());
    all.extend(intake::endpoints());
    all.extend(law::endpoints());
    all.extend(documents::endpoints());
    all
}

/// Whether a path takes a body of any length, read as it comes, each line within its own limit.
pub(crate) fn is_stream(path: &str) -> bool {
    path == law::BATCH
}

/// Whether a path is asked by a method that elsewhere changes something. Such a question changes
/// nothing and answers everybody alike.
pub(crate) fn only_asks(path: &str) -> bool {
    path == law::ONE || path == law::BATCH
}

/// An endpoint whose question and answer have these types.
pub(crate) fn endpoint<Q: JsonSchema, A: JsonSchema>(
    path: &'static str,
    summary: &'static str,
    handler: MethodRouter<Arc<Site>>,
) -> Endpoint {
    Endpoint {
        path,
        summary,
        question: SchemaGenerator::subschema_for::<Q>,
        answer: SchemaGenerator::subschema_for::<A>,
        reads: true,
        writes: vec![],
        handler,
    }
}

/// An endpoint that is asked nothing but its path.
#[derive(serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Parts of the API a token may be limited to: the first word of an endpoint's path.
pub(crate) fn scopes() -> impl Iterator<Item = String> {
    let mut all: Vec<String> = endpoints()
        .iter()
        .filter_map(|e| scope_of(e.path))
        .collect();
    all.sort();
    all.dedup();
    all.into_iter()
}

/// The part of the API a path belongs to.
pub(crate) fn scope_of(path: &str) -> Option<String> {
    let part = path
        .strip_prefix("/api/v1/")?
        .split(['/', '?', '.'])
        .next()?;
    Some(part.to_owned())
}
