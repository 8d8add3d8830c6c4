//! What there is to say about a plan or a number: how serious, which rule, where, and what to do.
//!
//! A finding names a record and a field path; only the text room of the model knows in which file
//! and line that stands.

use std::borrow::Cow;
use std::fmt;

/// How serious a finding is, the most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It cannot stay so: nothing is done before it is mended.
    Error,
    /// It works, and is most likely not what is wanted.
    Warning,
    /// Good to know.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A field by its name in the plan's text.
    Field(Cow<'static, str>),
    /// An element of a list by its position, from 0.
    Index(usize),
    /// An element of a list by its key.
    Key(String),
}

/// The way from a record to one of its values, such as `measures[2].weight`. Empty: the record itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<Segment>);

impl FieldPath {
    /// The path to the record itself.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The path, extended to a field by its name.
    #[must_use]
    pub fn field(self, name: impl Into<Cow<'static, str>>) -> Self {
        self.then(Segment::Field(name.into()))
    }

    /// The path, extended to a list element by its position, from 0.
    #[must_use]
    pub fn index(self, position: usize) -> Self {
        self.then(Segment::Index(position))
    }

    /// The path, extended to a list element by its key.
    #[must_use]
    pub fn key(self, key: impl Into<String>) -> Self {
        self.then(Segment::Key(key.into()))
    }

    /// The path, extended by one step.
    #[must_use]
    pub fn then(mut self, segment: Segment) -> Self {
        self.0.push(segment);
        self
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether this is the path to the record itself.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if position == 0 => f.write_str(name)?,
                Segment::Field(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) => write!(f, "[{key}]")?,
            }
        }
        Ok(())
    }
}

/// A record, or a value in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The kind of record, such as `objective`.
    pub kind: &'static str,
    /// The record's key.
    pub key: String,
    /// The way to the value; empty for the record itself.
    pub path: FieldPath,
}

impl Place {
    /// The place of a record itself.
    pub fn record(kind: &'static str, key: impl Into<String>) -> Self {
        Self {
            kind,
            key: key.into(),
            path: FieldPath::new(),
        }
    }

    /// The same record, at this path.
    #[must_use]
    pub fn path(mut self, path: FieldPath) -> Self {
        self.path = path;
        self
    }

    /// The place, extended to a field by its name.
    #[must_use]
    pub fn field(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.path = self.path.field(name);
        self
    }

    /// The place, extended to a list element by its position, from 0.
    #[must_use]
    pub fn index(mut self, position: usize) -> Self {
        self.path = self.path.index(position);
        self
    }

    /// The place, extended to a list element by its key.
    #[must_use]
    pub fn element(mut self, key: impl Into<String>) -> Self {
        self.path = self.path.key(key);
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.key)?;
        if self.path.is_empty() {
            return Ok(());
        }
        write!(f, ", {}", self.path)
    }
}

/// Something to say about a plan or a number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// How serious it is.
    pub severity: Severity,
    /// The rule that found it, such as `objective-without-measure`; stable, so that it can be silenced.
    pub code: &'static str,
    /// Where it was found, if it is about one place.
    pub place: Option<Place>,
    /// What was found, in one plain sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding of this severity, without a place and help.
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            place: None,
            message: message.into(),
            help: None,
        }
    }

    /// An error, without a place and help.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning, without a place and help.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note, without a place and help.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The finding, at this place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The finding, with this help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding, with "did you mean" as help if there is a nearest name.
    #[must_use]
    pub fn with_nearest(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(nearest) => self.with_help(format!("did you mean `{nearest}`?")),
            None => self,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]: ", self.severity, self.code)?;
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// The longest name, in characters, for which a nearest one is looked for: comparing takes time
/// and memory in proportion to the product of both lengths.
pub const NEAREST_NAME_LENGTH_MAX: usize = 128;

/// The candidate most like `name`, for "did you mean"; of equally near ones the first. `None` if
/// none is near: more than one slip (a letter too many, missing, wrong or swapped with its
/// neighbour), and one more for every four letters.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    if length > NEAREST_NAME_LENGTH_MAX {
        return None;
    }
    let slips_max = 1 + length / 4;
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= slips_max)
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        // As many slips as letters would make any short name near to any other.
        .filter(|(slips, _)| *slips <= slips_max && *slips < length)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_findings_read_as_text() {
        let place = Place::record("objective", "arrive-on-time");
        assert_eq!(place.to_string(), "objective arrive-on-time");
        let weight = place.field("measures").index(2).field("weight");
        assert_eq!(
            weight.to_string(),
            "objective arrive-on-time, measures[2].weight"
        );
        let point = FieldPath::new()
            .field("points")
            .key("2013-W01")
            .field("value");
        assert_eq!(point.to_string(), "points[2013-W01].value");
        let finding = Finding::error("unknown-measure", "there is no measure `on-tme`")
            .at(weight)
            .with_nearest(Some("on-time"));
        assert_eq!(
            finding.to_string(),
            "error[unknown-measure]: objective arrive-on-time, measures[2].weight: \
             there is no measure `on-tme` (did you mean `on-time`?)"
        );
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = [
            "on-time-arrival",
            "on-time-departure",
            "profit",
            "a",
            "weight",
        ];
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(nearest(name, names), expected, "{name}");
        };
        check("on-time-arival", Some("on-time-arrival"));
        check("ontime-departures", Some("on-time-departure"));
        check("porfit", Some("profit"));
        check("wieght", Some("weight"));
        check("headcount", None);
        check("b", None);
        check("", None);
        check("a", Some("a"));
        check(&"on-time-arrival".repeat(10_000), None);
        assert_eq!(nearest("cat", ["bat", "rat"]), Some("bat"));
    }
}
