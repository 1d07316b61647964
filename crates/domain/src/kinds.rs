//! The kinds of record, one file each. Adding a kind is its file and one line here.

use crate::kind::KindDef;
use std::sync::OnceLock;

/// Names each kind once: its module, its struct, and in brackets what else the module gives out.
macro_rules! kinds {
    ($($module:ident: $($kind:ident)+ $(($($also:ident)+))?;)+) => {
        $(mod $module;)+
        $(pub use $module::{$($kind),+};)+
        $($(pub use $module::{$($also),+};)?)+

        /// Every kind there is, in the order of the thread; a kind stands after those it refers to.
        #[must_use]
        pub fn all() -> &'static [KindDef] {
            static ALL: OnceLock<Vec<KindDef>> = OnceLock::new();
            ALL.get_or_init(|| vec![$($(KindDef::of::<$kind>()),+),+])
        }
    };
}

kinds! {
    partner: Partner (PartnerType);
    regional_body: RegionalBody;
    membership: Membership;
    sharing_agreement: SharingAgreement;
    body: Body;
    unit: Unit;
    unit_name: UnitName;
    unit_parent: UnitParent (Relation);
    unit_site: UnitSite (PlacePrecision SiteType);
    person: Person (Gender);
    posting: Posting;
    country_plan: CountryPlan;
    capability_gap: CapabilityGap (StatedBy);
    initiative: Initiative;
    objective: Objective (ObjectiveLevel);
    indicator: Indicator;
    logic_model: LogicModel;
    milestone: Milestone;
    engagement: Engagement;
    exercise: Exercise;
    liaison_team: LiaisonTeam;
    raci_row: RaciRow (RaciPart);
    commitment: Commitment (Side);
    agreement: Agreement;
    determination: Determination;
    release_request: ReleaseRequest;
    fund_source: FundSource;
    funding_choice: FundingChoice;
    notice: Notice;
    case: Case (EvaluationDecision ProgrammeKind);
    gate_override: GateOverride;
    case_document: CaseDocument (DocumentType);
    case_line: CaseLine;
    case_phase: CasePhase;
    shipment: Shipment;
    excess_article: ExcessArticle (ExcessBasis);
    drawdown: Drawdown (Valuation);
    receipt: Receipt;
    discrepancy: Discrepancy;
    training_line: TrainingLine;
    travel_order: TravelOrder;
    advisory_visit: AdvisoryVisit;
    ledger_entry: LedgerEntry (MoneyStage);
    source: Source;
    dataset: Dataset (LicenceClass RowRoot);
    import: ImportMapping Import;
    incident: Incident;
    incident_party: IncidentParty (Part);
    remediation: Remediation;
    barred_unit: BarredUnit;
    account: Account (Employment Mandate Role Standing);
    unit_merge: UnitMerge;
    unit_link: UnitLink (LinkConfidence);
    vetting_request: VettingRequest (VettingLaw);
    vetting_candidate: VettingCandidate;
    vetting_check: VettingCheck (CheckResult);
    derogatory_record: DerogatoryRecord (Resolution);
    screening_hit: ScreeningHit (HitAnswer);
    vetting_decision: VettingDecision (Outcome);
    allegation: Allegation;
    redaction: Redaction;
    label_change: LabelChange;
    session: SignInLink Session;
    identity: Identity;
    credential: Credential (Method);
    sign_in_attempt: SignInAttempt;
    throttle: Throttle;
    api_token: ApiToken;
    account_request: AccountRequest;
    break_glass: BreakGlass;
}

/// The kind with this code.
#[must_use]
pub fn by_code(code: &str) -> Option<&'static KindDef> {
    all().iter().find(|k| k.code == code)
}
