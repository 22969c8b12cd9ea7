//! One pass over the tokens of an expression. The engine checks its grammar.

use std::cmp::Ordering;

use super::findings::Findings;
use super::lexer::{Token, tokens};
use super::placeholders::Placeholders;
use super::rule::Rule;
use super::syntax::{DocumentPath, Expression, ExpressionKind, PathElement};
use super::value::{compare, typed};

/// DynamoDB: the types that `attribute_type` may name.
const TYPES: [&str; 10] = ["S", "SS", "N", "NS", "B", "BS", "BOOL", "NULL", "L", "M"];

const CLAUSES: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

pub(super) struct ExpressionReader<'a, 'p> {
    kind: ExpressionKind,
    tokens: Vec<Token<'a>>,
    at: usize,
    placeholders: &'a mut Placeholders<'p>,
    findings: &'a mut Findings,
    found: Expression,
    /// The number of `BETWEEN` that still miss their `AND`, which is no operator of its own.
    betweens: usize,
    /// The number of open parentheses.
    depth: usize,
    /// True where an action of an update begins, in `SET` or in another clause.
    target: bool,
    sets: bool,
}

impl<'a, 'p> ExpressionReader<'a, 'p> {
    pub(super) fn new(
        kind: ExpressionKind,
        text: &'a str,
        placeholders: &'a mut Placeholders<'p>,
        findings: &'a mut Findings,
    ) -> Self {
        Self {
            kind,
            tokens: tokens(text),
            at: 0,
            placeholders,
            findings,
            found: Expression::default(),
            betweens: 0,
            depth: 0,
            target: false,
            sets: false,
        }
    }

    pub(super) fn read(mut self) -> Expression {
        while let Some(token) = self.peek(0) {
            match token {
                Token::Word(word) if self.is_clause(token) => {
                    self.target = true;
                    self.sets = word.eq_ignore_ascii_case("SET");
                    self.at += 1;
                }
                Token::Word(word) if self.kind != ExpressionKind::Update && is_keyword(word) => {
                    self.keyword(token)
                }
                Token::Word(word) if self.follows("(") => self.function(word),
                Token::Word(_) | Token::Name(_) => self.path(),
                Token::Value(placeholder) => {
                    self.placeholders.use_value(placeholder, self.kind.member(), self.findings);
                    self.at += 1;
                }
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Number(_) => self.at += 1,
            }
        }
        self.found
    }

