//! The tokens of an expression.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A bare name, a keyword or a function.
    Word(&'a str),
    /// `#name`
    Name(&'a str),
    /// `:value`
    Value(&'a str),
    Number(&'a str),
    /// Anything else; two characters for `<>`, `<=` and `>=`.
    Symbol(&'a str),
}

impl Token<'_> {
    pub(super) fn is(self, symbol: &str) -> bool {
        self == Token::Symbol(symbol)
    }

    /// Keywords come in either case.
    pub(super) fn is_word(self, keyword: &str) -> bool {
        matches!(self, Token::Word(word) if word.eq_ignore_ascii_case(keyword))
    }
}

pub(super) fn tokens(expression: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = expression.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' | ':' => 1 + run(&rest[1..], is_of_word),
            c if c.is_ascii_digit() => run(rest, |c| c.is_ascii_digit()),
            c if is_of_word(c) => run(rest, is_of_word),
            _ if ["<>", "<=", ">="].iter().any(|symbol| rest.starts_with(symbol)) => 2,
            c => c.len_utf8(),
        };
        let (text, behind) = rest.split_at(length);
        tokens.push(match first {
            '#' => Token::Name(text),
            ':' => Token::Value(text),
            c if c.is_ascii_digit() => Token::Number(text),
            c if is_of_word(c) => Token::Word(text),
            _ => Token::Symbol(text),
        });
        rest = behind.trim_start();
    }
    tokens
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}
