//! Pages, API v1 and static files over the use cases.

mod answer;
mod api;
pub mod chart;
mod form;
mod pages;
mod rate;
mod router;
mod server;
mod site;
#[cfg(test)]
mod tests;
pub mod view;
mod visitor;

pub use api::openapi;
pub use rate::{Costly, Rate};
pub use server::{Settings, serve, threads};
pub use view::language::{Catalogue, Language, coverage};

/// Short names for templates.
pub(crate) use view::language::{apart, comma, english, known, say, told};