    fn peek(&self, ahead: usize) -> Option<Token<'a>> {
        self.tokens.get(self.at + ahead).copied()
    }

    fn follows(&self, symbol: &str) -> bool {
        self.peek(1).is_some_and(|token| token.is(symbol))
    }

    fn is_clause(&self, token: Token<'_>) -> bool {
        self.kind == ExpressionKind::Update
            && self.depth == 0
            && CLAUSES.iter().any(|clause| token.is_word(clause))
    }

    fn refuse(&mut self, rule: Rule, message: &str) {
        self.findings.push((rule, format!("Invalid {}: {message}", self.kind.member())));
    }

    fn keyword(&mut self, token: Token<'_>) {
        if token.is_word("AND") && self.betweens > 0 {
            self.betweens -= 1;
        } else {
            self.found.operators += 1;
        }
        if token.is_word("BETWEEN") {
            self.betweens += 1;
            self.bounds();
        }
        if token.is_word("IN") && self.follows("(") {
            let operands = self.operands();
            self.found.in_operands = self.found.in_operands.max(operands);
        }
        self.at += 1;
    }

    /// Checks the bounds behind `BETWEEN`, if both are values.
    fn bounds(&mut self) {
        let (Some(Token::Value(low)), Some(and), Some(Token::Value(high))) =
            (self.peek(1), self.peek(2), self.peek(3))
        else {
            return;
        };
        let (Some(low), Some(high)) = (self.placeholders.value(low), self.placeholders.value(high)) else {
            return;
        };
        if !and.is_word("AND") {
            return;
        }
        if typed(low).map(|(data_type, _)| data_type) != typed(high).map(|(data_type, _)| data_type) {
            self.refuse(
                Rule::BetweenBounds,
                "The BETWEEN operator requires same data type for lower and upper bounds",
            );
        } else if compare(low, high) == Some(Ordering::Greater) {
            self.refuse(
                Rule::BetweenBounds,
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound",
            );
        }
    }

    /// The number of operands behind `IN`: one more than the commas between its parentheses.
    fn operands(&self) -> usize {
        let mut depth = 0_usize;
        let mut commas = 0;
        for token in self.tokens.iter().skip(self.at + 1) {
            match token {
                Token::Symbol("(") => depth += 1,
                Token::Symbol(")") => depth = depth.saturating_sub(1),
                Token::Symbol(",") if depth == 1 => commas += 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        commas + 1
    }

    fn function(&mut self, name: &str) {
        self.found.operators += 1;
        if !self.kind.functions().contains(&name) {
            self.refuse(Rule::Function, &format!("Invalid function name; function: {name}"));
        }
        if name == "attribute_type" {
            let rest = self.tokens.iter().skip(self.at + 1);
            let named = rest.take_while(|token| !token.is(")")).last().copied();
            if let Some(Token::Value(placeholder)) = named {
                let named = self.placeholders.value(placeholder).and_then(typed);
                if named.is_some_and(|(_, name)| !TYPES.iter().any(|known| name == known)) {
                    self.refuse(
                        Rule::Operand,
                        "Invalid attribute type name found; it is none of DynamoDB's types",
                    );
                }
            }
        }
        self.at += 1;
    }

    fn symbol(&mut self, symbol: &str) {
        match symbol {
            "(" => self.depth += 1,
            ")" => self.depth = self.depth.saturating_sub(1),
            "," if self.depth == 0 => self.target = true,
            "+" | "-" => self.found.operators += 1,
            // The sign of an assignment is no operator.
            "=" | "<>" if self.kind != ExpressionKind::Update => self.found.operators += 1,
            "<" | "<=" | ">" | ">=" => {
                self.found.operators += 1;
                self.ordered(symbol);
            }
            _ => {}
        }
        self.at += 1;
    }

    fn ordered(&mut self, operator: &str) {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).copied();
        for operand in [before, self.peek(1)] {
            let Some(Token::Value(placeholder)) = operand else { continue };
            let Some((data_type, _)) = self.placeholders.value(placeholder).and_then(typed) else { continue };
            if !matches!(data_type, "S" | "N" | "B") {
                let message = "Incorrect operand type for operator or function;";
                self.refuse(
                    Rule::Operand,
                    &format!("{message} operator: {operator}, operand type: {data_type}"),
                );
            }
        }
    }

    fn path(&mut self) {
        let mut path = DocumentPath::default();
        loop {
            self.step(&mut path);
            while let (Some(open), Some(Token::Number(index)), Some(close)) =
                (self.peek(0), self.peek(1), self.peek(2))
            {
                if !open.is("[") || !close.is("]") {
                    break;
                }
                path.0.push(PathElement::Index(index.trim_start_matches('0').to_owned()));
                self.at += 3;
            }
            let goes_on = self.peek(0).is_some_and(|token| token.is("."))
                && matches!(self.peek(1), Some(Token::Word(_) | Token::Name(_)));
            if !goes_on {
                break;
            }
            self.at += 1;
        }
        if self.kind == ExpressionKind::Update && self.target && self.depth == 0 {
            self.target = false;
            self.assignment(&path);
            self.found.targets.push(path.clone());
        }
        self.found.paths.push(path);
    }

    fn step(&mut self, path: &mut DocumentPath) {
        let name = match self.peek(0) {
            Some(Token::Name(placeholder)) => {
                self.placeholders.name(placeholder, self.kind.member(), self.findings)
            }
            Some(Token::Word(word)) => {
                if word.starts_with('_') {
                    self.refuse(Rule::BareName, &format!("Syntax error; token: \"{word}\""));
                }
                Some(word)
            }
            _ => None,
        };
        // An undefined name stands for itself, and for no other path: one mistake gives one finding.
        let name = name.map_or_else(|| format!("{:?}", self.peek(0)), str::to_owned);
        path.0.push(PathElement::Name(name));
        self.at += 1;
    }

    /// Keeps the assignment if the action that `path` begins sets an attribute to a value and does nothing else.
    fn assignment(&mut self, path: &DocumentPath) {
        let (Some(equals), Some(Token::Value(value))) = (self.peek(0), self.peek(1)) else { return };
        let ends = self.peek(2).is_none_or(|token| token.is(",") || self.is_clause(token));
        if let ([PathElement::Name(name)], true) = (path.0.as_slice(), self.sets && equals.is("=") && ends) {
            self.found.assigned.push((name.clone(), value.to_owned()));
        }
    }
}

fn is_keyword(word: &str) -> bool {
    ["AND", "OR", "NOT", "IN", "BETWEEN"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword))
}
