//! From the text of a YAML file to nodes with places, of the small part of YAML that a plan is written in.
//!
//! The parser's events are read, and not a finished document, so that anchors, aliases, tags, second documents and
//! keys that are given twice can be seen and refused. What a scalar means is left to the field that reads it.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks};
use throughline_core::finding::Finding;

use super::brackets::unclosed;
use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Entry, Node};
use super::source::{Source, Span};
use super::syntax;

/// How deep lists and groups may stand in each other. The deepest place of a plan is 6.
pub const DEPTH_LIMIT: usize = 32;

/// How many keys a group may have. No record has nearly as many, and each is compared with those before it.
pub const KEYS_LIMIT: usize = 200;

/// Reads a file. What can be read in spite of an error is given; `None` says that nobody can tell what stands there.
pub(crate) fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut builder = Builder {
        source,
        diagnostics,
        open: Vec::new(),
        root: None,
        documents: 0,
        has_tabs: source.text.contains('\t'),
    };
    let mut parser = Parser::new_from_str(&source.text);
    while let Some(next) = parser.next_event() {
        let read = match next {
            Ok((event, marks)) => builder.event(event, marks),
            Err(error) => {
                let bracket = builder.bracket().and_then(|at| unclosed(source, at));
                let (span, finding) = syntax::explain(source, &error, bracket);
                builder.report(span, finding);
                Err(Unreadable)
            }
        };
        if read.is_err() {
            return None;
        }
    }
    Some(builder.root.unwrap_or(Node::null(Span {
        line: 1,
        column: 1,
        length: 0,
    })))
}

/// Says that the rest of the file is not looked at.
struct Unreadable;

/// A list or map whose end has not been reached.
enum Open {
    List(Span, Vec<Node>),
    Map(Span, Vec<Entry>, Option<(String, Span)>),
}

struct Builder<'a> {
    source: &'a Source,
    diagnostics: &'a mut Diagnostics,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    has_tabs: bool,
}

