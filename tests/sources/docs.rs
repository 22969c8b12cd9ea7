//! The openings of docs.

use std::fmt;

use proc_macro2::{TokenStream, TokenTree};

use crate::tree::{Tree, attribute, ident, is};

/// The words that open a question or point at something: a doc says what a thing is, or what it does.
const QUESTION_WORDS: [&str; 11] =
    ["What", "Whether", "How", "Where", "Who", "When", "Why", "Which", "It", "As", "That"];

/// The docs of one item, or of a file.
pub(crate) struct DocBlock {
    file: String,
    first_line: String,
}

impl DocBlock {
    pub(crate) fn opens_with_a_question_word(&self) -> bool {
        let word: String = self.first_line.chars().take_while(|c| c.is_alphabetic()).collect();
        QUESTION_WORDS.contains(&word.as_str())
    }
}

impl fmt::Display for DocBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.first_line)
    }
}

/// The doc blocks of a crate.
pub(crate) fn blocks(tree: &Tree) -> Vec<DocBlock> {
    let mut blocks = Vec::new();
    for file in &tree.files {
        let mut first_lines = Vec::new();
        collect(&file.tokens, &mut first_lines);
        let of_file =
            first_lines.into_iter().map(|first_line| DocBlock { file: file.name.clone(), first_line });
        blocks.extend(of_file);
    }
    blocks
}

/// The first line of each run of doc comments, also of those in the definition and in the use of a macro.
fn collect(tokens: &TokenStream, first_lines: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut at = 0;
    // The kind of doc comment that the last tokens were: those of a file end where those of its first item begin.
    let mut goes_on = None;
    while let Some(token) = tokens.get(at) {
        let doc = attribute(&tokens[at..]).and_then(|(length, content)| Some((length, line(&content)?)));
        if let Some((length, line)) = doc {
            if goes_on != Some(length) {
                first_lines.push(line);
            }
            goes_on = Some(length);
            at += length;
            continue;
        }
        goes_on = None;
        if let TokenTree::Group(group) = token {
            collect(&group.stream(), first_lines);
        }
        at += 1;
    }
}

/// The line of a doc comment: `doc = "text"`.
fn line(attribute: &TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = attribute.clone().into_iter().collect();
    let [doc, equals, TokenTree::Literal(text)] = &tokens[..] else { return None };
    if ident(doc)? != "doc" || !is(equals, '=') {
        return None;
    }
    Some(text.to_string().trim_matches(['r', '#', '"']).trim().to_owned())
}

#[test]
fn question_words_are_found() {
    let tree = Tree::made_up(&[(
        "lib.rs",
        "//! What this is.\n//! Whether or not.\n\n/// An order.\n/// How it is.\n#[derive(Debug)]\nstruct Order {\n    \
         /// Whether it is open.\n    is_open: bool,\n    /// Whatever it says.\n    text: String,\n}\n\
         // Why not.\nmacro! {\n    /// It is this.\n    Name;\n}\n",
    )]);
    let blocks = blocks(&tree);
    let found: Vec<_> =
        blocks.iter().filter(|block| block.opens_with_a_question_word()).map(ToString::to_string).collect();
    assert_eq!(found, ["lib.rs: What this is.", "lib.rs: Whether it is open.", "lib.rs: It is this."]);
    assert_eq!(blocks.len(), 5);
}
