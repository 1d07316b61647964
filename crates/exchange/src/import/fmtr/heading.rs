//! Wrong country headings, found from what the report itself prints.
//!
//! A heading lost in the print leaves a country's rows under the one before. What gives it away:
//! the country's own total ("Burkina Faso FY 2006 Totals" under Benin); programmes, printed in
//! alphabetical order and once for each country, that begin again; a country that comes back. Who
//! it is: the countries of that region that stand between the two headings in the alphabet and have
//! no heading of their own, and the places and units its rows name.

use super::{
    block::{Work, cost_agrees},
    cells,
    line::{Line, Notes, country_of_total},
    names::{Names, in_country, order, region},
    program::Program,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use symbolon_domain::{
    country::Iso3,
    record::Confidence,
    training::{Column, FindingCode, RowKind},
};

/// In-country rows that must all name another country before the heading is doubted.
const DOUBTED: usize = 10;

/// Headings seen so far, by region.
#[derive(Default)]
pub(super) struct Memory {
    regions: HashMap<String, BTreeMap<String, (Iso3, String)>>,
}

/// What the search needs to know of a section.
struct Section<'s, 'n> {
    names: &'s mut Names<'n>,
    memory: &'s Memory,
    notes: &'s mut Notes,
    region: String,
    present: HashSet<Iso3>,
    /// Whether the section keeps programmes in alphabetical order.
    ordered: bool,
}

/// A run of lines under one heading.
struct Run {
    from: usize,
    to: usize,
}

/// Corrects the partner of each line whose heading is wrong.
pub(super) fn correct(
    lines: &mut [Line],
    blocks: &mut Vec<Work>,
    programs: &[Option<Program>],
    names: &mut Names<'_>,
    memory: &mut Memory,
    notes: &mut Notes,
) {
    let Some(first) = lines.first() else { return };
    let region = region(first.cell(Column::SourceGroup)).to_owned();
    let present = lines.iter().filter_map(|l| l.partner).collect();
    let ordered = ordered(lines, blocks);
    let runs = runs(lines);
    let mut section = Section {
        names,
        memory,
        notes,
        region: region.clone(),
        present,
        ordered,
    };
    let mut earlier = HashSet::new();
    for n in 0..runs.len() {
        let next = runs
            .get(n + 1)
            .map(|r| order(lines[r.from].cell(Column::Country)));
        let back = comes_back(lines, &runs, n, &mut earlier);
        let before = if back {
            n.checked_sub(1)
                .map(|p| lines[runs[p].from].cell(Column::Country).to_owned())
        } else {
            None
        };
        let rest = section.by_total(lines, &runs[n]);
        section.by_order(
            lines,
            blocks,
            &Run {
                from: rest,
                to: runs[n].to,
            },
            before,
            next,
        );
        section.by_place(lines, &runs[n]);
    }
    section.by_program(lines, blocks, programs);
    // There are ten regions; a hostile file may name a million.
    if memory.regions.len() >= 100 && !memory.regions.contains_key(&region) {
        return;
    }
    let seen = memory.regions.entry(region).or_default();
    for line in lines.iter() {
        let name = line.cell(Column::Country);
        if let Some(iso) = line.partner
            && !seen.values().any(|(known, _)| *known == iso)
        {
            let name = if names.find(name) == Some(iso) {
                name.to_owned()
            } else {
                names.name(iso)
            };
            seen.insert(order(&name), (iso, name));
        }
    }
}

fn runs(lines: &[Line]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        match out.last_mut() {
            Some(run) if lines[run.from].cell(Column::Country) == line.cell(Column::Country) => {
                run.to = i + 1
            }
            _ => out.push(Run { from: i, to: i + 1 }),
        }
    }
    out
}

/// Whether the country of a run had a run before, with another country between. `earlier` gathers
/// the countries of all runs before the last.
fn comes_back(lines: &[Line], runs: &[Run], n: usize, earlier: &mut HashSet<Iso3>) -> bool {
    let partner = |n: usize| runs.get(n).and_then(|r| lines[r.from].partner);
    let before = n.checked_sub(1).and_then(partner);
    let back = partner(n).is_some_and(|own| before != Some(own) && earlier.contains(&own));
    earlier.extend(before);
    back
}

/// Whether programmes follow the alphabet within countries, but for one step in twenty.
fn ordered(lines: &[Line], blocks: &[Work]) -> bool {
    let (mut steps, mut back) = (0, 0);
    for pair in blocks.windows(2) {
        let (a, b) = (&lines[pair[0].from], &lines[pair[1].from]);
        if a.cell(Column::Country) == b.cell(Column::Country) {
            steps += 1;
            back += usize::from(order(b.cell(Column::Program)) < order(a.cell(Column::Program)));
        }
    }
    steps >= 5 && back * 20 <= steps
}

