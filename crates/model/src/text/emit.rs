//! Writes trees as YAML that people like to read: small records on one line, texts as blocks, quotes only where needed.

use crate::tree::Tree;

/// The width up to which a record or a list stands on one line, in characters.
const LINE_WIDTH: usize = 110;

/// The longest piece of a text that stands on one line of its own file, in characters; far below the line limit, because
/// a character can take ten bytes there.
const PIECE_LENGTH_LIMIT: usize = 4096;

/// A section with one record.
pub(super) fn single(section: &str, record: &Tree) -> String {
    let mut out = format!("{section}:\n");
    fields(record, 2, &mut out);
    out
}

/// A record as an element of its section's list.
pub(super) fn element(record: &Tree) -> String {
    let mut out = String::new();
    list_element(record, 2, is_flat(record), &mut out);
    out
}

/// A value by itself, as it would stand below its key.
pub(super) fn value(tree: &Tree) -> String {
    let mut out = String::new();
    match tree {
        Tree::List(elements) => elements
            .iter()
            .for_each(|element| list_element(element, 0, true, &mut out)),
        Tree::Map(entries) if !entries.is_empty() => fields(tree, 0, &mut out),
        scalar => out.push_str(&block_scalar(scalar, 0)),
    }
    out.trim_end().to_string()
}

/// Whether a record is small enough in its structure to be read at a glance: scalars, and lists of scalars.
fn is_flat(record: &Tree) -> bool {
    let is_scalar = |tree: &Tree| tree.is_null() || tree.scalar().is_some();
    record.entries().iter().all(|(_, value)| match value {
        Tree::List(elements) => elements.iter().all(is_scalar),
        other => is_scalar(other),
    })
}

/// Writes an element of a list: on one line if it may and fits, else key by key.
fn list_element(tree: &Tree, indent: usize, may_be_one_line: bool, out: &mut String) {
    let margin = " ".repeat(indent);
    let line = flow(tree).filter(|line| line.chars().count() + indent + 2 <= LINE_WIDTH);
    match (tree, line) {
        (_, Some(line)) if may_be_one_line => out.push_str(&format!("{margin}- {line}\n")),
        (Tree::Map(entries), _) if !entries.is_empty() => {
            let mut text = String::new();
            fields(tree, indent + 2, &mut text);
            // The first key stands beside the dash.
            let rest = text.get(indent + 2..).unwrap_or_default();
            out.push_str(&format!("{margin}- {rest}"));
        }
        (Tree::Plain(_) | Tree::Text(_), _) => {
            out.push_str(&format!("{margin}- {}\n", block_scalar(tree, indent)));
        }
        _ => out.push_str(&format!("{margin}- {}\n", flow_or_nothing(tree))),
    }
}

/// Writes the entries of a group, one below the other.
fn fields(group: &Tree, indent: usize, out: &mut String) {
    let margin = " ".repeat(indent);
    for (name, value) in group.entries() {
        out.push_str(&format!("{margin}{name}:"));
        let line =
            flow(value).filter(|line| line.chars().count() + indent + name.len() + 2 <= LINE_WIDTH);
        match (value, line) {
            (Tree::Null, _) => out.push_str(" ~\n"),
            (Tree::Plain(_) | Tree::Text(_), _) => {
                out.push_str(&format!(" {}\n", block_scalar(value, indent)));
            }
            (_, Some(line)) => out.push_str(&format!(" {line}\n")),
            (Tree::List(elements), None) => {
                out.push('\n');
                for element in elements {
                    list_element(element, indent + 2, true, out);
                }
            }
            (Tree::Map(_), None) => {
                out.push('\n');
                fields(value, indent + 2, out);
            }
        }
    }
}

