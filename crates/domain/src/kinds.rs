//! The kinds of record, one file each. Adding a kind is its file and one line here.

mod account;
mod account_request;
mod agreement;
mod api_token;
mod body;
mod break_glass;
mod capability_gap;
mod commitment;
mod country_plan;
mod credential;
mod dataset;
mod determination;
mod engagement;
mod exercise;
mod fund_source;
mod identity;
mod import;
mod initiative;
mod liaison_team;
mod logic_model;
mod membership;
mod milestone;
mod objective;
mod partner;
mod person;
mod posting;
mod raci_row;
mod redaction;
mod regional_body;
mod session;
mod sharing_agreement;
mod sign_in_attempt;
mod source;
mod throttle;
mod unit;
mod unit_name;
mod unit_parent;
mod unit_site;

pub use account::{Account, Employment, Mandate, Role, Standing};
pub use account_request::AccountRequest;
pub use agreement::Agreement;
pub use api_token::ApiToken;
pub use body::Body;
pub use break_glass::BreakGlass;
pub use capability_gap::{CapabilityGap, StatedBy};
pub use commitment::{Commitment, Side};
pub use country_plan::CountryPlan;
pub use credential::{Credential, Method};
pub use dataset::{Dataset, LicenceClass, RowRoot};
pub use determination::Determination;
pub use engagement::Engagement;
pub use exercise::Exercise;
pub use fund_source::FundSource;
pub use identity::Identity;
pub use import::{Import, ImportMapping};
pub use initiative::Initiative;
pub use liaison_team::LiaisonTeam;
pub use logic_model::LogicModel;
pub use membership::Membership;
pub use milestone::Milestone;
pub use objective::{Objective, ObjectiveLevel};
pub use partner::{Partner, PartnerType};
pub use person::{Gender, Person};
pub use posting::Posting;
pub use raci_row::{RaciPart, RaciRow};
pub use redaction::Redaction;
pub use regional_body::RegionalBody;
pub use session::{Session, SignInLink};
pub use sharing_agreement::SharingAgreement;
pub use sign_in_attempt::SignInAttempt;
pub use source::Source;
pub use throttle::Throttle;
pub use unit::Unit;
pub use unit_name::UnitName;
pub use unit_parent::{Relation, UnitParent};
pub use unit_site::{PlacePrecision, SiteType, UnitSite};

use crate::kind::KindDef;
use std::sync::OnceLock;

/// Every kind there is, in the order of the thread; a kind stands after those it refers to.
#[must_use]
pub fn all() -> &'static [KindDef] {
    static ALL: OnceLock<Vec<KindDef>> = OnceLock::new();
    ALL.get_or_init(|| {
        vec![
            KindDef::of::<Partner>(),
            KindDef::of::<RegionalBody>(),
            KindDef::of::<Membership>(),
            KindDef::of::<SharingAgreement>(),
            KindDef::of::<Body>(),
            KindDef::of::<Unit>(),
            KindDef::of::<UnitName>(),
            KindDef::of::<UnitParent>(),
            KindDef::of::<UnitSite>(),
            KindDef::of::<Person>(),
            KindDef::of::<Posting>(),
            KindDef::of::<CountryPlan>(),
            KindDef::of::<CapabilityGap>(),
            KindDef::of::<Initiative>(),
            KindDef::of::<Objective>(),
            KindDef::of::<LogicModel>(),
            KindDef::of::<Milestone>(),
            KindDef::of::<Engagement>(),
            KindDef::of::<Exercise>(),
            KindDef::of::<LiaisonTeam>(),
            KindDef::of::<RaciRow>(),
            KindDef::of::<Commitment>(),
            KindDef::of::<Agreement>(),
            KindDef::of::<Determination>(),
            KindDef::of::<FundSource>(),
            KindDef::of::<Source>(),
            KindDef::of::<Dataset>(),
            KindDef::of::<ImportMapping>(),
            KindDef::of::<Import>(),
            KindDef::of::<Account>(),
            KindDef::of::<Redaction>(),
            KindDef::of::<SignInLink>(),
            KindDef::of::<Session>(),
            KindDef::of::<Identity>(),
            KindDef::of::<Credential>(),
            KindDef::of::<SignInAttempt>(),
            KindDef::of::<Throttle>(),
            KindDef::of::<ApiToken>(),
            KindDef::of::<AccountRequest>(),
            KindDef::of::<BreakGlass>(),
        ]
    })
}

/// The kind with this code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static KindDef> {
    all().iter().find(|k| k.code == code)
}
