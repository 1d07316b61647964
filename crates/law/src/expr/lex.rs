//! Text to tokens.

/// A fault at a byte of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte of the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// A fault.
pub(super) fn fault<T>(at: usize, message: impl Into<String>) -> Result<T, Fault> {
    Err(Fault {
        at,
        message: message.into(),
    })
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Name(String),
    Int(i64),
    Text(String),
    /// An operator or a bracket.
    Sign(&'static str),
    End,
}

impl Token {
    /// For messages.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Name(n) => format!("`{n}`"),
            Self::Int(i) => format!("`{i}`"),
            Self::Text(t) => format!("`'{t}'`"),
            Self::Sign(s) => format!("`{s}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longer signs first.
const SIGNS: [&str; 20] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "?", ":", "(", ")", "[", "]",
    ",", ".",
];

/// Tokens with the bytes where they begin; the last is `End`.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Fault> {
    let mut out = vec![];
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (token, length) = match c {
            _ if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            'a'..='z' | 'A'..='Z' | '_' => word(rest),
            '0'..='9' => whole(rest, at)?,
            '\'' | '"' => quoted(rest, c, at)?,
            _ => match SIGNS.iter().find(|s| rest.starts_with(**s)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => return fault(at, format!("`{c}` has no meaning here")),
            },
        };
        out.push((token, at));
        at += length;
    }
    out.push((Token::End, text.len()));
    Ok(out)
}

fn run(text: &str, keep: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !keep(c)).unwrap_or(text.len());
    &text[..end]
}

fn word(text: &str) -> (Token, usize) {
    let word = run(text, |c| c.is_ascii_alphanumeric() || c == '_');
    (Token::Name(word.to_owned()), word.len())
}

fn whole(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    let digits = run(text, |c| c.is_ascii_digit() || c == '_');
    match digits.replace('_', "").parse() {
        Ok(i) => Ok((Token::Int(i), digits.len())),
        Err(_) => fault(at, format!("`{digits}` is too large")),
    }
}

fn quoted(text: &str, quote: char, at: usize) -> Result<(Token, usize), Fault> {
    match text[1..].find(quote) {
        Some(end) => Ok((Token::Text(text[1..=end].to_owned()), end + 2)),
        None => fault(at, "the text has no closing quote"),
    }
}
