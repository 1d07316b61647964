//! The page before anything is asked, with a refusal, and with a question that cannot be read.

use super::{Ask, Change, Check, Group};
use crate::view::{Choice, Link, sample};
use symbolon_app::law::{
    Amended, Cited, Determination, Due, InForce, Missing, Remedied, RuleSaid, Way,
};

fn ask(name: &str, label: &str, choices: bool) -> Ask {
    Ask {
        name: name.into(),
        label: label.into(),
        hint: "Year-month-day, or what there is to say.".into(),
        choices: choices.then(|| {
            [
                Choice::new("KEN", "Kenya"),
                Choice::new("MAR", sample::ARABIC),
            ]
            .into()
        }),
        blank: "Not stated".into(),
        ..Ask::default()
    }
}

fn rule(verdict: &str, draft: bool) -> RuleSaid {
    RuleSaid {
        rule: "us.arms-export-control.certify-offer".into(),
        asks: "Must Congress be told before the offer?".into(),
        verdict: verdict.into(),
        draft,
        says: "The offer may not be issued before the wait is over.".into(),
        cites: vec![Cited {
            at: "22 U.S.C. 2776(b)(1)".into(),
            url: "https://uscode.house.gov/".into(),
        }],
        values: vec![InForce {
            name: "mde_line".into(),
            value: "$14,000,000".into(),
            from: Some("2002-09-30".into()),
            cite: "Public Law 107-228".into(),
            url: "https://www.congress.gov/".into(),
            ..InForce::default()
        }],
        facts: [("partner".to_owned(), "KEN".to_owned())].into(),
        lifts: vec![Way {
            name: "emergency".into(),
            waiver: true,
            by: "the President".into(),
            cite: "22 U.S.C. 2776(b)(1)".into(),
            then: "with reasons in detail".into(),
            within_days: 5,
            ..Way::default()
        }],
        duty: Some(Due {
            who: "President".into(),
            to: "Congress".into(),
            what: "certificate".into(),
            before: true,
            days: Some(30),
            due: Some("2023-05-31".into()),
        }),
        amount: Some("$1".into()),
        flags: vec!["Practice adds informal notice.".into()],
        missing: vec![Missing {
            fact: "sme".into(),
            help: sample::LONG.into(),
            ..Missing::default()
        }],
    }
}

impl Check {
    /// Samples: nothing asked, a refusal, a question that cannot be read.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let blank = Self {
            page: sample::page("Can we do this?", "/check"),
            first: vec![
                ask("date", "Day of the step", false),
                ask("partner", "Partner", true),
            ],
            groups: vec![Group {
                title: "Amounts".into(),
                open: true,
                asks: vec![ask("amount", "Value", false)],
            }],
            options: vec![ask("known", "Law as known on", false)],
            labels: [("partner".to_owned(), "Partner".to_owned())].into(),
            may_save: true,
            ..Self::default()
        };
        let said = Determination {
            outcome: "refused".into(),
            on: Some("2023-05-10".into()),
            earliest: Some("2023-05-31".into()),
            rules: vec![
                rule("refused", false),
                rule("noted", false),
                rule("unknown", true),
            ],
            missing: vec![Missing {
                list: "nato".into(),
                help: "complete".into(),
                ..Missing::default()
            }],
            assumed: vec!["partner".into()],
            remedies: vec![Remedied {
                changes: vec![Amended {
                    fact: "date".into(),
                    was: "2023-05-10".into(),
                    would: "2023-05-31".into(),
                }],
                outcome: "allowed".into(),
            }],
            ..Determination::default()
        };
        let refused = Self {
            said: Some(said),
            wanted: vec![ask("sme", sample::LONG, true)],
            changes: vec![Change {
                link: Link::new(
                    "Day of the step = 2023-05-31: allowed",
                    "/check?date=2023-05-31",
                ),
            }],
            question: vec![("partner".into(), "KEN".into())],
            ..blank.clone()
        };
        let mut wrong = blank.clone();
        wrong.first[0].error = "`soon` is not a day".into();
        wrong.errors = vec![Link::new("Day of the step: `soon` is not a day", "#f-date")];
        vec![blank, refused, wrong]
    }
}