/// A tree on one line; `None` if it holds text that goes over several lines.
fn flow(tree: &Tree) -> Option<String> {
    let join = |parts: Vec<String>| parts.join(", ");
    match tree {
        Tree::Null => Some("~".to_string()),
        Tree::Plain(text) => Some(number(text)),
        Tree::Text(text) if text.contains('\n') => None,
        Tree::Text(text) if is_plain(text) && !text.contains([',', '[', ']', '{', '}']) => {
            Some(text.clone())
        }
        Tree::Text(text) => Some(quoted(text)),
        Tree::List(elements) => {
            let parts: Option<Vec<String>> = elements.iter().map(flow).collect();
            Some(format!("[{}]", join(parts?)))
        }
        Tree::Map(entries) if entries.is_empty() => Some("{}".to_string()),
        Tree::Map(entries) => {
            let parts: Option<Vec<String>> = entries
                .iter()
                .map(|(name, value)| Some(format!("{name}: {}", flow(value)?)))
                .collect();
            Some(format!("{{ {} }}", join(parts?)))
        }
    }
}

fn flow_or_nothing(tree: &Tree) -> String {
    flow(tree).unwrap_or_else(|| "~".to_string())
}

/// A scalar that may take the rest of its line and those below it, which are indented further than `indent`.
fn block_scalar(tree: &Tree, indent: usize) -> String {
    match tree {
        Tree::Text(text) if text.chars().count() > PIECE_LENGTH_LIMIT => pieces(text, indent + 2),
        Tree::Text(text) if is_plain(text) => text.clone(),
        Tree::Text(text) => literal(text, indent + 2).unwrap_or_else(|| quoted(text)),
        other => flow_or_nothing(other),
    }
}

/// A number in the shorter of its two forms. Only fractions can get long; amounts, which are exact, do not.
fn number(text: &str) -> String {
    /// The longest exact amount of money has 29 digits, a sign and a point.
    const LENGTH_LIMIT: usize = 31;
    match text.parse::<f64>() {
        Ok(value) if text.len() > LENGTH_LIMIT => format!("{value:e}"),
        _ => text.to_string(),
    }
}

/// Whether a text can stand without quotes and is still read as that text.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let is_word_of_yaml = matches!(
        text.to_ascii_lowercase().as_str(),
        "~" | "null" | "true" | "false"
    );
    !"-?:,[]{}#&*!|>'\"%@`.=<".contains(first)
        && text.trim() == text
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && text.chars().all(is_printable)
        && !is_word_of_yaml
        && !is_number_of_yaml(text)
}

/// What other readers of YAML take for a number.
fn is_number_of_yaml(text: &str) -> bool {
    text.parse::<f64>().is_ok()
        || text.starts_with("0x")
        || text.starts_with("0o")
        || (text.starts_with('+') && text.len() > 1)
}

/// Whether a character shows what it is. The others are written as escapes.
fn is_printable(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{feff}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff0}'..='\u{ffff}'
        )
}

/// A text of several lines as a block, if a block can hold it.
fn literal(text: &str, indent: usize) -> Option<String> {
    let body = text.strip_suffix('\n');
    let header = if body.is_some() { "|" } else { "|-" };
    let body = body.unwrap_or(text);
    let lines: Vec<&str> = body.split('\n').collect();
    let can_hold = lines.len() > 1 || header == "|";
    let is_clear = |line: &&str| {
        line.chars().all(is_printable) && (line.is_empty() || !line.trim().is_empty())
    };
    let first = lines.first()?;
    let last = lines.last()?;
    let begins_and_ends = !first.is_empty() && !first.starts_with(' ') && !last.is_empty();
    if !can_hold || !begins_and_ends || !lines.iter().all(is_clear) {
        return None;
    }
    let margin = " ".repeat(indent);
    let mut out = header.to_string();
    for line in lines {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&margin);
            out.push_str(line);
        }
    }
    Some(out)
}

/// The text in double quotes, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    text.chars()
        .for_each(|character| escape(character, &mut out));
    out.push('"');
    out
}

/// A long text in double quotes, broken into pieces of which a backslash says that they belong together.
fn pieces(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut out = String::from('"');
    for (count, character) in text.chars().enumerate() {
        if count > 0 && count % PIECE_LENGTH_LIMIT == 0 {
            out.push_str("\\\n");
            out.push_str(&margin);
            if character == ' ' {
                out.push('\\');
            }
        }
        escape(character, &mut out);
    }
    out.push('"');
    out
}

fn escape(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        other if is_printable(other) => out.push(other),
        other => match u32::from(other) {
            code @ 0..=0xffff => out.push_str(&format!("\\u{code:04x}")),
            code => out.push_str(&format!("\\U{code:08x}")),
        },
    }
}
