//! Parsed rules to nodes. Every fault is found before anything is decided.

use crate::dated::{Dated, List};
use crate::error::LawError;
use crate::eval::Tables;
use crate::expr::Cmp;
use crate::expr::check::Scope;
use crate::node::{Node, NodeId, Pool};
use crate::parsed::{Parsed, Written};
use crate::rule::{Duty, Lift, Rule, RuleKind};
use crate::schema::{Schema, Type};
use crate::tri::Tri;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Rules and what they evaluate over.
pub(crate) struct Compiled {
    pub rules: Vec<Rule>,
    pub tables: Tables,
}

/// What stands fixed while rules are compiled.
pub(crate) struct Compiler<'a> {
    pool: Pool,
    schema: &'a Schema,
    facts: Vec<NodeId>,
    date: NodeId,
    values: HashMap<&'a str, HashMap<String, (Type, u32)>>,
    lists: HashMap<String, u16>,
    hits: HashMap<String, NodeId>,
    dated: &'a [Dated],
    window: (i64, i64),
    used: RefCell<BTreeSet<u32>>,
    none: HashMap<String, (Type, u32)>,
}

/// Compiles rules over a schema, values and lists.
pub(crate) fn compile(
    schema: &Schema,
    rules: &[Parsed],
    values: &[Dated],
    lists: &Arc<[List]>,
) -> Result<Compiled, Vec<LawError>> {
    let mut compiler = Compiler::new(schema, values, lists).map_err(|e| vec![e])?;
    let (mut done, mut faults) = (vec![], vec![]);
    for i in order(rules)? {
        match compiler.rule(&rules[i]) {
            Ok(rule) => done.push((i, rule)),
            Err(e) => faults.push(e),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    done.sort_by_key(|(i, _)| *i);
    Ok(Compiled {
        rules: done.into_iter().map(|(_, r)| r).collect(),
        tables: Tables {
            nodes: compiler.pool.nodes().to_vec(),
            values: values.to_vec(),
            lists: Arc::clone(lists),
        },
    })
}

/// Rules after those they ask about.
fn order(rules: &[Parsed]) -> Result<Vec<usize>, Vec<LawError>> {
    let numbers: HashMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(i, r)| (r.id.as_str(), i))
        .collect();
    let asked: Vec<Vec<usize>> = rules
        .iter()
        .map(|r| {
            r.asks_about()
                .iter()
                .filter_map(|id| numbers.get(id.as_str()).copied())
                .collect()
        })
        .collect();
    let mut out: Vec<usize> = vec![];
    let mut placed = vec![false; rules.len()];
    loop {
        let before = out.len();
        for i in 0..rules.len() {
            if !placed[i] && asked[i].iter().all(|a| placed[*a]) {
                placed[i] = true;
                out.push(i);
            }
        }
        if out.len() == rules.len() {
            return Ok(out);
        }
        if out.len() == before {
            let circle = |i: &usize| !placed[*i];
            let faults = (0..rules.len()).filter(circle).map(|i| {
                LawError::of(
                    &format!("{}/rule.toml", rules[i].folder),
                    "rules ask about each other in a circle",
                )
            });
            return Err(faults.collect());
        }
    }
}

impl<'a> Compiler<'a> {
    fn new(schema: &'a Schema, values: &'a [Dated], lists: &[List]) -> Result<Self, LawError> {
        let mut pool = Pool::default();
        let base = |(i, f): (usize, &crate::schema::Fact)| match f.kind {
            Type::Bool => Node::Holds(i as u16),
            _ => Node::Fact(i as u16),
        };
        let facts: Vec<NodeId> = schema
            .facts
            .iter()
            .enumerate()
            .map(|f| pool.put(base(f)))
            .collect();
        let Some(date) = schema.fact("date").map(|d| facts[usize::from(d)]) else {
            return Err(LawError::of("facts.toml", "there is no fact `date`"));
        };
        let mut by_rule: HashMap<&str, HashMap<String, (Type, u32)>> = HashMap::new();
        for (i, v) in values.iter().enumerate() {
            let names = by_rule.entry(v.rule.as_str()).or_default();
            names.insert(v.name.clone(), (v.kind, i as u32));
        }
        let mut compiler = Self {
            pool,
            schema,
            facts,
            date,
            values: by_rule,
            lists: lists
                .iter()
                .enumerate()
                .map(|(i, l)| (l.name.clone(), i as u16))
                .collect(),
            hits: HashMap::new(),
            dated: values,
            window: (i64::MIN, i64::MAX),
            used: RefCell::default(),
            none: HashMap::new(),
        };
        for i in 0..schema.facts.len() {
            compiler.fact(i)?;
        }
        Ok(compiler)
    }

    /// The derivation and the clear value of a fact.
    fn fact(&mut self, i: usize) -> Result<(), LawError> {
        let fact = &self.schema.facts[i];
        let derived = match &fact.derive {
            None => None,
            Some(at) => {
                let expr = crate::expr::parse(&at.text).map_err(|f| at.fault(f.at, f.message))?;
                let written = Written {
                    at: at.clone(),
                    expr,
                };
                Some(self.check("", self.date, &written, fact.kind)?)
            }
        };
        if derived.is_none() && fact.clear.is_none() {
            return Ok(());
        }
        let node = match fact.kind {
            Type::Bool => {
                Node::OtherwiseTruth(self.facts[i], derived, fact.clear.map(|c| Tri::of(c != 0)))
            }
            _ => Node::Otherwise(self.facts[i], derived, fact.clear),
        };
        self.facts[i] = self.pool.put(node);
        Ok(())
    }

    fn check(
        &mut self,
        folder: &str,
        day: NodeId,
        w: &Written,
        wanted: Type,
    ) -> Result<NodeId, LawError> {
        let scope = Scope {
            schema: self.schema,
            facts: &self.facts,
            values: self.values.get(folder).unwrap_or(&self.none),
            dated: self.dated,
            window: self.window,
            used: &self.used,
            lists: &self.lists,
            day,
            hits: &self.hits,
        };
        let checked = scope.check(&mut self.pool, &w.expr, wanted);
        checked.map_err(|f| w.at.fault(f.at, f.message))
    }

    fn rule(&mut self, p: &Parsed) -> Result<Rule, LawError> {
        self.window = (p.from, p.to);
        self.used.borrow_mut().clear();
        let day = match &p.as_of {
            Some(w) => self.check(&p.folder, self.date, w, Type::Date)?,
            None => self.date,
        };
        let truth = |c: &mut Self, w: &Written| c.check(&p.folder, day, w, Type::Bool);
        let when = truth(self, &p.when)?;
        let hit = self.in_force(p, day, when);
        self.hits.insert(p.id.clone(), hit);
        let mut lifts = vec![];
        for l in &p.lifts {
            lifts.push(Lift {
                name: l.name.clone(),
                waiver: l.waiver,
                by: l.by.clone(),
                cite: l.cite.clone(),
                then: l.then.clone(),
                within: l.within,
                node: truth(self, &l.when)?,
            });
        }
        let lifted = self.pool.any(lifts.iter().map(|l| l.node));
        let duty = self.duty(p, day)?;
        let test = self.test(p, day, duty.as_ref())?;
        let amount = match &p.amount {
            None => None,
            Some((w, unit)) => Some(self.amount(p, day, w, unit)?),
        };
        let mut remarks = vec![];
        for (w, text) in &p.remarks {
            let node = truth(self, w)?;
            remarks.push((self.pool.all([hit, node]), text.clone()));
        }
        let mut rule = Rule {
            id: p.id.clone(),
            asks: p.asks.clone(),
            kind: p.kind,
            topic: p.topic.clone(),
            standing: p.standing.clone(),
            cites: p.cites.clone(),
            says: p.says.clone(),
            from: p.from,
            to: p.to,
            text: p.text.clone(),
            when: p.when.at.text.clone(),
            values: vec![],
            day,
            hit,
            lifted,
            test,
            lifts,
            duty,
            amount,
            remarks,
            facts: vec![],
            lists: vec![],
        };
        self.reads(&mut rule);
        Ok(rule)
    }

    fn in_force(&mut self, p: &Parsed, day: NodeId, when: NodeId) -> NodeId {
        let mut parts = vec![when];
        if p.from != i64::MIN {
            parts.push(self.pool.put(Node::Against(Cmp::Ge, day, p.from)));
        }
        if p.to != i64::MAX {
            parts.push(self.pool.put(Node::Against(Cmp::Lt, day, p.to)));
        }
        self.pool.all(parts)
    }

    fn duty(&mut self, p: &Parsed, day: NodeId) -> Result<Option<Duty>, LawError> {
        let Some(d) = &p.duty else { return Ok(None) };
        let days = self.check(&p.folder, day, &d.days, Type::Int)?;
        let from = self.check(&p.folder, day, &d.from, Type::Date)?;
        let plain = |i: &usize| self.facts[*i] == from;
        let from_fact = (0..self.facts.len()).find(plain).map(|i| i as u16);
        Ok(Some(Duty {
            who: d.who.clone(),
            to: d.to.clone(),
            what: d.what.clone(),
            before: d.before,
            days,
            from,
            from_fact,
        }))
    }

    /// What a requirement, or a duty's clock, has against the step.
    fn test(&mut self, p: &Parsed, day: NodeId, duty: Option<&Duty>) -> Result<NodeId, LawError> {
        if let (RuleKind::Require, Some(must)) = (p.kind, &p.must) {
            let must = self.check(&p.folder, day, must, Type::Bool)?;
            return Ok(self.pool.not(must));
        }
        if let Some(d) = duty.filter(|d| d.before) {
            let sum = Node::Arith(crate::expr::Arith::Add, d.from, d.days);
            let earliest = self.pool.put(sum);
            return Ok(self.pool.compare(Cmp::Lt, day, earliest));
        }
        Ok(self.pool.put(Node::Truth(Tri::TRUE)))
    }

    fn amount(
        &mut self,
        p: &Parsed,
        day: NodeId,
        w: &Written,
        unit: &str,
    ) -> Result<(Type, NodeId), LawError> {
        let kind = match unit {
            "money" => Type::Money,
            "rate" => Type::Rate,
            "date" => Type::Date,
            "int" => Type::Int,
            other => {
                return Err(w
                    .at
                    .fault(0, format!("`{other}` is no unit: money, rate, date, int")));
            }
        };
        Ok((kind, self.check(&p.folder, day, w, kind)?))
    }

    /// Facts and values behind a rule's nodes.
    fn reads(&self, rule: &mut Rule) {
        let mut roots = vec![rule.hit, rule.lifted, rule.test];
        roots.extend(rule.duty.iter().flat_map(|d| [d.days, d.from]));
        roots.extend(rule.amount.iter().map(|a| a.1));
        let mut seen = BTreeSet::new();
        let (mut facts, mut values, mut lists) =
            (BTreeSet::new(), self.used.borrow().clone(), BTreeSet::new());
        while let Some(node) = roots.pop() {
            if !seen.insert(node) {
                continue;
            }
            match self.pool.get(node) {
                Node::Fact(f) | Node::Holds(f) => drop(facts.insert(*f)),
                Node::Value(v, _) => drop(values.insert(*v)),
                Node::Listed(_, list, _) => drop(lists.insert(*list)),
                _ => {}
            }
            self.pool.get(node).operands(|o| roots.push(o));
        }
        rule.facts = facts.into_iter().collect();
        rule.values = values.into_iter().collect();
        rule.lists = lists.into_iter().collect();
    }
}