impl Section<'_, '_> {
    /// A country total that names another country speaks for the rows above it. Returns the first
    /// line after the last country total.
    fn by_total(&mut self, lines: &mut [Line], run: &Run) -> usize {
        let mut from = run.from;
        for i in run.from..run.to {
            if lines[i].kind != RowKind::CountryTotal {
                continue;
            }
            let label = country_of_total(lines[i].cell(Column::CourseTitle))
                .unwrap_or("")
                .to_owned();
            let found = self.names.find(&label);
            if let Some(iso) = found.filter(|_| found != lines[i].partner) {
                let why = format!(
                    "the rows end with the printed line \"{}\"",
                    lines[i].cell(Column::CourseTitle)
                );
                self.relabel(&mut lines[from..=i], iso, &why, Confidence::High);
            }
            from = i + 1;
        }
        from
    }

    /// Programmes that begin again, and headings that come back.
    fn by_order(
        &mut self,
        lines: &mut [Line],
        blocks: &mut Vec<Work>,
        run: &Run,
        came_after: Option<String>,
        next: Option<String>,
    ) {
        let inside = |b: &Work| run.from <= b.from && b.to <= run.to;
        let mut at = blocks.partition_point(|b| b.from < run.from);
        if blocks.get(at).is_none_or(|b| !inside(b)) {
            return;
        }
        let mut lower = lines[run.from].cell(Column::Country).to_owned();
        let mut why = String::new();
        let mut start = None;
        if let Some(before) = came_after {
            why = format!("the heading \"{lower}\" stands a second time, after \"{before}\"");
            lower = before;
            start = Some(at);
        }
        let mut seen: HashSet<String> = HashSet::new();
        let mut last = String::new();
        while at < blocks.len() && inside(&blocks[at]) {
            let printed = lines[blocks[at].from].cell(Column::Program).to_owned();
            let key = order(&printed);
            let again = seen.contains(&key);
            if again || (self.ordered && key < last) {
                if let Some(start) = start {
                    lower = self.orphan(lines, blocks, start, at, &lower, next.as_deref(), &why);
                }
                start = Some(at);
                at += usize::from(lost_page(lines, blocks, at));
                why = if again {
                    format!("the programme \"{printed}\" begins again with a total of its own")
                } else {
                    format!(
                        "the programme \"{printed}\" breaks the alphabetical order programmes are printed in"
                    )
                };
                seen.clear();
            }
            seen.insert(key.clone());
            last = key;
            at += 1;
        }
        if let Some(start) = start {
            self.orphan(lines, blocks, start, at, &lower, next.as_deref(), &why);
        }
    }

