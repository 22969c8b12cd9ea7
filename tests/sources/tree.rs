//! The files of a crate as tokens: a comment, a string or a macro is not mistaken for code.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The source files of a crate.
pub(crate) struct Tree {
    pub(crate) files: Vec<SourceFile>,
}

/// One source file.
pub(crate) struct SourceFile {
    /// Its path from the directory of the sources, such as `outcome/unknown.rs`.
    pub(crate) name: String,
    /// Its module, such as `["outcome", "unknown"]`; empty for the crate's root.
    pub(crate) module: Vec<String>,
    pub(crate) tokens: TokenStream,
}

impl Tree {
    /// Reads `src` of a crate of the workspace.
    pub(crate) fn of(path: &str) -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path).join("src");
        let mut files = Vec::new();
        collect(&src, &mut files);
        assert!(!files.is_empty(), "{path} has no sources");
        let files = files.iter().map(|file| {
            let name = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            SourceFile::new(&name, &fs::read_to_string(file).unwrap())
        });
        Self { files: files.collect() }
    }

    /// Files that are made up, each with its name.
    pub(crate) fn made_up(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(name, text)| SourceFile::new(name, text)).collect() }
    }

    pub(crate) fn file(&self, module: &[String]) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.module == module)
    }
}

impl SourceFile {
    fn new(name: &str, text: &str) -> Self {
        let stem = name.trim_end_matches(".rs");
        let is_root = matches!(stem, "lib" | "main");
        let module = if is_root { Vec::new() } else { stem.split('/').map(str::to_owned).collect() };
        let tokens = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
        Self { name: name.to_owned(), module, tokens }
    }
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// The code among tokens: no attributes, and no module of tests.
pub(crate) fn code(tokens: &TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut code = Vec::new();
    let mut at = 0;
    let mut is_for_tests = false;
    while let Some(token) = tokens.get(at) {
        if let Some((length, attribute)) = attribute(&tokens[at..]) {
            is_for_tests |= attribute.to_string().replace(' ', "") == "cfg(test)";
            at += length;
        } else if is_for_tests {
            // The item that the attribute is for: up to its braces, or to its end.
            is_for_tests = !(is(token, ';') || group(token, Delimiter::Brace).is_some());
            at += 1;
        } else {
            code.push(token.clone());
            at += 1;
        }
    }
    code
}

/// The number of tokens of the attribute that stands first, and its content.
pub(crate) fn attribute(tokens: &[TokenTree]) -> Option<(usize, TokenStream)> {
    tokens.first().filter(|token| is(token, '#'))?;
    let length = if tokens.get(1).is_some_and(|token| is(token, '!')) { 3 } else { 2 };
    Some((length, group(tokens.get(length - 1)?, Delimiter::Bracket)?))
}

pub(crate) fn group(token: &TokenTree, delimiter: Delimiter) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group.stream()),
        _ => None,
    }
}

pub(crate) fn is(token: &TokenTree, punctuation: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == punctuation)
}

pub(crate) fn ident(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(ident) => Some(ident.to_string()),
        _ => None,
    }
}

/// Whether `::` stands first.
pub(crate) fn is_path_separator(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Punct(first), second, ..] => {
            first.as_char() == ':' && first.spacing() == Spacing::Joint && is(second, ':')
        }
        _ => false,
    }
}
