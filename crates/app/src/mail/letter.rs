//! A mail in words: plain text, and the same as simple HTML that fetches nothing. No value of a measure stands in it, since a
//! mail is read on the way and handed on: only names, units, periods and days.

use jiff::Timestamp;
use jiff::civil::Time;
use throughline_model::records::{Measure, Person};
use throughline_model::{Entry, Kind, Model};

use super::matters::{MailKind, Matters};
use crate::entry::collects;
use crate::words::{self, names};

/// How many things of a sort a mail names.
const LINES_MAX: usize = 20;

/// A mail, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The name of whom it is to.
    pub name: String,
    /// Their address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// What it says, by heading.
    pub sections: Vec<Section>,
    /// Why they get it.
    pub reason: String,
    /// Words and address of the page where such mails are switched off.
    pub off: (String, String),
    /// What is the same of the same mail, however often it should be sent: 64 hexadecimal digits.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// A line for each thing.
    pub lines: Vec<String>,
    /// Words and address of the page that leads on.
    pub link: Option<(String, String)>,
}

/// The addresses that stand in a mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Scheme and name of the server.
    pub origin: String,
    /// The page of the figures that this mail opens, and until when it does.
    pub figures: Option<(String, String)>,
    /// The page where such mails are switched off.
    pub off: String,
}

impl Letter {
    /// The mail about what concerns a person; its id is that of its row in the outbox.
    #[must_use]
    pub fn of(
        kind: MailKind,
        model: &Model,
        (person, to): (&Entry<Person>, &str),
        matters: &Matters,
        addresses: &Addresses,
        (id, at): (String, Timestamp),
    ) -> Letter {
        let mut sections = vec![
            figures(model, matters, addresses),
            actions(matters, &addresses.origin),
            meetings(matters, &addresses.origin),
            effects(model, matters, &addresses.origin),
        ];
        sections.retain(|section| !section.lines.is_empty());
        Letter {
            name: person.name.clone(),
            to: to.to_owned(),
            subject: subject(kind, matters),
            sections,
            reason: reason(model, person, matters),
            off: (format!("Stop {}", kind.words()), addresses.off.clone()),
            id,
            at,
        }
    }

