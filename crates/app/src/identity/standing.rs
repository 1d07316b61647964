//! What an account holds, as people write it in a form or on the command line, read and checked.

use crate::{AppError, Result};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::str::FromStr;
use symbolon_access::Policy;
use symbolon_domain::{
    kinds::{Employment, Mandate, Standing},
    label::Markings,
};

/// Clearances and scope in words: lists with commas, a mandate a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingWords {
    /// Highest level by marking policy: `US=controlled, NATO=restricted`.
    pub clearances: String,
    /// `government`, `contractor`, `other` or `unstated`.
    pub employment: String,
    /// Programmes, `*` for all.
    pub programmes: String,
    /// Partners by three letters.
    pub partners: String,
    /// Regions, as partners name theirs.
    pub regions: String,
    /// Categories it is read in to.
    pub categories: String,
    /// Duties beside the role.
    pub duties: String,
    /// Mandates, one a line: programmes; first day; first day no longer, or nothing; order or letter.
    pub mandates: String,
    /// Partners it is kept from.
    pub denied_partners: String,
    /// Programmes it is kept from.
    pub denied_programmes: String,
}

fn wrong(words: String) -> AppError {
    AppError::Invalid(words)
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split([',', '\n', '\r']).map(str::trim);
    words.filter(|w| !w.is_empty())
}

fn texts(text: &str) -> BTreeSet<String> {
    parts(text).map(str::to_owned).collect()
}

fn join<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = items.into_iter().map(|i| i.to_string()).collect();
    all.join(", ")
}

fn nations<T: FromStr + Ord>(text: &str) -> Result<BTreeSet<T>> {
    let nation = |word: &str| {
        let bad = || {
            wrong(format!(
                "`{word}` is no nation: write three letters, as SEN"
            ))
        };
        word.to_ascii_uppercase().parse().map_err(|_| bad())
    };
    parts(text).map(nation).collect()
}

/// Words that must be among those known; `what` names the list.
fn known(text: &str, what: &str, all: &[&str]) -> Result<BTreeSet<String>> {
    let check = |word: &str| match all.iter().find(|k| k.eq_ignore_ascii_case(word)) {
        Some(word) => Ok((*word).to_owned()),
        None => Err(wrong(format!(
            "`{word}` is no {what}: there are {}",
            all.join(", ")
        ))),
    };
    parts(text).map(check).collect()
}

impl StandingWords {
    /// A standing in words.
    #[must_use]
    pub fn of(standing: &Standing) -> Self {
        let clearances = standing.clearances.iter().map(|(p, l)| format!("{p}={l}"));
        let mandate = |m: &Mandate| {
            let to = m.to.map(|d| d.to_string()).unwrap_or_default();
            format!("{}; {}; {to}; {}", join(&m.programmes), m.from, m.reference)
        };
        let employment = serde_json::to_value(standing.employment).unwrap_or_default();
        Self {
            clearances: join(clearances),
            employment: employment.as_str().unwrap_or_default().to_owned(),
            programmes: join(&standing.programmes),
            partners: join(&standing.partners),
            regions: join(&standing.regions),
            categories: join(&standing.categories),
            duties: join(&standing.duties),
            mandates: standing
                .mandates
                .iter()
                .map(mandate)
                .collect::<Vec<_>>()
                .join("\n"),
            denied_partners: join(&standing.denied_partners),
            denied_programmes: join(&standing.denied_programmes),
        }
    }

    /// Each name with its words, for a page or a table; what is not held is left out.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("Cleared for", &self.clearances),
            ("Employed by", &self.employment),
            ("Programmes", &self.programmes),
            ("Partners", &self.partners),
            ("Regions", &self.regions),
            ("Read in to", &self.categories),
            ("Duties", &self.duties),
            ("Mandates", &self.mandates),
            ("Kept from partners", &self.denied_partners),
            ("Kept from programmes", &self.denied_programmes),
        ]
        .into_iter()
        .map(|(name, words)| (name, words.as_str()))
        .filter(|(_, words)| !words.is_empty())
    }

    /// The standing these words mean.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with the first word that no policy, list or calendar knows.
    pub fn read(&self) -> Result<Standing> {
        let markings = Markings::shipped();
        let categories: Vec<&str> = markings
            .all()
            .iter()
            .flat_map(|p| &p.categories)
            .filter(|c| c.read_in)
            .map(|c| c.code.as_str())
            .collect();
        let duties: Vec<&str> = Policy::shipped().duties().collect();
        Ok(Standing {
            clearances: parts(&self.clearances)
                .map(clearance)
                .collect::<Result<_>>()?,
            employment: employment(&self.employment)?,
            programmes: texts(&self.programmes),
            partners: nations(&self.partners)?,
            regions: texts(&self.regions),
            mandates: lines(&self.mandates).map(mandate).collect::<Result<_>>()?,
            categories: known(&self.categories, "category one is read in to", &categories)?,
            duties: known(&self.duties, "duty beside a role", &duties)?,
            denied_partners: nations(&self.denied_partners)?,
            denied_programmes: texts(&self.denied_programmes),
        })
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty())
}