impl Builder<'_> {
    fn report(&mut self, span: Span, finding: Finding) {
        self.diagnostics
            .add(Diagnostic::new(self.source, span, finding));
    }

    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<(), Unreadable> {
        let at = self.span(marks);
        self.refuse_tab(at)?;
        match event {
            Event::DocumentStart(_) => self.documents += 1,
            Event::Alias(_) => {
                self.report(at, syntax::alias());
                self.close(Node::null(at));
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(at, anchor > 0, tag.is_some());
                let content = match style {
                    ScalarStyle::Plain if is_null(&text) => Content::Null,
                    ScalarStyle::Plain => Content::Plain(text.into_owned()),
                    _ => Content::Text(text.into_owned()),
                };
                self.close(Node { at, content });
                return self.refuse_many_keys(at);
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(at, anchor > 0, tag.is_some());
                self.begin(Open::List(at, Vec::new()), at)?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(at, anchor > 0, tag.is_some());
                self.begin(Open::Map(at, Vec::new(), None), at)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let content = match self.open.pop() {
                    Some(Open::List(at, elements)) => Node {
                        at,
                        content: Content::List(elements),
                    },
                    Some(Open::Map(at, entries, _)) => Node {
                        at,
                        content: Content::Map(entries),
                    },
                    None => return Ok(()),
                };
                self.close(content);
                return self.refuse_many_keys(at);
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    /// The first bracket that is open, if one is.
    fn bracket(&self) -> Option<Span> {
        let mut places = self.open.iter().map(|open| match open {
            Open::List(at, _) | Open::Map(at, ..) => *at,
        });
        places.find(|at| {
            let character = self.source.line(at.line).chars().nth(at.column - 1);
            matches!(character, Some('[' | '{'))
        })
    }

    /// The place that the parser's marks name; of what goes over several lines, its part on the first.
    fn span(&self, marks: Marks) -> Span {
        let (line, column) = (marks.start.line(), marks.start.col() + 1);
        let length = if marks.end.line() == line {
            marks.end.col().saturating_sub(marks.start.col())
        } else {
            (self.source.line(line).trim_end().chars().count() + 1).saturating_sub(column)
        };
        Span {
            line,
            column,
            length: length.max(1),
        }
    }

    fn begin(&mut self, part: Open, at: Span) -> Result<(), Unreadable> {
        if self.open.len() >= DEPTH_LIMIT {
            let message =
                format!("lists and groups stand in each other more than {DEPTH_LIMIT} deep");
            self.report(at, Finding::error("too-deep", message));
            return Err(Unreadable);
        }
        self.open.push(part);
        Ok(())
    }

    /// Puts a finished value where it belongs: into the list or map that is open, or at the root.
    fn close(&mut self, node: Node) {
        let flaw = match self.open.last_mut() {
            None if self.root.is_none() => {
                self.root = Some(node);
                None
            }
            None => {
                let message = "a plan file is one document, and a second one begins here";
                let finding = Finding::error("several-documents", message)
                    .with_help("remove the `---` before it");
                Some(Diagnostic::new(self.source, node.head(), finding))
            }
            Some(Open::List(_, elements)) => {
                elements.push(node);
                None
            }
            Some(Open::Map(_, entries, key)) => match key.take() {
                Some((name, at)) => add_entry(self.source, entries, name, at, node),
                None => {
                    let name = node.scalar().map(str::to_string);
                    let flaw = name.is_none().then(|| bad_key(self.source, &node));
                    *key = Some((name.unwrap_or_default(), node.at));
                    flaw
                }
            },
        };
        if let Some(diagnostic) = flaw {
            self.diagnostics.add(diagnostic);
        }
    }

    fn refuse_extras(&mut self, at: Span, has_anchor: bool, has_tag: bool) {
        if has_anchor {
            self.report(at, syntax::anchor());
        }
        if has_tag {
            self.report(at, syntax::tag());
        }
    }

    fn refuse_many_keys(&mut self, at: Span) -> Result<(), Unreadable> {
        match self.open.last() {
            Some(Open::Map(_, entries, None)) if entries.len() > KEYS_LIMIT => {
                let message = format!("a group has at most {KEYS_LIMIT} keys");
                self.report(at, Finding::error("many-keys", message));
                Err(Unreadable)
            }
            _ => Ok(()),
        }
    }

    /// YAML lets a tab stand before a value in a few places, where nobody can see what it does.
    fn refuse_tab(&mut self, at: Span) -> Result<(), Unreadable> {
        if !self.has_tabs {
            return Ok(());
        }
        match syntax::tab_before(self.source.line(at.line), at) {
            None => Ok(()),
            Some((span, finding)) => {
                self.report(span, finding);
                Err(Unreadable)
            }
        }
    }
}

/// What YAML 1.2 reads as nothing.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// For a key that is a list, a group or nothing. Its value is not looked at.
fn bad_key(source: &Source, node: &Node) -> Diagnostic {
    let finding = Finding::error("bad-key", "a key must be a single word")
        .with_help("text that begins with `{`, `[` or `?` stands in quotes");
    Diagnostic::new(source, node.at, finding)
}

/// Adds a key with its value to a group, unless it is there already or hardly meant to be one.
fn add_entry(
    source: &Source,
    entries: &mut Vec<Entry>,
    name: String,
    at: Span,
    value: Node,
) -> Option<Diagnostic> {
    if name.is_empty() {
        return None;
    }
    if let Some(first) = entries.iter().find(|entry| entry.name == name) {
        let finding = Finding::error("duplicate-key", format!("`{name}` is given twice"))
            .with_help("keep one of the two");
        return Some(Diagnostic::new(source, at, finding).and(
            source,
            first.at,
            "first given here",
        ));
    }
    if let Some(finding) = lost_comma(source, entries.last(), (&name, at), &value) {
        return Some(Diagnostic::new(source, at, finding));
    }
    entries.push(Entry { name, at, value });
    None
}

/// In `{ name: Customers, suppliers }` the comma ends the name, and `suppliers` becomes a key without a value: hardly
/// ever what was meant.
fn lost_comma(
    source: &Source,
    before: Option<&Entry>,
    (name, at): (&str, Span),
    value: &Node,
) -> Option<Finding> {
    let before = before?;
    if !matches!(value.content, Content::Null) || !matches!(before.value.content, Content::Plain(_))
    {
        return None;
    }
    let after: String = source
        .line(at.line)
        .chars()
        .skip(at.column + at.length - 1)
        .collect();
    let after = after.trim_start();
    if after.is_empty() || after.starts_with(':') {
        return None;
    }
    let message = format!(
        "a comma ends the value of `{}`, and this has no value",
        before.name
    );
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let help = match &before.value.content {
        Content::Plain(whole) if are_digits(whole.trim_start_matches('-')) && are_digits(name) => {
            // Only three digits can have been thousands.
            let thousands = match name.len() {
                3 => format!(", or {whole}{name} if thousands are meant"),
                _ => String::new(),
            };
            format!("numbers have a decimal point: write {whole}.{name}{thousands}")
        }
        _ => "between { and }, put text that holds a comma in quotes".to_string(),
    };
    Some(Finding::error("lost-comma", message).with_help(help))
}
