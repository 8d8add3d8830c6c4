//! Differences in words, the way people say them: `objective arrive-on-time: owner r-okafor -> a-lima`.

use std::fmt;

use throughline_core::finding::Segment;

use super::{Changed, Difference, PartChange, PartSort};
use crate::kind::Kind;
use crate::tree::Tree;

/// Text up to this many characters stands in the line itself.
const SHORT_TEXT_LENGTH_MAX: usize = 60;

/// What a field means that is left out, where that is not nothing. (A truth value left out is false.)
const MEANT_BY_ABSENCE: [(&str, &str); 8] = [
    ("weight", "1"),
    ("critical", "false"),
    ("financial", "false"),
    ("seasonal", "false"),
    ("joined", "steps"),
    ("below", "standard"),
    ("fiscal_year_starts", "january"),
    ("week_starts", "monday"),
];

/// What one element of a list is called.
const ELEMENTS: [(&str, &str); 12] = [
    ("measures", "measure"),
    ("supports", "supported objective"),
    ("serves", "served objective"),
    ("themes", "theme"),
    ("milestones", "milestone"),
    ("parents", "parent"),
    ("reported_by", "reporting unit"),
    ("levels", "level"),
    ("silences", "silence"),
    ("members", "member"),
    ("present", "person present"),
    ("whys", "answer"),
];

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Changed::Reordered(..) = self.change {
            return write!(formatter, "order of {} changed", self.kind.section());
        }
        formatter.write_str(&subject(self.kind, &self.key))?;
        match &self.change {
            Changed::Added(_) => formatter.write_str(": added"),
            Changed::Retired(_) => formatter.write_str(": retired"),
            Changed::Renamed(before) => write!(formatter, ": renamed from {before}"),
            Changed::Reordered(..) => Ok(()),
            Changed::Part(part) => {
                formatter.write_str(&part_in_words(self.kind, part))?;
                if formatter.alternate() && is_long(part) {
                    below(formatter, '-', part.before.as_ref())?;
                    below(formatter, '+', part.after.as_ref())?;
                }
                Ok(())
            }
        }
    }
}

impl Difference {
    /// The record in words, as a line begins with it: `objective arrive-on-time`.
    pub fn subject(&self) -> String {
        subject(self.kind, &self.key)
    }
}

/// The record in words: `objective arrive-on-time`, `target of on-time-arrival for ewr`.
pub(crate) fn subject(kind: Kind, key: &str) -> String {
    let ends = match kind {
        Kind::Target => key.split_once('@'),
        Kind::Link => key.split_once('>'),
        _ => None,
    };
    match (kind, ends) {
        (Kind::Target, Some((measure, unit))) => format!("target of {measure} for {unit}"),
        (_, Some((cause, effect))) => format!("link from {cause} to {effect}"),
        _ => format!("{kind} {key}"),
    }
}

/// The way to a part in words, with what separates it from the record before it: `, 2013-W40`, `: owner`.
pub(crate) fn path_in_words(kind: Kind, path: &[Segment]) -> String {
    match path {
        [Segment::Field(list), Segment::Key(period), rest @ ..]
            if kind == Kind::Target && list == "points" =>
        {
            let rest = match rest {
                [Segment::Field(value)] if value == "value" => "",
                _ => &fields_in_words(rest),
            };
            format!(", {period}:{rest}")
        }
        _ => format!(":{}", fields_in_words(path)),
    }
}

/// ` measure arrival-delay weight`
fn fields_in_words(path: &[Segment]) -> String {
    let mut words = String::new();
    let mut segments = path.iter().peekable();
    while let Some(segment) = segments.next() {
        words.push(' ');
        match segment {
            Segment::Field(name) if matches!(segments.peek(), Some(Segment::Key(_))) => {
                words.push_str(element_word(name));
            }
            Segment::Field(name) => words.push_str(&name.replace('_', " ")),
            Segment::Key(key) if key.is_empty() => words.push_str("from the beginning"),
            Segment::Key(key) => words.push_str(key),
            Segment::Index(index) => words.push_str(&(index + 1).to_string()),
        }
    }
    words
}

fn element_word(list: &str) -> &str {
    ELEMENTS
        .iter()
        .find(|(name, _)| *name == list)
        .map_or(list, |(_, word)| word)
}

fn part_in_words(kind: Kind, part: &PartChange) -> String {
    let path = part.path.segments();
    let place = path_in_words(kind, path);
    match part.sort {
        PartSort::Order => format!(": order of{} changed", fields_in_words(path)),
        PartSort::Element => element_in_words(kind, &place, part),
        PartSort::Prose | PartSort::Text if is_long(part) => match (&part.before, &part.after) {
            (None, _) => format!("{place} added"),
            (_, None) => format!("{place} removed"),
            _ => format!("{place} changed"),
        },
        PartSort::Prose | PartSort::Text | PartSort::Value => {
            let quoted = part.sort != PartSort::Value;
            let (before, after) = (value(path, &part.before), value(path, &part.after));
            match aligned(before, after) {
                (Some(before), Some(after)) => {
                    format!(
                        "{place} {} -> {}",
                        quote(before, quoted),
                        quote(after, quoted)
                    )
                }
                (None, Some(after)) => format!("{place} {} added", quote(after, quoted)),
                (Some(before), None) => format!("{place} {} removed", quote(before, quoted)),
                (None, None) => place,
            }
        }
    }
}

