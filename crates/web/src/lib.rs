//! Pages, API v1 and static files over the use cases.

pub mod chart;
pub mod view;
