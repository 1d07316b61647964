//! Pages, API v1 and static files over the use cases.

pub mod chart;
mod server;
pub mod view;

pub use server::{Settings, serve};
