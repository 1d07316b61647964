//! Alleged acts, and the sorts of force they are alleged against: these files name no unit with them.

use super::{CREDIT, Making, damaged};
use crate::Result;
use serde::Deserialize;
use serde_json::json;
use symbolon_domain::{date::ValidTime, when::When};
use symbolon_exchange::import::sfm::Ground;

/// Words and the kind of act they mean.
#[derive(Deserialize)]
struct Words {
    word: Vec<Word>,
}

#[derive(Deserialize)]
struct Word {
    holds: Vec<String>,
    code: String,
}

impl Making<'_> {
    pub(super) fn incidents(&mut self) -> Result<()> {
        let words = include_str!("../../../../../data/vetting/violation-words.toml");
        let words: Words = toml::from_str(words).map_err(damaged)?;
        let folder = self.folder;
        for i in &folder.incidents {
            let named = i.kinds.join("; ").to_lowercase();
            let fits = |w: &&Word| w.holds.iter().any(|h| named.contains(h.as_str()));
            let violation = words.word.iter().find(fits).map_or("other", |w| &w.code);
            let mut title = format!("Alleged: {}", i.kinds.join(", "));
            title = title.chars().take(300).collect();
            let body = json!({
                "title": title, "violation": violation, "violations_as_named": i.kinds,
                "began": When(i.began), "ended": i.ended.map(When), "first_alleged": i.alleged.map(When),
                "place": i.place, "admin_area": i.area, "alleged_by": format!("Sources gathered by {CREDIT}"),
            });
            let told = (i.country.as_str(), ValidTime::default(), &Ground::default());
            let incident = self.add("incident", &i.id, told, body);
            for class in &i.classes {
                let body = json!({"incident": incident, "as_named": class, "part": "perpetrator"});
                let told = (i.country.as_str(), ValidTime::default(), &Ground::default());
                self.add("incident_party", &format!("{}|{class}", i.id), told, body);
            }
        }
        Ok(())
    }
}