    /// As plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("Hello {},\n", self.name);
        for section in &self.sections {
            text.push_str(&format!("\n{}\n", section.title));
            for line in &section.lines {
                text.push_str(&format!("- {line}\n"));
            }
            if let Some((words, address)) = &section.link {
                text.push_str(&format!("{words}:\n{address}\n"));
            }
        }
        let (words, address) = &self.off;
        text.push_str(&format!("\n{}\n{words}:\n{address}\n", self.reason));
        text
    }

    /// As HTML without anything from elsewhere.
    #[must_use]
    pub fn html(&self) -> String {
        let link = |(words, address): &(String, String)| {
            format!("<a href=\"{}\">{}</a>", escaped(address), escaped(words))
        };
        let mut html = format!(
            "<!doctype html><html lang=\"en\"><body><p>Hello {},</p>",
            escaped(&self.name)
        );
        for section in &self.sections {
            html.push_str(&format!("<h2>{}</h2><ul>", escaped(section.title)));
            for line in &section.lines {
                html.push_str(&format!("<li>{}</li>", escaped(line)));
            }
            html.push_str("</ul>");
            if let Some(to) = &section.link {
                html.push_str(&format!("<p>{}</p>", link(to)));
            }
        }
        html.push_str(&format!(
            "<hr><p>{} {}</p></body></html>",
            escaped(&self.reason),
            link(&self.off)
        ));
        html
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A section of some lines, as many as a mail names.
fn section(
    title: &'static str,
    lines: impl ExactSizeIterator<Item = String>,
    link: (&str, String),
) -> Section {
    let more = lines.len().saturating_sub(LINES_MAX);
    let mut lines: Vec<String> = lines.take(LINES_MAX).collect();
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    Section {
        title,
        lines,
        link: Some((link.0.to_owned(), link.1)),
    }
}

fn figures(model: &Model, matters: &Matters, addresses: &Addresses) -> Section {
    let lines = matters.figures.iter().map(|figure| {
        let measure = names::name(model, (Kind::Measure, figure.cell.measure.as_uuid()));
        let unit = names::name(model, (Kind::Unit, figure.cell.unit.as_uuid()));
        let period = words::period(&figure.cell.period, model.calendar());
        let by = words::date(figure.by);
        match figure.is_late {
            true => format!("{measure}, {unit}, {period}: late, was due by {by}"),
            false => format!("{measure}, {unit}, {period}: due by {by}"),
        }
    });
    let (words, to) = match &addresses.figures {
        Some((address, until)) => (
            format!("Enter them here, without signing in, until {until}"),
            address.clone(),
        ),
        None => ("Enter them".to_owned(), format!("{}/due", addresses.origin)),
    };
    section("Figures due from you", lines, (&words, to))
}

fn actions(matters: &Matters, origin: &str) -> Section {
    let lines = matters
        .actions
        .iter()
        .map(|action| format!("{}: due {}", action.what, words::date(action.due)));
    let to = format!("{origin}/actions");
    section("Your actions", lines, ("All actions", to))
}

fn meetings(matters: &Matters, origin: &str) -> Section {
    let lines = matters.meetings.iter().map(|meeting| {
        let on = words::date(meeting.on);
        match meeting.at {
            Some(at) => format!("{}: {on}, {}", meeting.body, clock(at)),
            None => format!("{}: {on}", meeting.body),
        }
    });
    let to = format!("{origin}/reviews");
    section("Reviews of the coming week", lines, ("All reviews", to))
}

fn clock(at: Time) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

fn effects(model: &Model, matters: &Matters, origin: &str) -> Section {
    let lines = matters.effects.iter().map(|decision| {
        let Some(effect) = &decision.effect else {
            return decision.what.clone();
        };
        let measure = names::name(model, (Kind::Measure, effect.measure.as_uuid()));
        let by = words::period(&effect.by, model.calendar());
        format!("{}: predicted for {measure} by {by}", decision.what)
    });
    let to = format!("{origin}/reviews");
    section("Decisions due for their effect", lines, ("All reviews", to))
}

/// What a mail is about, counted.
fn subject(kind: MailKind, matters: &Matters) -> String {
    let count = |number: usize, of: &str| (number > 0).then(|| words::count(number as u64, of));
    let due = matters.figures.len();
    let parts = [
        count(due, "figure").map(|figures| format!("{figures} due")),
        count(matters.actions.len(), "action"),
        count(matters.meetings.len(), "review"),
        count(matters.effects.len(), "decision"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let about = words::list(&parts);
    match kind {
        MailKind::Digest => format!("Your week: {about}"),
        MailKind::Reminder => format!("Reminder: {about}"),
    }
}

/// Why somebody gets a mail, by what is in it.
fn reason(model: &Model, person: &Entry<Person>, matters: &Matters) -> String {
    let mut reasons = Vec::new();
    let measures = model.measures().iter();
    let collected = measures.filter(|one| collects(person, one));
    let (stewarded, answered): (Vec<_>, Vec<_>) =
        collected.partition(|one| one.steward == Some(person.id()));
    let has_figures = !matters.figures.is_empty();
    if has_figures && !stewarded.is_empty() {
        let count = words::count(stewarded.len() as u64, "measure");
        reasons.push(format!("you are steward of {count}"));
    }
    if has_figures && !answered.is_empty() {
        let count = words::count(answered.len() as u64, "measure");
        reasons.push(format!("you answer for {count} without a steward"));
    }
    let is_of_others = |measure: &Measure| !collects(person, measure);
    let mut of_unit = matters.figures.iter().filter_map(|figure| {
        let measure = model.measures().get(figure.cell.measure)?;
        is_of_others(measure).then_some(figure.cell.unit)
    });
    if let Some(unit) = of_unit.next() {
        let unit = names::name(model, (Kind::Unit, unit.as_uuid()));
        reasons.push(format!("you work in {unit}, which reports figures"));
    }
    if !matters.actions.is_empty() {
        let count = words::count(matters.actions.len() as u64, "action");
        reasons.push(format!("you have {count} to do"));
    }
    let mut bodies: Vec<String> = matters
        .meetings
        .iter()
        .map(|one| one.body.clone())
        .collect();
    bodies.sort();
    bodies.dedup();
    if !bodies.is_empty() {
        reasons.push(format!("you are a member of {}", words::list(&bodies)));
    }
    if !matters.effects.is_empty() {
        let count = words::count(matters.effects.len() as u64, "decision");
        reasons.push(format!("you answer for {count}"));
    }
    format!("You get this because {}.", words::list(&reasons))
}