    /// Finds whose rows the blocks `from..to` are; the name under which later ones are looked for.
    #[expect(
        clippy::too_many_arguments,
        reason = "one place in the report, seen from all sides"
    )]
    fn orphan(
        &mut self,
        lines: &mut [Line],
        blocks: &[Work],
        from: usize,
        to: usize,
        lower: &str,
        upper: Option<&str>,
        why: &str,
    ) -> String {
        let range = blocks[from].from..blocks[to - 1].to;
        let low = order(lower);
        let upper = upper.filter(|u| *u > low.as_str());
        let between = |name: &str| name > low.as_str() && upper.is_none_or(|u| name < u);
        let known = self.memory.regions.get(&self.region);
        // Countries of the region that may stand here; without an upper bound they must be named.
        let mut candidates: BTreeMap<Iso3, usize> = BTreeMap::new();
        for (name, (iso, _)) in known.into_iter().flatten() {
            if between(name) && !self.present.contains(iso) {
                candidates.insert(*iso, 0);
            }
        }
        let strange = known.is_none();
        for line in &lines[range.clone()] {
            for iso in self.named(line) {
                // Most training takes place in the United States: a location there tells nothing.
                let here = strange && iso.as_str() != "USA" && !self.present.contains(&iso);
                if candidates.contains_key(&iso) || (here && between(&order(&self.names.name(iso))))
                {
                    *candidates.entry(iso).or_default() += 1;
                }
            }
        }
        if upper.is_none() {
            candidates.retain(|_, named| *named > 0);
        }
        let best = candidates
            .iter()
            .max_by_key(|(_, n)| **n)
            .map(|(iso, n)| (*iso, *n));
        let alone = candidates
            .iter()
            .filter(|(_, n)| **n == best.map_or(0, |b| b.1))
            .count()
            == 1;
        let Some((iso, named)) = best.filter(|_| alone) else {
            self.doubt(&lines[range.start], why);
            return lower.to_owned();
        };
        let name = self.names.name(iso);
        let (confidence, who) = if named > 0 {
            (Confidence::High, format!("{named} of the rows name {name}"))
        } else {
            (
                Confidence::Medium,
                "earlier reports of the region name no other country there".to_owned(),
            )
        };
        let why = format!(
            "{why}, and {name}, which follows \"{lower}\" in the alphabet, has no heading in this section; {who}"
        );
        self.relabel(&mut lines[range], iso, &why, confidence);
        self.present.insert(iso);
        name
    }

    /// Countries a row names in its location or at the start of its unit.
    fn named(&mut self, line: &Line) -> Vec<Iso3> {
        let unit = line.cell(Column::StudentUnit);
        let word = unit.split(' ').next().unwrap_or("");
        let mut found = vec![
            self.names.in_place(line.cell(Column::Location)),
            self.names.find(word),
        ];
        found.dedup();
        found.into_iter().flatten().collect()
    }

    /// In-country training that is always in another country than the heading's.
    fn by_place(&mut self, lines: &[Line], run: &Run) {
        let Some(own) = lines[run.from].partner else {
            return;
        };
        let mut other: BTreeMap<Iso3, (usize, usize)> = BTreeMap::new();
        for (i, line) in lines.iter().enumerate().take(run.to).skip(run.from) {
            if !line.training() || line.partner != Some(own) {
                continue;
            }
            match in_country(line.cell(Column::Location)).map(|c| self.names.find(c)) {
                Some(Some(iso)) if iso == own => return,
                Some(Some(iso)) => other.entry(iso).or_insert((0, i)).0 += 1,
                _ => {}
            }
        }
        let own_name = self.names.name(own).to_lowercase();
        if let (1, Some((iso, (n, i)))) = (other.len(), other.first_key_value())
            && *n >= DOUBTED
            && !lines[run.from..run.to].iter().any(|l| {
                l.cell(Column::StudentUnit)
                    .to_lowercase()
                    .contains(&own_name)
            })
        {
            let read = format!(
                "all {n} rows of in-country training under this heading name {}; heading or location is wrong",
                self.names.name(*iso)
            );
            self.notes.line(
                &lines[*i],
                FindingCode::CountryMislabelled,
                Some(Column::Location),
                read,
                Confidence::Low,
            );
        }
    }

    /// Programme texts that name another country than the heading.
    fn by_program(&mut self, lines: &mut [Line], blocks: &[Work], programs: &[Option<Program>]) {
        for block in blocks {
            let first = &lines[block.from];
            let named = programs
                .get(first.program)
                .and_then(Option::as_ref)
                .and_then(|p| p.country.as_deref());
            let Some(named) = named else { continue };
            let Some(iso) = self
                .names
                .find(named)
                .filter(|iso| first.partner.is_some_and(|own| own != *iso))
            else {
                continue;
            };
            let read = format!("the programme names {}", self.names.name(iso));
            self.notes.line(
                first,
                FindingCode::ProgramCountryDiffers,
                Some(Column::Program),
                read,
                Confidence::Medium,
            );
            let why = format!("the programme text names \"{named}\"");
            self.relabel(
                &mut lines[block.from..block.to],
                iso,
                &why,
                Confidence::Medium,
            );
        }
    }

    fn doubt(&mut self, line: &Line, why: &str) {
        let read = format!("another country, not known which: {why}");
        self.notes.line(
            line,
            FindingCode::CountryMislabelled,
            Some(Column::Country),
            read,
            Confidence::Low,
        );
    }

    fn relabel(&mut self, lines: &mut [Line], iso: Iso3, why: &str, confidence: Confidence) {
        let name = self.names.name(iso);
        let code = FindingCode::CountryMislabelled;
        let mut program = String::new();
        for line in lines {
            line.partner = Some(iso);
            self.notes
                .overlay(line, Column::Country, &name, why, code, confidence);
            if line.cell(Column::Program) != program {
                line.cell(Column::Program).clone_into(&mut program);
                self.notes.line(
                    line,
                    code,
                    Some(Column::Country),
                    format!("{name}: {why}"),
                    confidence,
                );
            }
        }
    }
}

/// Where the block before a break jumps over a page and does not meet its total, the heading went
/// with the page: the rows after the gap are cut off into a block of their own.
fn lost_page(lines: &mut [Line], blocks: &mut Vec<Work>, at: usize) -> bool {
    let Some(block) = at.checked_sub(1).and_then(|b| blocks.get(b)).cloned() else {
        return false;
    };
    let page = |l: &Line| cells::plain(l.cell(Column::PageNumber));
    let gap = (block.from + 1..block.to).find(
        |i| matches!((page(&lines[*i - 1]), page(&lines[*i])), (Some(a), Some(b)) if b - a >= 2),
    );
    let sums = block.sums(lines);
    let (quantity, cost) = block.printed(lines);
    let agrees = quantity == Some(sums.quantity)
        && cost.is_some_and(|c| cost_agrees(sums.cost, sums.cents, c));
    let Some(gap) = gap.filter(|_| !agrees) else {
        return false;
    };
    let after = Work {
        from: gap,
        page_lost: true,
        ..block.clone()
    };
    let before = &mut blocks[at - 1];
    before.to = gap;
    before.total = None;
    before.page_lost = true;
    blocks.insert(at, after);
    for line in &mut lines[gap..block.to] {
        line.program_lost = true;
    }
    true
}