fn employment(word: &str) -> Result<Employment> {
    let plain = match word.trim() {
        "" => "unstated".to_owned(),
        word => word.to_ascii_lowercase(),
    };
    let read = serde_json::from_value(serde_json::Value::String(plain));
    read.map_err(|_| {
        wrong(format!(
            "`{word}` is no employment: write government, contractor, other or unstated"
        ))
    })
}

/// `POLICY=level`, within what this installation may hold.
fn clearance(text: &str) -> Result<(String, String)> {
    let bad = |why: &str| wrong(format!("`{text}` is no clearance: {why}"));
    let (policy, level) = text
        .split_once('=')
        .ok_or_else(|| bad("write the policy and its level, as US=controlled"))?;
    let (policy, level) = (policy.trim(), level.trim());
    let markings = Markings::shipped();
    let Some(found) = markings.policy(policy) else {
        let all: Vec<&str> = markings.all().iter().map(|p| p.code.as_str()).collect();
        return Err(bad(&format!("the policies are {}", all.join(", "))));
    };
    let levels: Vec<&str> = found.levels.iter().map(|l| l.code.as_str()).collect();
    match found.rank(level) {
        None => Err(bad(&format!("its levels are {}", levels.join(", ")))),
        Some(rank) if Some(rank) > found.rank(&found.ceiling) => {
            Err(bad("this installation holds nothing of that level (R-04)"))
        }
        Some(_) => Ok((policy.to_owned(), level.to_owned())),
    }
}

fn mandate(line: &str) -> Result<Mandate> {
    let bad = || {
        wrong(format!(
            "`{line}` is no mandate: write programmes; first day; first day no longer or nothing; order or letter"
        ))
    };
    let cells: Vec<&str> = line.split(';').map(str::trim).collect();
    let [programmes, from, to, reference] = cells.as_slice() else {
        return Err(bad());
    };
    let to: Option<Date> = match *to {
        "" => None,
        day => Some(day.parse().map_err(|_| bad())?),
    };
    let from: Date = from.parse().map_err(|_| bad())?;
    if reference.is_empty() || to.is_some_and(|t| t <= from) {
        return Err(bad());
    }
    Ok(Mandate {
        programmes: texts(programmes),
        from,
        to,
        reference: (*reference).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Standing {
        let words = StandingWords {
            clearances: "US=controlled".into(),
            employment: "Contractor".into(),
            programmes: "*".into(),
            partners: "sen, BEN".into(),
            regions: "West Africa".into(),
            categories: "vetting".into(),
            duties: "releasing_officer".into(),
            mandates: "GULF, SAHEL; 2026-01-01; 2026-07-01; Invented order 7".into(),
            denied_partners: "MLI".into(),
            denied_programmes: "OTHER".into(),
        };
        words.read().unwrap()
    }

    #[test]
    fn what_is_shown_is_read_again() {
        let standing = held();
        assert_eq!(StandingWords::of(&standing).read().unwrap(), standing);
        assert!(standing.categories.contains("VETTING"));
        assert_eq!(standing.partners.len(), 2);
        let staff = Standing::of_staff();
        assert_eq!(StandingWords::of(&staff).read().unwrap(), staff);
        assert_eq!(
            StandingWords::default().read().unwrap(),
            Standing::default()
        );
    }

    #[test]
    fn each_wrong_word_is_named() {
        type Put = fn(&mut StandingWords, String);
        let wrong: [(Put, &str, &str); 8] = [
            (|w, t| w.clearances = t, "US", "US=controlled"),
            (|w, t| w.clearances = t, "XX=secret", "the policies are"),
            (|w, t| w.clearances = t, "US=cosmic", "its levels are"),
            (|w, t| w.clearances = t, "US=secret", "R-04"),
            (|w, t| w.partners = t, "Senegal", "three letters"),
            (|w, t| w.duties = t, "break_glass", "releasing_officer"),
            (|w, t| w.categories = t, "EXPT", "VETTING"),
            (
                |w, t| w.mandates = t,
                "ALL; 2026-07-01; 2026-01-01; x",
                "first day",
            ),
        ];
        for (put, text, says) in wrong {
            let mut words = StandingWords::default();
            put(&mut words, text.to_owned());
            let error = words.read().unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
