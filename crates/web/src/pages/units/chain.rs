//! The chain of command of a unit on a day: as a chart, and as nested lists that say the same.

use super::title;
use crate::{
    chart::{ChainChart, ChainNode, chain},
    pages::vetting::{held, said},
    view::{
        Link, Query,
        desk::Section,
        tree::{Node, Tree},
    },
};
use std::collections::{BTreeSet, HashMap};
use symbolon_app::vetting::{MOST_UNDER, Rung, UnitPage};

/// So many units are drawn; the lists have all.
const DRAWN: usize = 40;
/// A list nests so deep; beyond, a unit's own page goes on.
const DEEP: usize = 12;

pub(super) fn sections(unit: &UnitPage, query: &Query) -> Vec<Section> {
    let mut section = Section::new("chain", "Chain of command");
    if unit.above.is_empty() && unit.below.is_empty() {
        section = section.says(&format!(
            "On {} no unit that you may see stood over it or under it, in the loaded data.",
            unit.on
        ));
        section.links = turns(unit, query);
        return vec![section];
    }
    section = section.says(&format!(
        "On {}: {} over it, {} under it. The lists below say the same as the chart.",
        unit.on,
        unit.above.len(),
        unit.below.len()
    ));
    if unit.cut {
        section = section.says(&format!(
            "More than {MOST_UNDER} units stand under it; not all are followed."
        ));
    }
    section.picture = Some(chain(&drawn(unit)));
    section.links = turns(unit, query);
    let me = unit.unit.envelope.id.to_string();
    let side = |id: &str, heading: &str, rungs: &[Rung], from: &str| {
        let mut under: HashMap<&str, Vec<&Rung>> = HashMap::new();
        for rung in rungs {
            under.entry(said(&rung.link, from)).or_default().push(rung);
        }
        let mut seen = BTreeSet::from([me.clone()]);
        let nodes = nested(unit, &under, &me, 0, &mut seen);
        Section {
            tree: Some(Tree { nodes }),
            ..Section::new(id, heading)
        }
        .inner()
    };
    let mut all = vec![section];
    if !unit.above.is_empty() {
        all.push(side("over", "Over it, nearest first", &unit.above, "unit"));
    }
    if !unit.below.is_empty() {
        all.push(side("under", "Under it", &unit.below, "parent"));
    }
    all
}

/// The pages of the nearest other days.
fn turns(unit: &UnitPage, query: &Query) -> Vec<Link> {
    let (before, after) = unit.turns;
    let link = |day: Option<jiff::civil::Date>, words: &str| {
        day.map(|d| {
            Link::new(
                format!("{words}: as of {d}"),
                query.with("as_of", &d.to_string()),
            )
        })
    };
    let before = link(before, "Before the last change");
    before
        .into_iter()
        .chain(link(after, "After the next change"))
        .collect()
}

fn nested(
    unit: &UnitPage,
    under: &HashMap<&str, Vec<&Rung>>,
    at: &str,
    depth: usize,
    seen: &mut BTreeSet<String>,
) -> Vec<Node> {
    let mut nodes = vec![];
    for rung in under.get(at).into_iter().flatten() {
        if depth >= DEEP || !seen.insert(rung.unit.clone()) {
            continue;
        }
        let when = held(&rung.link);
        let relation = said(&rung.link, "relation").replace('_', " ");
        let note = match when.is_empty() {
            true => relation,
            false => format!("{relation}, {when}"),
        };
        let below = nested(unit, under, &rung.unit, depth + 1, seen);
        nodes.push(Node {
            text: title(unit, &rung.unit).to_owned(),
            href: format!("/units/{}?as_of={}", rung.unit, unit.on),
            note,
            under: Tree { nodes: below },
        });
    }
    nodes
}

fn drawn(unit: &UnitPage) -> ChainChart {
    let name = said(&unit.unit, "name").to_owned();
    let me = unit.unit.envelope.id.to_string();
    let mut places: HashMap<&str, usize> = HashMap::from([(me.as_str(), 0)]);
    let mut nodes = vec![ChainNode {
        name: name.clone(),
        level: 0,
        here: true,
    }];
    let mut edges = vec![];
    let ups = unit.above.iter().map(|r| (r, 1));
    let downs = unit.below.iter().map(|r| (r, -1));
    for (rung, sign) in ups.chain(downs) {
        if nodes.len() >= DRAWN || places.contains_key(rung.unit.as_str()) {
            continue;
        }
        places.insert(&rung.unit, nodes.len());
        nodes.push(ChainNode {
            name: title(unit, &rung.unit).to_owned(),
            level: sign * i32::try_from(rung.depth).unwrap_or(0),
            here: false,
        });
        let ends = (said(&rung.link, "unit"), said(&rung.link, "parent"));
        if let (Some(lower), Some(upper)) = (places.get(ends.0), places.get(ends.1)) {
            edges.push((*lower, *upper));
        }
    }
    let left_out = unit.above.len() + unit.below.len() + 1 - nodes.len();
    let more = match left_out {
        0 => String::new(),
        n => format!("; {n} more stand in the lists only"),
    };
    ChainChart {
        id: "chain-c".to_owned(),
        title: format!("Chain of command of {name} on {}", unit.on),
        summary: format!(
            "{} units over it, {} under it{more}; the lists below say the same.",
            unit.above.len(),
            unit.below.len()
        ),
        nodes,
        edges,
    }
}
