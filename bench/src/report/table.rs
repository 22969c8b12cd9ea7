//! Tables for the terminal.

use super::{CaseResult, HEADINGS};

/// The table of a case.
pub(crate) fn table(result: &CaseResult) -> String {
    let rows: Vec<[String; 7]> = std::iter::once(HEADINGS.map(str::to_owned)).chain(result.cells()).collect();
    format!("{}: {}\n", result.name, result.about) + &aligned(&rows)
}

/// Rows of cells in columns.
pub(crate) fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let mut out = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            // The names are aligned to the left, the numbers to the right.
            out += &if column == 0 { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") };
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let table = table(&super::super::tests::result());
        let widths: Vec<_> = table.lines().skip(1).map(|line| line.chars().count()).collect();
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{table}");
    }
}
