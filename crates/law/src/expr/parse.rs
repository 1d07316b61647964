//! Tokens to a tree, by precedence: `?:`, `||`, `&&`, comparisons and `in`, `+ -`, `*`, `!`.

use super::lex::{Fault, Token, fault, tokens};
use super::{Arith, Cmp, Expr, Kind};

/// Deeper nesting is refused.
const DEEPEST: usize = 60;

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    depth: usize,
}

/// Parses one expression.
///
/// # Errors
/// With the byte of the first token that does not fit.
pub fn parse(text: &str) -> Result<Expr, Fault> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens,
        next: 0,
        depth: 0,
    };
    let expr = parser.choice()?;
    match parser.peek() {
        (Token::End, _) => Ok(expr),
        (other, at) => fault(
            *at,
            format!(
                "{} comes too soon after what stands before it",
                other.shown()
            ),
        ),
    }
}

type Parsed = Result<Expr, Fault>;

impl Parser {
    fn peek(&self) -> &(Token, usize) {
        // INVARIANT: the last token is `End` and is never passed.
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> (Token, usize) {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let found = matches!(&self.peek().0, Token::Sign(s) if *s == wanted);
        self.next += usize::from(found);
        found
    }

    fn want(&mut self, wanted: &str) -> Result<(), Fault> {
        if self.sign(wanted) {
            return Ok(());
        }
        let (token, at) = self.peek();
        fault(
            *at,
            format!("`{wanted}` is wanted here, not {}", token.shown()),
        )
    }

    fn choice(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > DEEPEST {
            return fault(self.peek().1, "it is nested too deeply");
        }
        let condition = self.any()?;
        let expr = if self.sign("?") {
            let then = self.choice()?;
            self.want(":")?;
            let other = self.choice()?;
            Expr {
                at: condition.at,
                kind: Kind::Choose(condition.into(), then.into(), other.into()),
            }
        } else {
            condition
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn any(&mut self) -> Parsed {
        let first = self.all()?;
        let mut parts = vec![first];
        while self.sign("||") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Kind::Or))
    }

    fn all(&mut self) -> Parsed {
        let first = self.comparison()?;
        let mut parts = vec![first];
        while self.sign("&&") {
            parts.push(self.comparison()?);
        }
        Ok(joined(parts, Kind::And))
    }

    fn comparison(&mut self) -> Parsed {
        const SIGNS: [(&str, Cmp); 6] = [
            ("==", Cmp::Eq),
            ("!=", Cmp::Ne),
            ("<=", Cmp::Le),
            (">=", Cmp::Ge),
            ("<", Cmp::Lt),
            (">", Cmp::Gt),
        ];
        let left = self.sum()?;
        let at = left.at;
        if matches!(&self.peek().0, Token::Name(n) if n == "in") {
            self.next += 1;
            let right = self.sum()?;
            return Ok(Expr {
                at,
                kind: Kind::In(left.into(), right.into()),
            });
        }
        for (sign, cmp) in SIGNS {
            if self.sign(sign) {
                let right = self.sum()?;
                return Ok(Expr {
                    at,
                    kind: Kind::Compare(cmp, left.into(), right.into()),
                });
            }
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parsed {
        let mut left = self.product()?;
        loop {
            let arith = if self.sign("+") {
                Arith::Add
            } else if self.sign("-") {
                Arith::Sub
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = Expr {
                at: left.at,
                kind: Kind::Arith(arith, left.into(), right.into()),
            };
        }
    }

    fn product(&mut self) -> Parsed {
        let mut left = self.unary()?;
        while self.sign("*") {
            let right = self.unary()?;
            left = Expr {
                at: left.at,
                kind: Kind::Arith(Arith::Mul, left.into(), right.into()),
            };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        let at = self.peek().1;
        if self.sign("!") {
            self.depth += 1;
            if self.depth > DEEPEST {
                return fault(at, "it is nested too deeply");
            }
            let inner = self.unary()?;
            self.depth -= 1;
            return Ok(Expr {
                at,
                kind: Kind::Not(inner.into()),
            });
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed {
        let (token, at) = self.take();
        let kind = match token {
            Token::Int(i) => Kind::Int(i),
            Token::Text(t) => Kind::Text(t),
            Token::Name(n) if n == "true" || n == "false" => Kind::Bool(n == "true"),
            Token::Name(n) => return self.name(n, at),
            Token::Sign("(") => {
                let inner = self.choice()?;
                self.want(")")?;
                return Ok(Expr { at, ..inner });
            }
            Token::Sign("[") => Kind::List(self.several("]")?),
            other => {
                return fault(
                    at,
                    format!(
                        "a fact, a value or a literal is wanted here, not {}",
                        other.shown()
                    ),
                );
            }
        };
        Ok(Expr { kind, at })
    }

    fn name(&mut self, first: String, at: usize) -> Parsed {
        if self.sign("(") {
            let arguments = self.several(")")?;
            return Ok(Expr {
                kind: Kind::Call(first, arguments),
                at,
            });
        }
        let mut path = vec![first];
        while self.sign(".") {
            match self.take() {
                (Token::Name(n), _) => path.push(n),
                (other, at) => {
                    return fault(
                        at,
                        format!("a name is wanted after `.`, not {}", other.shown()),
                    );
                }
            }
        }
        Ok(Expr {
            kind: Kind::Name(path),
            at,
        })
    }

    fn several(&mut self, close: &'static str) -> Result<Vec<Expr>, Fault> {
        let mut out = vec![];
        if self.sign(close) {
            return Ok(out);
        }
        loop {
            out.push(self.choice()?);
            if self.sign(close) {
                return Ok(out);
            }
            self.want(",")?;
        }
    }
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Kind) -> Expr {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let at = parts[0].at;
    Expr {
        kind: join(parts),
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> (usize, String) {
        let f = parse(text).unwrap_err();
        (f.at, f.message)
    }

    #[test]
    fn conjunction_binds_tighter_than_disjunction() {
        let Kind::Or(parts) = parse("a || b && c").unwrap().kind else {
            panic!()
        };
        assert!(matches!(parts[1].kind, Kind::And(_)));
    }

    #[test]
    fn faults_stand_at_their_token() {
        assert_eq!(fails("a && ").0, 5);
        assert_eq!(fails("a b").0, 2);
        assert_eq!(fails("x in ['a'").0, 9);
        assert_eq!(fails("a # b").0, 2);
        assert_eq!(fails("'a").0, 0);
    }

    #[test]
    fn endless_nesting_is_refused() {
        assert!(parse(&"(".repeat(5_000)).is_err());
        assert!(parse(&"!".repeat(5_000)).is_err());
    }
}
