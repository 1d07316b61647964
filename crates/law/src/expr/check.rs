//! Names and types: a tree becomes nodes, or a fault that says what does not fit where.

use super::lex::{Fault, fault};
use super::{Arith, Expr, Kind};
use crate::dated::Dated;
use crate::node::{Node, NodeId, Pool};
use crate::schema::{Schema, Type};
use crate::tri::Tri;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// What an expression may name.
pub struct Scope<'a> {
    /// Facts.
    pub schema: &'a Schema,
    /// The node that stands for each fact: its derivation and clear value included.
    pub facts: &'a [NodeId],
    /// Values of the rule: type and number.
    pub values: &'a HashMap<String, (Type, u32)>,
    /// Every dated value, by number.
    pub dated: &'a [Dated],
    /// First day in force of the rule, and first day no longer: outside, its values change nothing.
    pub window: (i64, i64),
    /// Numbers of the values that were named.
    pub used: &'a RefCell<BTreeSet<u32>>,
    /// Lists by name.
    pub lists: &'a HashMap<String, u16>,
    /// The day on which values and lists are asked.
    pub day: NodeId,
    /// Rules by id: the node that says whether each one's condition holds.
    pub hits: &'a HashMap<String, NodeId>,
}

type Checked = Result<(Type, NodeId), Fault>;

