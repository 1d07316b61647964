//! Research sheets: units, persons and sources by name.

use super::{
    Cited, Folder, Parent, Person, Posting, Row, Site, Source, Table, Unit,
    cells::{date, first, items, key, two_letters},
};

/// A stretch of time from three columns; what cannot be read is doubted.
fn cited(
    folder: &mut Folder,
    file: &str,
    row: &Row<'_>,
    (from, to, open): (&str, &str, &str),
) -> Cited {
    let mut read = |head: &str| {
        let cell = row.get(head);
        let known = date(cell);
        if known.is_none() && !cell.is_empty() {
            let problem = format!("`{cell}` is no date; left out");
            folder.doubt(file, row.line, "sfm.no-date", &problem);
        }
        known
    };
    let (first, last) = (read(from), read(to));
    Cited {
        first,
        last,
        ended: row.get(open) == "N",
    }
}

impl Folder {
    /// Reads a research sheet; false where it is none.
    pub(super) fn sheet(&mut self, file: &str, table: &Table) -> bool {
        if table.has(&["Organization:Name", "OrganizationOrganization:parent_id"]) {
            table.rows().for_each(|row| self.unit_row(file, &row));
        } else if table.has(&["Name", "Organization", "Role", "First citation"]) {
            table.rows().for_each(|row| self.person_row(file, &row));
        } else if table.has(&["source_id_lookup", "publication_title"]) {
            table.rows().for_each(|row| self.source_row(&row));
        } else {
            return false;
        }
        true
    }

    fn unit_row(&mut self, file: &str, row: &Row<'_>) {
        let (name, country) = (
            row.get("Organization:Name"),
            row.get("Organization division_id"),
        );
        if name.is_empty() {
            self.doubt(file, row.line, "sfm.no-name", "a row without a unit's name");
            return;
        }
        let unit = key(name, country);
        let known = self.units.entry(unit.clone()).or_default();
        // Repeat rows carry blanks: the same unit, nothing new.
        let new = Unit {
            name: name.to_owned(),
            others: items(row.get("Organization:other_names")),
            classes: items(row.get("Organization:classification")),
            country: two_letters(country),
            ground: row.ground("Name"),
            note: row.get("Notes").to_owned(),
        };
        known.merge(new);
        self.parent_of(file, row, &unit, country);
        self.site_of(file, row, &unit);
        self.area_of(file, row, &unit);
    }

    fn parent_of(&mut self, file: &str, row: &Row<'_>, unit: &str, country: &str) {
        let name = row.get("OrganizationOrganization:parent_id");
        if name.is_empty() {
            return;
        }
        let columns = (
            "OrganizationOrganization:date_first_cited",
            "OrganizationOrganization:date_last_cited",
            "OrganizationOrganization:open_ended",
        );
        let cited = cited(self, file, row, columns);
        self.parents.push(Parent {
            unit: unit.to_owned(),
            parent: key(name, country),
            relation: row
                .get("OrganizationOrganization:classification")
                .to_owned(),
            cited,
            ground: row.ground("OrganizationOrganization:parent_id"),
        });
    }

    fn site_of(&mut self, file: &str, row: &Row<'_>, unit: &str) {
        let (town, base) = (
            row.get("Site:geonames_name"),
            row.get("Headquarters (Barracks, Base, Physical Asset)"),
        );
        let area = row.get("Site:admin_level_1_geonames_name");
        let place = [base, town, area].into_iter().find(|p| !p.is_empty());
        let Some(place) = place else { return };
        let columns = (
            "OrganizationSite:date_first_cited",
            "OrganizationSite:date_last_cited",
            "OrganizationSite:open_ended (Y/N/E)",
        );
        let cited = cited(self, file, row, columns);
        let place = if base.is_empty() || town.is_empty() {
            place.to_owned()
        } else {
            format!("{base}, {town}")
        };
        self.sites.push(Site {
            unit: unit.to_owned(),
            place,
            area: area.to_owned(),
            operations: false,
            cited,
            ground: row.ground("Site:geonames_name"),
        });
    }

    fn area_of(&mut self, file: &str, row: &Row<'_>, unit: &str) {
        let place = row.get("Area of Operations Geoname");
        if place.is_empty() {
            return;
        }
        let columns = (
            "Date of first citation for area of operations",
            "Date of last citation for area of operations",
            "Assume Area of Operations to Current Date? (Y/N/E)",
        );
        let cited = cited(self, file, row, columns);
        self.sites.push(Site {
            unit: unit.to_owned(),
            place: place.to_owned(),
            area: String::new(),
            operations: true,
            cited,
            ground: row.ground("Area of Operations"),
        });
    }

    fn person_row(&mut self, file: &str, row: &Row<'_>) {
        let (name, country) = (row.get("Name"), row.get("division_id"));
        if name.is_empty() || row.get("Organization").is_empty() {
            let problem = "a posting without a person or a unit";
            self.doubt(file, row.line, "sfm.no-name", problem);
            return;
        }
        let person = key(name, country);
        let known = self.persons.entry(person.clone()).or_default();
        known.name = name.to_owned();
        known.country = two_letters(country);
        known.ground.add(row.ground("Name"));
        let others = items(row.get("Aliases or alternative spellings (semi-colon separated)"));
        add(&mut known.others, others);
        let columns = ("First citation", "Last citation", "");
        let mut cited = cited(self, file, row, columns);
        cited.ended = row.get("End date? (Y/N)") == "Y";
        self.postings.push(Posting {
            person,
            unit: key(row.get("Organization"), country),
            role: row.get("Role").to_owned(),
            title: row.get("Title (official title)").to_owned(),
            rank: row.get("Rank").to_owned(),
            cited,
            ground: row.ground("Organization"),
        });
    }

    fn source_row(&mut self, row: &Row<'_>) {
        let source = Source {
            title: row.get("title").to_owned(),
            publication: row.get("publication_title").to_owned(),
            published: first(row.get("published_on")).to_owned(),
            url: row.get("source_url").to_owned(),
        };
        for id in ["source_id_lookup", "source_id", "alias_source_id"] {
            let id = row.get(id);
            if !id.is_empty() {
                self.sources.insert(id.to_owned(), source.clone());
            }
        }
    }
}

/// Adds items that are not there yet.
pub(super) fn add(to: &mut Vec<String>, items: Vec<String>) {
    for item in items {
        if !to.contains(&item) {
            to.push(item);
        }
    }
}

impl super::Ground {
    /// Adds sources; the higher confidence stands.
    fn add(&mut self, other: Self) {
        add(&mut self.sources, other.sources);
        self.confidence = self.confidence.max(other.confidence);
    }
}

impl Unit {
    fn merge(&mut self, other: Self) {
        self.name = other.name;
        self.country = other.country;
        add(&mut self.others, other.others);
        add(&mut self.classes, other.classes);
        self.ground.add(other.ground);
        if self.note.is_empty() {
            self.note = other.note;
        }
    }
}

impl Person {
    /// A person of a platform's export.
    pub(super) fn named(name: &str, others: Vec<String>, country: String) -> Self {
        Self {
            name: name.to_owned(),
            others,
            country,
            ..Self::default()
        }
    }
}
