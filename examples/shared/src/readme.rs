//! The parts of a README that are generated.

use std::{fs, path::Path};

/// Compares the keys of a table in the README of a crate with those of its schema; with `UPDATE_EXPECT` it writes them.
///
/// They stand between a comment that names the schema and one that ends them.
///
/// # Errors
/// They differ, or the README has no such place.
pub fn compare_keys(manifest: &str, schema: &str, generated: &str) -> Result<(), String> {
    let path = Path::new(manifest).join("README.md");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let readme = fs::read_to_string(&path).map_err(failed)?;
    let (begins, ends) = (format!("<!-- the keys of `{schema}` -->\n"), "<!-- end of the keys -->");
    let (before, rest) = readme.split_once(&begins).ok_or_else(|| format!("no {begins}"))?;
    let (found, after) = rest.split_once(ends).ok_or_else(|| format!("no {ends}"))?;
    if found == generated {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return fs::write(&path, format!("{before}{begins}{generated}{ends}{after}")).map_err(failed);
    }
    Err(format!("the README has\n{found}\nand the schema\n{generated}\nUPDATE_EXPECT=1 writes it"))
}
