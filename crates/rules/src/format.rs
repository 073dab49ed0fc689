//! One way to write a rule file: one phrase a line, two spaces, comments kept.

use toml_edit::{Array, DocumentMut, Item, Value};

/// Formats the text of a rule file.
///
/// # Errors
/// The parser's message when the text is no TOML.
pub fn format(text: &str) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| e.to_string())?;
    for (_, item) in document.iter_mut() {
        tidy(item);
    }
    let mut out = String::new();
    let mut blank = 0;
    for line in document.to_string().lines() {
        let line = line.trim_end();
        blank = if line.is_empty() { blank + 1 } else { 0 };
        if blank <= 1 && !(out.is_empty() && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
    }
    Ok(out.trim_end().to_string() + "\n")
}

fn tidy(item: &mut Item) {
    match item {
        Item::Table(table) => table.iter_mut().for_each(|(_, item)| tidy(item)),
        Item::ArrayOfTables(tables) => {
            tables.iter_mut().flat_map(toml_edit::Table::iter_mut).for_each(|(_, item)| tidy(item))
        }
        Item::Value(Value::Array(array)) => tidy_array(array),
        _ => {}
    }
}

fn tidy_array(array: &mut Array) {
    let width: usize = array.iter().map(|v| v.to_string().trim().chars().count() + 2).sum();
    let commented =
        array.iter().any(|v| v.decor().prefix().is_some_and(|p| p.as_str().is_some_and(|s| s.contains('#'))))
            || array.trailing().as_str().is_some_and(|s| s.contains('#'));
    if width <= 100 && !commented {
        for (n, value) in array.iter_mut().enumerate() {
            value.decor_mut().set_prefix(if n == 0 { "" } else { " " });
            value.decor_mut().set_suffix("");
        }
        array.set_trailing("");
        array.set_trailing_comma(false);
        return;
    }
    for value in array.iter_mut() {
        let comments = comments(value.decor().prefix().and_then(|p| p.as_str()).unwrap_or(""));
        value.decor_mut().set_prefix(format!("{comments}\n  "));
        value.decor_mut().set_suffix("");
    }
    let rest = comments(array.trailing().as_str().unwrap_or(""));
    array.set_trailing(format!("{rest}\n"));
    array.set_trailing_comma(true);
}

/// Keeps the comments of a gap: one on the same line as the value before, the others on lines of their own.
fn comments(gap: &str) -> String {
    let mut out = String::new();
    for (n, line) in gap.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            out.push_str(if n == 0 { " " } else { "\n  " });
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn keeps_comments_and_is_stable() {
        let text = "id = \"a\"\n[phrases]\nru = [ \"один\",   # first\n # alone\n\"два\" ]\n\n\n\n[x]\ny=[1,2]\n";
        let once = format(text).unwrap();
        assert!(once.contains("\"один\", # first\n  # alone\n  \"два\","), "{once}");
        assert_eq!(format(&once).unwrap(), once);
    }
}
