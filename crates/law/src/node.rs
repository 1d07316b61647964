//! The compact form of conditions: a pool of nodes, each standing once however many rules use it.
//! A node's operands always stand before it, so one pass from first to last evaluates all rules.

use crate::expr::{Arith, Cmp};
use crate::tri::Tri;
use std::collections::HashMap;

/// Number of a node.
pub type NodeId = u32;

/// One step of evaluation. "Number" nodes give a number or nothing, "truth" nodes a [`Tri`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// A number.
    Number(i64),
    /// A truth.
    Truth(Tri),
    /// A fact that is a number.
    Fact(u16),
    /// A fact that is true or false.
    Holds(u16),
    /// A dated value on a day.
    Value(u32, NodeId),
    /// Two numbers compared.
    Compare(Cmp, NodeId, NodeId),
    /// A number against a constant: the commonest comparison, with a fast path over columns.
    Against(Cmp, NodeId, i64),
    /// Whether a number is one of some.
    Among(NodeId, Box<[i64]>),
    /// Whether a partner stands on a list on a day.
    Listed(NodeId, u16, NodeId),
    /// The contrary.
    Not(NodeId),
    /// All of them.
    All(Box<[NodeId]>),
    /// Any of them.
    Any(Box<[NodeId]>),
    /// A sum, difference or product.
    Arith(Arith, NodeId, NodeId),
    /// An amount times a rate in millionths.
    Share(NodeId, NodeId),
    /// One number or another.
    Choose(NodeId, NodeId, NodeId),
    /// One truth or another.
    ChooseTruth(NodeId, NodeId, NodeId),
    /// Fiscal year of a day.
    FiscalYear(NodeId),
    /// First day of a fiscal year.
    FiscalStart(NodeId),
    /// A day so many months later.
    MonthsLater(NodeId, NodeId),
    /// The larger of two numbers.
    Larger(NodeId, NodeId),
    /// A number as stated; else as derived; else, where a package asks for it, the clear value.
    Otherwise(NodeId, Option<NodeId>, Option<i64>),
    /// The same for a truth.
    OtherwiseTruth(NodeId, Option<NodeId>, Option<Tri>),
}

impl Node {
    /// The nodes it needs.
    pub fn operands(&self, mut each: impl FnMut(NodeId)) {
        match self {
            Self::Number(_) | Self::Truth(_) | Self::Fact(_) | Self::Holds(_) => {}
            Self::Value(_, a)
            | Self::Against(_, a, _)
            | Self::Among(a, _)
            | Self::Not(a)
            | Self::FiscalYear(a)
            | Self::FiscalStart(a) => each(*a),
            Self::Compare(_, a, b)
            | Self::Listed(a, _, b)
            | Self::Arith(_, a, b)
            | Self::Share(a, b)
            | Self::MonthsLater(a, b)
            | Self::Larger(a, b) => [*a, *b].into_iter().for_each(each),
            Self::All(parts) | Self::Any(parts) => parts.iter().copied().for_each(each),
            Self::Choose(c, a, b) | Self::ChooseTruth(c, a, b) => {
                [*c, *a, *b].into_iter().for_each(each);
            }
            Self::Otherwise(a, b, _) | Self::OtherwiseTruth(a, b, _) => {
                each(*a);
                b.iter().copied().for_each(each);
            }
        }
    }

    /// Whether it gives a [`Tri`].
    #[must_use]
    pub fn is_truth(&self) -> bool {
        matches!(
            self,
            Self::Truth(_)
                | Self::Holds(_)
                | Self::Compare(..)
                | Self::Against(..)
                | Self::Among(..)
                | Self::Listed(..)
                | Self::Not(_)
                | Self::All(_)
                | Self::Any(_)
                | Self::ChooseTruth(..)
                | Self::OtherwiseTruth(..)
        )
    }
}

/// Nodes, each once.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    nodes: Vec<Node>,
    numbers: HashMap<Node, NodeId>,
}

impl Pool {
    /// The nodes in order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A node of the pool.
    #[must_use]
    pub fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }

    /// Puts a node in, or finds it.
    pub fn put(&mut self, node: Node) -> NodeId {
        if let Some(id) = self.numbers.get(&node) {
            return *id;
        }
        let id = self.nodes.len() as NodeId;
        self.nodes.push(node.clone());
        self.numbers.insert(node, id);
        id
    }

    /// All of some truths; simplified.
    pub fn all(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.joined(
            parts,
            Tri::TRUE,
            |n| match n {
                Node::All(p) => Some(p.clone()),
                _ => None,
            },
            Node::All,
        )
    }

    /// Any of some truths; simplified.
    pub fn any(&mut self, parts: impl IntoIterator<Item = NodeId>) -> NodeId {
        self.joined(
            parts,
            Tri::FALSE,
            |n| match n {
                Node::Any(p) => Some(p.clone()),
                _ => None,
            },
            Node::Any,
        )
    }

    fn joined(
        &mut self,
        parts: impl IntoIterator<Item = NodeId>,
        neutral: Tri,
        open: impl Fn(&Node) -> Option<Box<[NodeId]>>,
        join: impl Fn(Box<[NodeId]>) -> Node,
    ) -> NodeId {
        let mut flat = vec![];
        for part in parts {
            match open(self.get(part)) {
                Some(inner) => flat.extend(inner.iter().copied()),
                None => flat.push(part),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        flat.retain(|p| *self.get(*p) != Node::Truth(neutral));
        match flat[..] {
            [] => self.put(Node::Truth(neutral)),
            [one] => one,
            _ => self.put(join(flat.into())),
        }
    }

    /// The contrary of a truth.
    pub fn not(&mut self, a: NodeId) -> NodeId {
        match self.get(a) {
            Node::Not(inner) => *inner,
            Node::Truth(t) => {
                let t = t.negated();
                self.put(Node::Truth(t))
            }
            _ => self.put(Node::Not(a)),
        }
    }

    /// A comparison; against a constant where one side is one.
    pub fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        let turned = match cmp {
            Cmp::Lt => Cmp::Gt,
            Cmp::Le => Cmp::Ge,
            Cmp::Gt => Cmp::Lt,
            Cmp::Ge => Cmp::Le,
            same => same,
        };
        match (self.get(a), self.get(b)) {
            (_, Node::Number(n)) => {
                let n = *n;
                self.put(Node::Against(cmp, a, n))
            }
            (Node::Number(n), _) => {
                let n = *n;
                self.put(Node::Against(turned, b, n))
            }
            _ => self.put(Node::Compare(cmp, a, b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_condition_stands_once() {
        let mut pool = Pool::default();
        let a = pool.put(Node::Holds(0));
        let b = pool.put(Node::Holds(1));
        let ab = pool.all([a, b]);
        assert_eq!(pool.all([b, a]), ab);
        assert_eq!(pool.all([a]), a);
        let before = pool.nodes().len();
        let truth = pool.put(Node::Truth(Tri::TRUE));
        assert_eq!(pool.all([truth, ab]), ab);
        assert_eq!(pool.nodes().len(), before + 1);
    }
}
