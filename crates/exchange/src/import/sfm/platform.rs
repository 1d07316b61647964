//! Exports of the platform: tables that refer to each other by number.

use super::{
    Cited, Folder, Ground, Incident, Parent, Person, Posting, Row, Table, Unit,
    cells::{date, first, items, two_letters},
};

/// A stretch of time from two columns and the flag of an open end.
fn cited(row: &Row<'_>, from: &str, to: &str) -> Cited {
    Cited {
        first: date(row.get(from)),
        last: date(row.get(to)),
        ended: row.get("openended") == "N" || row.get("realend") == "True",
    }
}

/// The key of a unit or person by the platform's number.
fn number(pk: &str) -> String {
    format!("pk/{pk}")
}

impl Folder {
    /// Reads an export of the platform; false where it is none.
    pub(super) fn export(&mut self, file: &str, table: &Table) -> bool {
        let keyed = |heads: &[&str]| table.has(&["pk"]) && table.has(heads);
        if keyed(&["classification", "headquarters", "firstciteddate", "name"]) {
            table.rows().for_each(|row| self.unit_export(&row));
        } else if keyed(&["child", "parent", "classification"]) {
            table.rows().for_each(|row| self.parent_export(&row));
        } else if keyed(&["perpetratorclassification", "firstallegation"]) {
            table
                .rows()
                .for_each(|row| self.incident_export(file, &row));
        } else if keyed(&["member", "organization", "rank", "role"]) {
            table.rows().for_each(|row| self.posting_export(&row));
        } else if keyed(&["alias", "divisionid", "name", "uuid"]) {
            table.rows().for_each(|row| self.person_export(&row));
        } else {
            return false;
        }
        true
    }

    fn unit_export(&mut self, row: &Row<'_>) {
        // Cells of several versions are printed one after the other; the first one stands.
        let unit = Unit {
            name: first(row.get("name")).to_owned(),
            others: items(row.get("alias")),
            classes: items(row.get("classification")),
            country: two_letters(row.get("divisionid")),
            ..Unit::default()
        };
        self.units.insert(number(row.get("pk")), unit);
    }

    fn person_export(&mut self, row: &Row<'_>) {
        let (name, country) = (first(row.get("name")), two_letters(row.get("divisionid")));
        let person = Person::named(name, items(row.get("alias")), country);
        self.persons.insert(number(row.get("pk")), person);
    }

    fn parent_export(&mut self, row: &Row<'_>) {
        self.parents.push(Parent {
            unit: number(row.get("child")),
            parent: number(row.get("parent")),
            relation: row.get("classification").to_owned(),
            cited: cited(row, "startdate", "enddate"),
            ground: Ground::default(),
        });
    }

    fn posting_export(&mut self, row: &Row<'_>) {
        let commands = row.get("role") == "1";
        self.postings.push(Posting {
            person: number(row.get("member")),
            unit: number(row.get("organization")),
            role: if commands { "Commander" } else { "" }.to_owned(),
            title: row.get("title").to_owned(),
            rank: String::new(),
            cited: cited(row, "firstciteddate", "lastciteddate"),
            ground: Ground::default(),
        });
    }

    fn incident_export(&mut self, file: &str, row: &Row<'_>) {
        let Some(began) = date(row.get("startdate")) else {
            let problem = "an incident without a day; left out";
            self.doubt(file, row.line, "sfm.no-date", problem);
            return;
        };
        self.incidents.push(Incident {
            id: row.get("uuid").to_owned(),
            began,
            ended: date(row.get("enddate")).filter(|e| e.day >= began.day),
            alleged: date(row.get("firstallegation")),
            kinds: items(row.get("type")),
            place: row.get("locationdescription").to_owned(),
            area: String::new(),
            country: two_letters(row.get("divisionid")),
            classes: items(row.get("perpetratorclassification")),
        });
    }
}