impl Scope<'_> {
    /// Checks an expression against a wanted type.
    ///
    /// # Errors
    /// With the byte of the part that does not fit.
    pub fn check(&self, pool: &mut Pool, e: &Expr, wanted: Type) -> Result<NodeId, Fault> {
        let (kind, node) = self.node(pool, e, Some(wanted))?;
        if kind == wanted {
            return Ok(node);
        }
        let (is, want) = (self.schema.type_name(kind), self.schema.type_name(wanted));
        fault(e.at, format!("this is of type {is}; {want} is wanted"))
    }

    fn node(&self, pool: &mut Pool, e: &Expr, hint: Option<Type>) -> Checked {
        match &e.kind {
            Kind::Bool(b) => Ok((Type::Bool, pool.put(Node::Truth(Tri::of(*b))))),
            Kind::Int(i) => match hint {
                Some(Type::Money) => self.text(pool, &i.to_string(), Type::Money, e.at),
                _ => Ok((Type::Int, pool.put(Node::Number(*i)))),
            },
            Kind::Text(t) => match hint {
                Some(kind) => self.text(pool, t, kind, e.at),
                None => fault(
                    e.at,
                    "what this text means cannot be told from what stands beside it",
                ),
            },
            Kind::Name(path) => self.name(pool, path, e.at),
            Kind::Call(name, arguments) => self.call(pool, name, arguments, e.at),
            Kind::Not(a) => {
                let a = self.check(pool, a, Type::Bool)?;
                Ok((Type::Bool, pool.not(a)))
            }
            Kind::And(parts) => {
                let parts = self.truths(pool, parts)?;
                Ok((Type::Bool, pool.all(parts)))
            }
            Kind::Or(parts) => {
                let parts = self.truths(pool, parts)?;
                Ok((Type::Bool, pool.any(parts)))
            }
            Kind::Compare(cmp, a, b) => {
                let (kind, a, b) = self.pair(pool, a, b)?;
                if kind == Type::Bool {
                    return fault(
                        e.at,
                        "truths are not compared: write the condition or `!` before it",
                    );
                }
                let ordered = !matches!(cmp, super::Cmp::Eq | super::Cmp::Ne);
                if ordered && matches!(kind, Type::Word(_)) {
                    return fault(e.at, "words have no order: use `==`, `!=` or `in`");
                }
                Ok((Type::Bool, pool.compare(*cmp, a, b)))
            }
            Kind::Arith(op, a, b) => self.arith(pool, *op, a, b, hint),
            Kind::In(a, b) => self.among(pool, a, b),
            Kind::List(_) => fault(e.at, "a list may only stand after `in`"),
            Kind::Choose(c, a, b) => self.choose(pool, c, a, b, hint),
        }
    }

    fn truths(&self, pool: &mut Pool, parts: &[Expr]) -> Result<Vec<NodeId>, Fault> {
        parts
            .iter()
            .map(|p| self.check(pool, p, Type::Bool))
            .collect()
    }

    fn text(&self, pool: &mut Pool, text: &str, kind: Type, at: usize) -> Checked {
        match self.schema.parse(kind, text) {
            Ok(_) if kind == Type::Bool => fault(at, "write true or false without quotes"),
            Ok(value) => Ok((kind, pool.put(Node::Number(value)))),
            Err(message) => fault(at, message),
        }
    }

    fn name(&self, pool: &mut Pool, path: &[String], at: usize) -> Checked {
        match path {
            [fact] => match self.schema.fact(fact) {
                Some(i) => Ok((
                    self.schema.facts[usize::from(i)].kind,
                    self.facts[usize::from(i)],
                )),
                None => fault(
                    at,
                    format!("no fact `{fact}` is defined{}", self.near(fact)),
                ),
            },
            [space, name] if space == "values" => match self.values.get(name) {
                Some((kind, id)) => {
                    self.used.borrow_mut().insert(*id);
                    let always = match &self.dated[*id as usize].rows[..] {
                        [row] if row.from <= self.window.0 && row.to >= self.window.1 => {
                            Some(row.value)
                        }
                        _ => None,
                    };
                    // A value that never changes while the rule is in force is a constant.
                    let node = always.map_or(Node::Value(*id, self.day), Node::Number);
                    Ok((*kind, pool.put(node)))
                }
                None => fault(at, format!("the rule has no value `{name}`")),
            },
            [space, name] if space == "lists" => {
                fault(at, format!("`lists.{name}` may only stand after `in`"))
            }
            _ => fault(at, format!("`{}` has no meaning", path.join("."))),
        }
    }

    fn near(&self, name: &str) -> String {
        let same_start = |f: &&crate::schema::Fact| {
            let n = f.name.len().min(name.len()).min(5);
            n >= 3 && f.name.as_bytes()[..n] == name.as_bytes()[..n]
        };
        let found = self.schema.facts.iter().find(same_start);
        found.map_or_else(String::new, |f| format!("; perhaps `{}` is meant", f.name))
    }

    /// Both sides, a literal taking the type of the other side.
    fn pair(&self, pool: &mut Pool, a: &Expr, b: &Expr) -> Result<(Type, NodeId, NodeId), Fault> {
        let literal = |e: &Expr| matches!(e.kind, Kind::Text(_) | Kind::Int(_));
        let (kind, left, right) = if literal(a) && !literal(b) {
            let (kind, right) = self.node(pool, b, None)?;
            let (left_kind, left) = self.node(pool, a, Some(kind))?;
            (
                if left_kind == kind {
                    Ok(kind)
                } else {
                    Err((left_kind, kind))
                },
                left,
                right,
            )
        } else {
            let (kind, left) = self.node(pool, a, None)?;
            let (right_kind, right) = self.node(pool, b, Some(kind))?;
            (
                if right_kind == kind {
                    Ok(kind)
                } else {
                    Err((kind, right_kind))
                },
                left,
                right,
            )
        };
        match kind {
            Ok(kind) => Ok((kind, left, right)),
            Err((a_kind, b_kind)) => {
                let (a_name, b_name) =
                    (self.schema.type_name(a_kind), self.schema.type_name(b_kind));
                fault(b.at, format!("{a_name} and {b_name} cannot be compared"))
            }
        }
    }

    fn arith(&self, pool: &mut Pool, op: Arith, a: &Expr, b: &Expr, hint: Option<Type>) -> Checked {
        let (left_kind, left) = self.node(pool, a, hint)?;
        let aside = match (op, left_kind) {
            (Arith::Mul, _) => None,
            (_, Type::Date) => Some(Type::Int),
            (_, kind) => Some(kind),
        };
        let (right_kind, right) = self.node(pool, b, aside)?;
        let plain = |kind| Ok((kind, Node::Arith(op, left, right)));
        let made = match (op, left_kind, right_kind) {
            (Arith::Add | Arith::Sub, Type::Date, Type::Int) => plain(Type::Date),
            (Arith::Sub, Type::Date, Type::Date) => plain(Type::Int),
            (Arith::Add | Arith::Sub, Type::Int | Type::Money | Type::Rate, k)
                if k == left_kind =>
            {
                plain(k)
            }
            (Arith::Mul, Type::Int, Type::Int) => plain(Type::Int),
            (Arith::Mul, Type::Money, Type::Int) => plain(Type::Money),
            (Arith::Mul, Type::Money, Type::Rate) => Ok((Type::Money, Node::Share(left, right))),
            (Arith::Mul, Type::Rate, Type::Money) => Ok((Type::Money, Node::Share(right, left))),
            _ => Err(()),
        };
        match made {
            Ok((kind, node)) => Ok((kind, pool.put(node))),
            Err(()) => {
                let (a_name, b_name) = (
                    self.schema.type_name(left_kind),
                    self.schema.type_name(right_kind),
                );
                fault(
                    b.at,
                    format!("{a_name} and {b_name} do not go together here"),
                )
            }
        }
    }

    fn among(&self, pool: &mut Pool, a: &Expr, b: &Expr) -> Checked {
        let (kind, node) = self.node(pool, a, None)?;
        let made = match &b.kind {
            Kind::Name(path) if path.len() == 2 && path[0] == "lists" => {
                let Some(list) = self.lists.get(&path[1]) else {
                    return fault(b.at, format!("there is no list `{}`", path[1]));
                };
                if self.schema.type_name(kind) != "partner" {
                    return fault(a.at, "only a partner can stand on a list");
                }
                Node::Listed(node, *list, self.day)
            }
            Kind::List(parts) => {
                let mut numbers = vec![];
                for part in parts {
                    let id = self.check(pool, part, kind)?;
                    match pool.get(id) {
                        Node::Number(n) => numbers.push(*n),
                        _ => return fault(part.at, "only literals may stand in a list"),
                    }
                }
                numbers.sort_unstable();
                numbers.dedup();
                Node::Among(node, numbers.into())
            }
            _ => {
                return fault(
                    b.at,
                    "after `in` stands a list: `['a', 'b']` or `lists.name`",
                );
            }
        };
        Ok((Type::Bool, pool.put(made)))
    }

    fn choose(&self, pool: &mut Pool, c: &Expr, a: &Expr, b: &Expr, hint: Option<Type>) -> Checked {
        let condition = self.check(pool, c, Type::Bool)?;
        let (kind, then) = self.node(pool, a, hint)?;
        let other = self.check(pool, b, kind)?;
        let node = match kind {
            Type::Bool => Node::ChooseTruth(condition, then, other),
            _ => Node::Choose(condition, then, other),
        };
        Ok((kind, pool.put(node)))
    }

    fn call(&self, pool: &mut Pool, name: &str, arguments: &[Expr], at: usize) -> Checked {
        match (name, arguments) {
            ("fiscal_year", [day]) => {
                let day = self.check(pool, day, Type::Date)?;
                Ok((Type::Int, pool.put(Node::FiscalYear(day))))
            }
            ("fiscal_start", [year]) => {
                let year = self.check(pool, year, Type::Int)?;
                Ok((Type::Date, pool.put(Node::FiscalStart(year))))
            }
            ("months_later", [day, months]) => {
                let day = self.check(pool, day, Type::Date)?;
                let months = self.check(pool, months, Type::Int)?;
                Ok((Type::Date, pool.put(Node::MonthsLater(day, months))))
            }
            ("larger", [a, b]) => {
                let (kind, a, b) = self.pair(pool, a, b)?;
                Ok((kind, pool.put(Node::Larger(a, b))))
            }
            (
                "hit",
                [
                    Expr {
                        kind: Kind::Text(rule),
                        at,
                    },
                ],
            ) => match self.hits.get(rule) {
                Some(node) => Ok((Type::Bool, *node)),
                None => fault(*at, format!("there is no rule `{rule}` before this one")),
            },
            ("fiscal_year" | "fiscal_start" | "months_later" | "larger" | "hit", _) => fault(
                at,
                format!("`{name}` does not take {} of these", arguments.len()),
            ),
            _ => fault(
                at,
                format!(
                    "there is no function `{name}`: there are fiscal_year, fiscal_start, months_later, larger, hit"
                ),
            ),
        }
    }
}
