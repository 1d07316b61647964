//! A programme as its file tells it: records in the order of their days, days counted from the day of loading.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};
use serde::Deserialize;
use serde_json::Value;
use symbolon_domain::{
    date::FiscalYear,
    kinds::{Outcome, Role},
    record::Citation,
};

/// A file of one programme.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programme {
    /// ISO code of the partner.
    pub partner: String,
    /// Its records.
    pub record: Vec<Told>,
}

/// A record, and what becomes of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    /// Its name in the file, and the end of its code.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Day it is made, from the day of loading.
    pub on: i64,
    /// Who makes it, and does the rest where nobody else is named.
    pub by: Role,
    /// Its fields.
    pub body: Value,
    /// First day it holds.
    #[serde(default)]
    pub valid_from: Option<i64>,
    /// First day it no longer holds.
    #[serde(default)]
    pub valid_to: Option<i64>,
    /// Whether it is not released to the partner.
    #[serde(default)]
    pub private: bool,
    /// Who says so.
    #[serde(default)]
    pub sources: Vec<Citation>,
    /// What becomes of it.
    #[serde(default)]
    pub then: Vec<Then>,
}

/// Something that becomes of a record: fields set, then a move or a decision.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Then {
    /// Day of it.
    pub on: i64,
    /// Who does it.
    #[serde(default)]
    pub by: Option<Role>,
    /// Fields set first.
    #[serde(default)]
    pub set: Option<Value>,
    /// The move.
    #[serde(default, rename = "move")]
    pub step: Option<String>,
    /// The decision of vetting, which `confirm` confirms.
    #[serde(default)]
    pub vet: Option<Outcome>,
    /// Who confirms it.
    #[serde(default)]
    pub confirm: Option<Role>,
    /// Reason of the move, or grounds of the decision.
    #[serde(default)]
    pub reason: String,
}

/// Days and fiscal years around the day of loading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar(pub Date);

impl Calendar {
    /// The day so many days away, or the Friday before where that is a weekend: later never becomes earlier.
    pub fn day(self, away: i64) -> Date {
        let day = self.0.saturating_add(away.days());
        match day.weekday() {
            Weekday::Saturday => day.saturating_sub(1.day()),
            Weekday::Sunday => day.saturating_sub(2.days()),
            _ => day,
        }
    }

    /// What a word means: `-120` and `14` are days, `fy-1` is a fiscal year, `fy:start` and `fy+1:end` its days.
    fn means(self, word: &str) -> Option<Value> {
        if let Ok(away) = word.parse::<i64>() {
            return Some(self.day(away).to_string().into());
        }
        let (year, edge) = word.split_once(':').unwrap_or((word, ""));
        let by = year.strip_prefix("fy")?;
        let by: i16 = if by.is_empty() { 0 } else { by.parse().ok()? };
        let year = FiscalYear::of(self.0).0 + by;
        match edge {
            "" => Some(i64::from(year).into()),
            "start" => Some(date(year - 1, 10, 1).to_string().into()),
            "end" => Some(date(year, 9, 30).to_string().into()),
            _ => None,
        }
    }

    /// Fills in days, years (`@…`, or `{…}` within a text) and records (`$…`).
    ///
    /// # Errors
    /// The word that means nothing.
    pub fn filled(
        self,
        value: &Value,
        named: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Value, String> {
        match value {
            Value::String(text) => self.text(text, named),
            Value::Array(items) => {
                let items = items.iter().map(|v| self.filled(v, named));
                items.collect::<Result<Vec<_>, _>>().map(Value::Array)
            }
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(k, v)| Ok((k.clone(), self.filled(v, named)?)));
                let fields: Result<_, String> = fields.collect();
                fields.map(Value::Object)
            }
            other => Ok(other.clone()),
        }
    }

    fn text(self, text: &str, named: &dyn Fn(&str) -> Option<String>) -> Result<Value, String> {
        if let Some(word) = text.strip_prefix('@') {
            return self.means(word).ok_or_else(|| text.to_owned());
        }
        if let Some(name) = text.strip_prefix('$') {
            return named(name)
                .map(Value::String)
                .ok_or_else(|| text.to_owned());
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}').ok_or_else(|| text.to_owned())?;
            let meant = self.means(word).ok_or_else(|| text.to_owned())?;
            out.push_str(before);
            match meant {
                Value::String(day) => out.push_str(&day),
                other => out.push_str(&other.to_string()),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn days_and_years_follow_the_real_calendar() {
        let autumn = Calendar(date(2026, 11, 23));
        let filled = |v: Value| autumn.filled(&v, &|n| (n == "CASE").then(|| "id".to_owned()));
        assert_eq!(filled(json!("@-1")), Ok(json!("2026-11-20")));
        assert_eq!(
            filled(json!(["@fy", "@fy-1:start", "@fy+1:end"])),
            Ok(json!([2027, "2025-10-01", "2028-09-30"]))
        );
        assert_eq!(
            filled(json!({"case": "$CASE", "title": "Money of {fy}"})),
            Ok(json!({"case": "id", "title": "Money of 2027"}))
        );
        assert_eq!(filled(json!("@soon")), Err("@soon".to_owned()));
        assert_eq!(filled(json!("$NOBODY")), Err("$NOBODY".to_owned()));
    }

    proptest! {
        #[test]
        fn no_day_is_a_weekend_and_their_order_holds(a in -900_i64..400, b in -900_i64..400, now in 0_i64..3000) {
            let calendar = Calendar(date(2024, 1, 1).saturating_add(now.days()));
            let (one, other) = (calendar.day(a), calendar.day(b));
            prop_assert!(!matches!(one.weekday(), Weekday::Saturday | Weekday::Sunday));
            prop_assert!(a > b || one <= other);
        }
    }
}
