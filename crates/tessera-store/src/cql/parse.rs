//! From text to the tree. Recursion is bounded, and so is the text.

use super::{
    filter::{Filter, Sign, Term, TimeRelation},
    lex::{Token, tokens},
    value::{Kind, Value},
};
use crate::years;
use geo::Intersects;
use geo_types::Geometry;

/// The longest filter that a person or a program has a use for; a polygon of 300 corners fits.
pub(crate) const FILTER_BYTES_MAX: usize = 8 * 1024;
/// Parentheses, NOTs and collections of geometries within each other.
const DEPTH_MAX: usize = 32;

/// What a filter may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// For people.
    pub(crate) what: String,
}

/// Why a text is no filter of this collection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("filter, character {}: {what}", at + 1)]
pub(crate) struct FilterError {
    /// Counted in characters from 0.
    pub(crate) at: usize,
    pub(crate) what: String,
}

/// Reads a filter against the columns of a collection.
pub(crate) fn parse(text: &str, columns: &[Column]) -> Result<Filter, FilterError> {
    if text.len() > FILTER_BYTES_MAX {
        let what = format!(
            "the filter has {} bytes; at most {FILTER_BYTES_MAX} are read: ask in several steps",
            text.len()
        );
        return Err(FilterError { at: 0, what });
    }
    let mut parser = Parser { tokens: tokens(text)?, next: 0, depth: 0, columns };
    let filter = parser.either()?;
    match parser.next() {
        (_, Token::End) => Ok(filter),
        (at, other) => {
            let what = format!("{} follows a whole filter; join them with AND or OR", other.say());
            Err(FilterError { at, what })
        }
    }
}

pub(super) struct Parser<'a> {
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    columns: &'a [Column],
}