/// ` measure arrival-delay added (weight 2)`, and of a target its point: `, 2013-W40: 0.8 added`.
fn element_in_words(kind: Kind, place: &str, part: &PartChange) -> String {
    let (element, verb) = match (&part.before, &part.after) {
        (_, Some(after)) => (after, "added"),
        (Some(before), None) => (before, "removed"),
        (None, None) => return place.to_string(),
    };
    let is_point = kind == Kind::Target && place.starts_with(',');
    if let (true, Some(value)) = (is_point, element.get("value")) {
        return format!("{place} {} {verb}", in_line(value));
    }
    // The first field of an element is what it is named by, and stands in the path already.
    let others = element.entries().iter().skip(1);
    let others: Vec<String> = others
        .map(|(name, value)| match value.scalar() {
            Some("true") => name.replace('_', " "),
            _ => format!("{} {}", name.replace('_', " "), in_line(value)),
        })
        .collect();
    if others.is_empty() {
        format!("{place} {verb}")
    } else {
        format!("{place} {verb} ({})", others.join(", "))
    }
}

/// What is shown of a value, or what its absence means.
fn value(path: &[Segment], tree: &Option<Tree>) -> Option<String> {
    if let Some(tree) = tree {
        return Some(in_line(tree));
    }
    let Some(Segment::Field(name)) = path.last() else {
        return None;
    };
    let meant = MEANT_BY_ABSENCE.iter().find(|(field, _)| field == name);
    meant.map(|(_, meaning)| (*meaning).to_string())
}

/// A value in one line: a range as `0.85..0.92`, a group by its fields.
pub(crate) fn in_line(tree: &Tree) -> String {
    match tree {
        Tree::Null => "nothing".to_string(),
        Tree::Plain(text) | Tree::Text(text) => text.clone(),
        Tree::List(elements) => match elements.as_slice() {
            [Tree::Plain(low), Tree::Plain(high)] => format!("{low}..{high}"),
            _ => elements.iter().map(in_line).collect::<Vec<_>>().join(", "),
        },
        Tree::Map(entries) => {
            let fields = entries
                .iter()
                .map(|(name, value)| format!("{} {}", name.replace('_', " "), in_line(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
    }
}

/// Gives two numbers the same count of decimals, so that they compare at a glance: 0.78 and 0.80.
fn aligned(before: Option<String>, after: Option<String>) -> (Option<String>, Option<String>) {
    match (before, after) {
        (Some(before), Some(after)) => match (decimals(&before), decimals(&after)) {
            (Some(one), Some(other)) => (
                Some(padded(before, one, other)),
                Some(padded(after, other, one)),
            ),
            _ => (Some(before), Some(after)),
        },
        pair => pair,
    }
}

/// How many decimals a number has as it is written; `None` for what is no plain decimal number.
fn decimals(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !whole.is_empty()
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit());
    is_number.then_some(fraction.len())
}

fn padded(mut number: String, decimals: usize, wanted: usize) -> String {
    if decimals == 0 && wanted > 0 {
        number.push('.');
    }
    number.push_str(&"0".repeat(wanted.saturating_sub(decimals)));
    number
}

fn quote(text: String, quoted: bool) -> String {
    if quoted { format!("\"{text}\"") } else { text }
}

/// Whether a text is too long to stand in the line.
fn is_long(part: &PartChange) -> bool {
    let long = |tree: &Option<Tree>| {
        tree.as_ref()
            .and_then(Tree::scalar)
            .is_some_and(|text| text.contains('\n') || text.chars().count() > SHORT_TEXT_LENGTH_MAX)
    };
    matches!(part.sort, PartSort::Prose | PartSort::Text)
        && (long(&part.before) || long(&part.after))
}

/// A long text below the line, each of its lines marked.
fn below(formatter: &mut fmt::Formatter<'_>, mark: char, text: Option<&Tree>) -> fmt::Result {
    let text = text.and_then(Tree::scalar).unwrap_or_default();
    for line in text.lines() {
        write!(formatter, "\n  {mark} {line}")?;
    }
    Ok(())
}

impl Difference {
    /// The difference as a program reads it: `kind`, `key`, `change`, `path`, `before` and `after`.
    pub fn to_tree(&self) -> Tree {
        let keys = |keys: &[String]| Some(Tree::List(keys.iter().map(Tree::text).collect()));
        let mut path = String::new();
        let (change, before, after) = match &self.change {
            Changed::Added(record) => ("added", None, Some(record.clone())),
            Changed::Retired(record) => ("retired", Some(record.clone()), None),
            Changed::Renamed(before) => {
                path.push_str("key");
                (
                    "renamed",
                    Some(Tree::text(before)),
                    Some(Tree::text(&self.key)),
                )
            }
            Changed::Reordered(before, after) => ("reordered", keys(before), keys(after)),
            Changed::Part(part) => {
                path = part.path.to_string();
                ("changed", part.before.clone(), part.after.clone())
            }
        };
        let entry = |name: &str, value: Tree| (name.to_string(), value);
        Tree::Map(vec![
            entry("kind", Tree::text(self.kind.word())),
            entry("key", Tree::text(&self.key)),
            entry("change", Tree::text(change)),
            entry("path", Tree::text(path)),
            entry("before", before.unwrap_or_default()),
            entry("after", after.unwrap_or_default()),
            entry("words", Tree::text(self.to_string())),
        ])
    }
}
