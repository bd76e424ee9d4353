//! Words, numbers, strings and signs of a filter, each with the character it begins at.

use super::parse::FilterError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A keyword or a name; which of the two, the parser knows.
    Word(String),
    /// A name in double quotes, which is never a keyword.
    Quoted(String),
    Text(String),
    Integer(i64),
    Number(f64),
    Sign(&'static str),
    End,
}

impl Token {
    /// As an error message names it.
    pub(super) fn say(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Quoted(name) => format!("\"{name}\""),
            Self::Text(text) => format!("'{text}'"),
            Self::Integer(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Sign(sign) => (*sign).to_owned(),
            Self::End => "the end".to_owned(),
        }
    }
}

/// Longer ones first, so that `<=` is not read as `<`.
const SIGNS: [&str; 10] = ["<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "*"];

pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, FilterError> {
    let characters: Vec<char> = text.chars().collect();
    let mut lexer = Lexer { characters: &characters, at: 0 };
    let mut found = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let begin = lexer.at;
        let token = lexer.token()?;
        let ended = token == Token::End;
        found.push((begin, token));
        if ended {
            return Ok(found);
        }
    }
}

struct Lexer<'a> {
    characters: &'a [char],
    at: usize,
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let rest = self.characters.get(self.at..).unwrap_or_default();
        let taken: String = rest.iter().copied().take_while(|c| keep(*c)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn token(&mut self) -> Result<Token, FilterError> {
        let Some(first) = self.peek(0) else { return Ok(Token::End) };
        let digit_next = self.peek(1).is_some_and(|c| c.is_ascii_digit() || c == '.');
        match first {
            '\'' => Ok(Token::Text(self.quoted('\'')?)),
            '"' => Ok(Token::Quoted(self.quoted('"')?)),
            '0'..='9' | '.' => self.number(),
            '+' | '-' if digit_next => self.number(),
            _ if first.is_alphabetic() || first == '_' => {
                let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
                Ok(Token::Word(self.take_while(part)))
            }
            _ => self.sign(first),
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, FilterError> {
        let matches = |sign: &&&str| {
            sign.chars().enumerate().all(|(ahead, wanted)| self.peek(ahead) == Some(wanted))
        };
        let Some(sign) = SIGNS.iter().find(matches) else {
            let what = format!("{first:?} means nothing here; put names of places in 'quotes'");
            return Err(FilterError { at: self.at, what });
        };
        self.at += sign.len();
        Ok(Token::Sign(sign))
    }

    /// A quote within is written twice, or after a backslash.
    fn quoted(&mut self, quote: char) -> Result<String, FilterError> {
        let begin = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(a), Some(b)) if b == quote && (a == quote || a == '\\') => {
                    text.push(quote);
                    self.at += 2;
                }
                (Some(c), _) => {
                    self.at += 1;
                    if c == quote {
                        return Ok(text);
                    }
                    text.push(c);
                }
                (None, _) => {
                    let what = format!("the {quote} that begins here is never closed; add another");
                    return Err(FilterError { at: begin, what });
                }
            }
        }
    }

    fn number(&mut self) -> Result<Token, FilterError> {
        let begin = self.at;
        let mut text: String = self.peek(0).into_iter().collect();
        self.at += 1;
        loop {
            let mantissa = text.ends_with(['e', 'E']);
            match self.peek(0) {
                Some(c) if c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') => text.push(c),
                Some(c @ ('+' | '-')) if mantissa => text.push(c),
                _ => break,
            }
            self.at += 1;
        }
        if let Ok(integer) = text.parse() {
            return Ok(Token::Integer(integer));
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => {
                let what = format!("{text} is not a number; write it like 12 or -3.5");
                Err(FilterError { at: begin, what })
            }
        }
    }
}
