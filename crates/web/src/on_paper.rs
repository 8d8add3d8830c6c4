//! The pack of a review: its words, from the review as it was frozen, and the styles of its drawings on paper.

use std::sync::LazyLock;

use throughline_app::pack::{Pack, PackChart, PackItem, PackNote, Printer};
use throughline_app::review::{ReadReview, minutes_of, review};
use throughline_app::{AppError, Ctx, words};
use throughline_charts::{Chart, Width};
use tokio::sync::Semaphore;

use crate::assets;
use crate::pages::review::{said, wrote_itself};
use crate::parts::predicted::Predicted;
use crate::parts::review_chart::{chart, measure_of_item, periods};
use crate::parts::review_item::ItemWords;
use crate::parts::review_notes::Note;
use crate::parts::status;
use crate::place::Place;

/// How many packs are printed at a time: each takes a processor for a while.
const AT_A_TIME: usize = 1;

/// How many of the latest periods of a measure stand below its drawing.
const PERIODS_MAX: usize = 6;

static PRINTING: Semaphore = Semaphore::const_new(AT_A_TIME);

/// Prints the pack of a review.
///
/// # Errors
/// If there is none with that key, its figures are not frozen yet, or it cannot be printed.
pub async fn pack(ctx: &Ctx, key: &str, printer: Printer) -> Result<Vec<u8>, AppError> {
    let read = review(ctx, key).await?;
    let frozen = read.review.frozen.ok_or_else(|| {
        AppError::bad_request("the figures of this review are not frozen yet")
            .with_help("freeze them on its page: the pack is made of what is known then")
    })?;
    let pack = pack_of(&read);
    let failed = |error| AppError::failed("the pack could not be made", error);
    let _turn = PRINTING
        .acquire()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let printed = tokio::task::spawn_blocking(move || printer(&pack, &STYLES, frozen));
    printed.await.map_err(|error| failed(error.to_string()))?
}

/// The pack of a review in words, by the plan that its agenda is made of.
fn pack_of(read: &ReadReview) -> Pack {
    let minutes = minutes_of(&read.body, &read.review);
    let organisation = read.plan().organisation();
    let items = read.agenda.items.iter().enumerate();
    Pack {
        organisation: organisation.map_or_else(String::new, |one| one.name.clone()),
        key: read.review.key.to_string(),
        title: format!("{}, {}", read.body.name, words::date(read.review.on)),
        said: said(read),
        about: format!("{}, for {minutes} minutes.", wrote_itself(read)),
        people: people(read),
        items: items
            .map(|(place, item)| {
                let words = ItemWords::of(read, item, &Place::default());
                item_of(read, place + 1, words)
            })
            .collect(),
        notes: notes(read),
        left_out: read.agenda.left_out,
    }
}

fn notes(read: &ReadReview) -> Vec<PackNote> {
    let beside = [Note::open_actions(read), Note::noted_before(read)];
    let all = Note::all(read).into_iter();
    let all = all.chain(beside.into_iter().flatten());
    all.map(PackNote::from).collect()
}

fn people(read: &ReadReview) -> String {
    let people = read.plan().people();
    let name = |id| people.get(id).map(|person| person.name.clone());
    let members = read.body.members.iter();
    let members: Vec<String> = members.filter_map(|member| name(member.person)).collect();
    let members = (!members.is_empty()).then(|| format!("Members: {}.", words::list(&members)));
    let decider = read.body.decider().and_then(name);
    let decider = decider.map(|name| format!("{name} decides."));
    let quorum = read.body.quorum.as_ref();
    let quorum = quorum.map(|quorum| format!("{} make a quorum.", quorum.0));
    let all: Vec<String> = [members, decider, quorum].into_iter().flatten().collect();
    all.join(" ")
}

fn item_of(read: &ReadReview, number: usize, words: ItemWords) -> PackItem {
    let measure = measure_of_item(read, number);
    let predicted = Predicted::of_item(read, number).map(|drawn| PackChart {
        drawing: drawn.chart.drawing(Width::Wide),
        description: drawn.chart.description(),
    });
    let course = measure.and_then(|measure| chart(read, measure));
    let course = course.map(|drawn| PackChart {
        drawing: drawn.chart.drawing(Width::Wide),
        description: drawn.chart.description(),
    });
    let periods = measure.map_or_else(Vec::new, |measure| periods(read, measure));
    let status = words.status.map(|mark| status::word(mark.0));
    PackItem {
        group: words.group.to_owned(),
        status: status.unwrap_or_default(),
        title: words.title,
        short: words.short,
        said: words.said,
        owner: words.owner,
        minutes: words.minutes,
        charts: predicted.into_iter().chain(course).collect(),
        periods: periods.into_iter().rev().take(PERIODS_MAX).collect(),
    }
}

impl From<Note> for PackNote {
    fn from(note: Note) -> PackNote {
        PackNote {
            line: note.line,
            rows: note.rows,
            more: note.more,
        }
    }
}

/// The rules of drawings on paper.
static STYLES: LazyLock<String> = LazyLock::new(|| {
    let tokens = assets::tokens();
    on_paper(throughline_charts::STYLES, |name| {
        let (_, value) = tokens.split_once(&format!("--{name}:"))?;
        let (value, _) = value.split_once(';')?;
        // The first of a pair is the light one.
        let light = value.trim().strip_prefix("light-dark(");
        let light = light.and_then(|pair| pair.split(',').next());
        Some(light.unwrap_or(value).trim().replace('"', "'"))
    })
});

/// Style rules as a drawing on paper needs them: the rules of `sheet` out of their layer, each `var(--name)` by the colour
/// that `light` gives the name.
fn on_paper(sheet: &str, light: impl Fn(&str) -> Option<String>) -> String {
    let inner = match (sheet.find("@layer"), sheet.rfind('}')) {
        (Some(at), Some(end)) => {
            let layer = sheet.get(at..end).unwrap_or_default();
            layer.split_once('{').map_or(sheet, |(_, inner)| inner)
        }
        _ => sheet,
    };
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once("var(--") {
        out.push_str(before);
        let Some((name, following)) = after.split_once(')') else {
            break;
        };
        out.push_str(&light(name).unwrap_or_else(|| "black".to_owned()));
        rest = following;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_for_paper_have_each_colour_written_out_and_no_layer() {
        assert!(!STYLES.contains("var(") && !STYLES.contains("@layer"));
        assert_eq!(STYLES.matches('{').count(), STYLES.matches('}').count());
        assert!(STYLES.contains("stroke: #2b333d"), "{}", *STYLES);
        assert!(!STYLES.contains("light-dark") && !STYLES.contains("black"));
    }
}