impl Parser<'_> {
    fn either(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.both()?];
        while self.take_word("OR") {
            parts.push(self.both()?);
        }
        Ok(one_or(parts, Filter::Or))
    }

    fn both(&mut self) -> Result<Filter, FilterError> {
        let mut parts = vec![self.not()?];
        while self.take_word("AND") {
            parts.push(self.not()?);
        }
        Ok(one_or(parts, Filter::And))
    }

    fn not(&mut self) -> Result<Filter, FilterError> {
        self.deeper(|parser| {
            if parser.take_word("NOT") {
                return Ok(Filter::Not(Box::new(parser.not()?)));
            }
            if !parser.take_sign("(") {
                return parser.predicate();
            }
            let inner = parser.either()?;
            parser.sign(")")?;
            Ok(inner)
        })
    }

    /// Reads what stands within something else.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, FilterError>,
    ) -> Result<T, FilterError> {
        if self.depth == DEPTH_MAX {
            let what = format!("nested deeper than {DEPTH_MAX}; write it flatter");
            return Err(FilterError { at: self.here(), what });
        }
        self.depth += 1;
        let read = read(self)?;
        self.depth -= 1;
        Ok(read)
    }

    fn predicate(&mut self) -> Result<Filter, FilterError> {
        let word = match self.peek() {
            Token::Word(word) => word.to_ascii_uppercase(),
            _ => String::new(),
        };
        match word.as_str() {
            "S_INTERSECTS" => return self.spatial(),
            "T_INTERSECTS" => return self.time(TimeRelation::Intersects),
            "T_DISJOINT" => return self.time(TimeRelation::Disjoint),
            "T_DURING" => return self.time(TimeRelation::During),
            "T_BEFORE" => return self.time(TimeRelation::Before),
            "T_AFTER" => return self.time(TimeRelation::After),
            _ => {}
        }
        // TRUE and FALSE stand alone, or are compared.
        let alone = matches!(self.after(), Token::End | Token::Sign(")"))
            || self.after_is("AND")
            || self.after_is("OR");
        if ["TRUE", "FALSE"].contains(&word.as_str()) && alone {
            self.next();
            return Ok(Filter::Is(word == "TRUE"));
        }
        let (left, kind) = self.term()?;
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            self.keyword("NULL")?;
            return Ok(negate_if(negated, Filter::IsNull(left)));
        }
        let negated = self.take_word("NOT");
        let filter = if self.take_word("LIKE") {
            self.like(left, kind)?
        } else if self.take_word("BETWEEN") {
            let low = self.term_of(kind)?;
            self.keyword("AND")?;
            Filter::Between { term: left, low, high: self.term_of(kind)? }
        } else if self.take_word("IN") {
            let list = self.list(|parser| parser.term_of(kind))?;
            Filter::In { term: left, list }
        } else if negated {
            return Err(self.wrong("LIKE, BETWEEN or IN belongs after NOT"));
        } else {
            let sign = self.comparison()?;
            Filter::Compare { left, sign, right: self.term_of(kind)? }
        };
        Ok(negate_if(negated, filter))
    }

    fn comparison(&mut self) -> Result<Sign, FilterError> {
        match self.next() {
            (_, Token::Sign("=")) => Ok(Sign::Equal),
            (_, Token::Sign("<>")) => Ok(Sign::NotEqual),
            (_, Token::Sign("<")) => Ok(Sign::Less),
            (_, Token::Sign("<=")) => Ok(Sign::LessOrEqual),
            (_, Token::Sign(">")) => Ok(Sign::Greater),
            (_, Token::Sign(">=")) => Ok(Sign::GreaterOrEqual),
            (at, other) => {
                let what = format!(
                    "a comparison belongs here (=, <>, <, <=, >, >=, LIKE, BETWEEN, IN, IS NULL) and not {}",
                    other.say()
                );
                Err(FilterError { at, what })
            }
        }
    }

    fn like(&mut self, term: Term, kind: Kind) -> Result<Filter, FilterError> {
        if kind != Kind::Text {
            return Err(self.wrong("LIKE is for text; compare numbers with <, = or BETWEEN"));
        }
        Ok(Filter::Like { term, pattern: self.term_of(Kind::Text)? })
    }

    fn spatial(&mut self) -> Result<Filter, FilterError> {
        self.next();
        self.sign("(")?;
        let left = self.shape()?;
        self.sign(",")?;
        let right = self.shape()?;
        self.sign(")")?;
        Ok(match (left, right) {
            (None, Some(geometry)) | (Some(geometry), None) => {
                Filter::Intersects(Box::new(geometry))
            }
            (Some(left), Some(right)) => Filter::Is(left.intersects(&right)),
            (None, None) => Filter::Is(true),
        })
    }

    /// A geometry, or `None` for the row's own.
    fn shape(&mut self) -> Result<Option<Geometry<f64>>, FilterError> {
        let own = matches!(self.peek(), Token::Word(name) | Token::Quoted(name) if ["geometry", "geom"].contains(&name.as_str()));
        if own {
            self.next();
            return Ok(None);
        }
        self.geometry().map(Some)
    }

    fn time(&mut self, relation: TimeRelation) -> Result<Filter, FilterError> {
        self.next();
        self.sign("(")?;
        let at = self.here();
        if self.word().as_deref() != Some("valid") {
            let what = "a function of time takes the property `valid` first, then a time";
            return Err(FilterError { at, what: what.to_owned() });
        }
        self.sign(",")?;
        let at = self.here();
        let [from, to] = if self.take_word("INTERVAL") {
            self.sign("(")?;
            let from = self.interval_end()?;
            self.sign(",")?;
            let to = self.interval_end()?;
            self.sign(")")?;
            [from, to]
        } else {
            let year = self.instant()?.ok_or_else(|| FilterError {
                at,
                what: "a time belongs here, such as DATE('0150-01-01')".to_owned(),
            })?;
            [Some(year), Some(year)]
        };
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            let what = "the interval ends before it begins; write its earlier end first".to_owned();
            return Err(FilterError { at, what });
        }
        self.sign(")")?;
        Ok(Filter::Time { relation, from, to })
    }

    fn interval_end(&mut self) -> Result<Option<i32>, FilterError> {
        if let Some(year) = self.instant()? {
            return Ok(Some(year));
        }
        match self.next() {
            (_, Token::Text(text)) if text == ".." => Ok(None),
            (at, Token::Text(text)) => year(&text, at).map(Some),
            (at, other) => {
                let what = format!("a date in quotes or '..' belongs here, not {}", other.say());
                Err(FilterError { at, what })
            }
        }
    }

    /// `DATE('…')` or `TIMESTAMP('…')`, to the year.
    fn instant(&mut self) -> Result<Option<i32>, FilterError> {
        if !self.take_word("DATE") && !self.take_word("TIMESTAMP") {
            return Ok(None);
        }
        self.sign("(")?;
        let (at, token) = self.next();
        let Token::Text(text) = token else {
            let what = format!("a date in quotes belongs here, not {}", token.say());
            return Err(FilterError { at, what });
        };
        self.sign(")")?;
        year(&text, at).map(Some)
    }

    /// A term of the kind that it is compared with.
    fn term_of(&mut self, kind: Kind) -> Result<Term, FilterError> {
        let at = self.here();
        let (term, found) = self.term()?;
        let numbers = [Kind::Integer, Kind::Number];
        if found == kind || numbers.contains(&found) && numbers.contains(&kind) {
            return Ok(term);
        }
        let what = match kind {
            Kind::Integer | Kind::Number => {
                "it is compared with a number; write one without quotes"
            }
            Kind::Text => "it is compared with text; write it in 'single quotes'",
            Kind::Boolean => "it is compared with TRUE or FALSE; write one of them",
            Kind::Nested => "a list of figures is not compared; ask for IS NULL or IS NOT NULL",
        };
        Err(FilterError { at, what: what.to_owned() })
    }

    fn term(&mut self) -> Result<(Term, Kind), FilterError> {
        if let Some(year) = self.instant()? {
            return Ok((Term::Literal(Value::Integer(year.into())), Kind::Integer));
        }
        let (at, token) = self.next();
        match token {
            Token::Text(text) => Ok((Term::Literal(text.into()), Kind::Text)),
            Token::Integer(number) => Ok((Term::Literal(Value::Integer(number)), Kind::Integer)),
            Token::Number(number) => Ok((Term::Literal(Value::Number(number)), Kind::Number)),
            Token::Word(word) if word.eq_ignore_ascii_case("CASEI") => {
                self.sign("(")?;
                let term = self.term_of(Kind::Text)?;
                self.sign(")")?;
                Ok((Term::Casei(Box::new(term)), Kind::Text))
            }
            Token::Word(word) if word.eq_ignore_ascii_case("TRUE") => {
                Ok((Term::Literal(Value::Bool(true)), Kind::Boolean))
            }
            Token::Word(word) if word.eq_ignore_ascii_case("FALSE") => {
                Ok((Term::Literal(Value::Bool(false)), Kind::Boolean))
            }
            Token::Word(name) | Token::Quoted(name) => self.column(&name, at),
            other => {
                let what = format!("a property or a value belongs here and not {}", other.say());
                Err(FilterError { at, what })
            }
        }
    }

    fn column(&self, name: &str, at: usize) -> Result<(Term, Kind), FilterError> {
        let found = self.columns.iter().enumerate().find(|(_, column)| column.name == name);
        let Some((index, column)) = found else {
            let what = format!(
                "there is no property {name:?}; the collection's `queryables` list those there are"
            );
            return Err(FilterError { at, what });
        };
        Ok((Term::Column(index), column.kind))
    }

    /// `( one , one , … )`
    pub(super) fn list<T>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Result<T, FilterError>,
    ) -> Result<Vec<T>, FilterError> {
        self.sign("(")?;
        let mut list = vec![one(self)?];
        while self.take_sign(",") {
            list.push(one(self)?);
        }
        self.sign(")")?;
        Ok(list)
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(_, token)| token)
    }

    fn after(&self) -> &Token {
        self.tokens.get(self.next + 1).map_or(&Token::End, |(_, token)| token)
    }

    fn after_is(&self, keyword: &str) -> bool {
        matches!(self.after(), Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn here(&self) -> usize {
        self.tokens.get(self.next).or(self.tokens.last()).map_or(0, |(at, _)| *at)
    }

    pub(super) fn next(&mut self) -> (usize, Token) {
        let found = self.tokens.get(self.next).cloned().unwrap_or((self.here(), Token::End));
        self.next += 1;
        found
    }

    /// The name or keyword that comes next.
    pub(super) fn word(&mut self) -> Option<String> {
        let word = match self.peek() {
            Token::Word(word) | Token::Quoted(word) => word.clone(),
            _ => return None,
        };
        self.next += 1;
        Some(word)
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let is = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(is);
        is
    }

    fn keyword(&mut self, keyword: &'static str) -> Result<(), FilterError> {
        if self.take_word(keyword) {
            return Ok(());
        }
        Err(self.wrong(&format!("{keyword} belongs here")))
    }

    pub(super) fn take_sign(&mut self, sign: &'static str) -> bool {
        let is = *self.peek() == Token::Sign(sign);
        self.next += usize::from(is);
        is
    }

    pub(super) fn sign(&mut self, sign: &'static str) -> Result<(), FilterError> {
        if self.take_sign(sign) {
            return Ok(());
        }
        Err(self.wrong(&format!("{sign:?} belongs here")))
    }

    fn wrong(&self, what: &str) -> FilterError {
        FilterError { at: self.here(), what: format!("{what} and not {}", self.peek().say()) }
    }
}

fn year(text: &str, at: usize) -> Result<i32, FilterError> {
    years::year_of(text).ok_or_else(|| {
        let what = format!("{text:?} is not a date; write one like 0150-01-01 or -000199-01-01");
        FilterError { at, what }
    })
}

fn one_or(mut parts: Vec<Filter>, many: impl FnOnce(Vec<Filter>) -> Filter) -> Filter {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

fn negate_if(negated: bool, filter: Filter) -> Filter {
    if negated { Filter::Not(Box::new(filter)) } else { filter }
}
