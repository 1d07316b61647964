//! The language of conditions: a typed subset of CEL. Text to tree here and in `parse`; names and
//! types are checked in `check`.

pub mod check;
mod lex;
mod parse;

pub use lex::Fault;
pub use parse::parse;

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cmp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Cmp {
    /// Whether two numbers stand so.
    #[must_use]
    pub fn holds(self, a: i64, b: i64) -> bool {
        match self {
            Self::Eq => a == b,
            Self::Ne => a != b,
            Self::Lt => a < b,
            Self::Le => a <= b,
            Self::Gt => a > b,
            Self::Ge => a >= b,
        }
    }
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arith {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`; an amount times a rate, or times a whole number.
    Mul,
}

/// A tree, and the byte of the text where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// First byte.
    pub at: usize,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true`, `false`
    Bool(bool),
    /// `15`
    Int(i64),
    /// `'USD 14_000_000'`, `'2023-04-04'`, `'military'`: its type comes from what it stands beside.
    Text(String),
    /// `mde_value`, `values.cap`, `lists.nato`
    Name(Vec<String>),
    /// `fiscal_year(date)`
    Call(String, Vec<Expr>),
    /// `!a`
    Not(Box<Expr>),
    /// `a && b && c`
    And(Vec<Expr>),
    /// `a || b || c`
    Or(Vec<Expr>),
    /// `a < b`
    Compare(Cmp, Box<Expr>, Box<Expr>),
    /// `a + b`
    Arith(Arith, Box<Expr>, Box<Expr>),
    /// `a in ['x', 'y']` or `a in lists.nato`
    In(Box<Expr>, Box<Expr>),
    /// `['x', 'y']`
    List(Vec<Expr>),
    /// `a ? b : c`
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
}
