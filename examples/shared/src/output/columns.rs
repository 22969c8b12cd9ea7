use std::fmt;

/// The side of a column on which its values stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table of text whose columns are as wide as their widest value.
#[derive(Debug, Clone)]
pub struct Columns<const N: usize> {
    align: [Align; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Columns<N> {
    /// A table with these headings.
    #[must_use]
    pub fn new(headings: [(&str, Align); N]) -> Self {
        Self {
            align: headings.map(|(_, align)| align),
            rows: vec![headings.map(|(name, _)| name.to_owned())],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, values: [&dyn fmt::Display; N]) {
        self.rows.push(values.map(ToString::to_string));
    }

    /// Adds a row for each item.
    #[must_use]
    pub fn rows<T>(mut self, items: &[T], row: impl Fn(&T) -> [String; N]) -> Self {
        self.rows.extend(items.iter().map(row));
        self
    }

    fn width(&self, column: usize) -> usize {
        self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    }
}

impl<const N: usize> fmt::Display for Columns<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: [usize; N] = std::array::from_fn(|column| self.width(column));
        for row in &self.rows {
            let cells = row.iter().zip(self.align).zip(widths).map(|((value, align), width)| match align {
                Align::Left => format!("{value:<width$}"),
                Align::Right => format!("{value:>width$}"),
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Align, Columns};

    #[test]
    fn columns_are_as_wide_as_their_widest_value() {
        let mut columns =
            Columns::new([("id", Align::Right), ("title", Align::Left), ("price", Align::Right)]);
        columns.row([&7, &"Ärger", &"2.65"]);
        columns.row([&100, &"b", &"167.68"]);
        assert_eq!(columns.to_string(), " id  title   price\n  7  Ärger    2.65\n100  b      167.68\n");
    }
}
