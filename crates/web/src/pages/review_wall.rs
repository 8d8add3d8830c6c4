//! One item of a review on the wall: in large type, with its chart, its clock, who is there, and what was recorded.

use askama::Template;
use throughline_app::review::{ReadReview, review};
use throughline_app::words;
use throughline_charts::{Chart, Width};

use super::review::{ReviewQuery, address, offered, place_of, said, since_frozen, wall_address};
use crate::address::{Path, Query};
use crate::error::{PageResult, page};
use crate::parts::meeting::Meeting;
use crate::parts::predicted::Predicted;
use crate::parts::recorded::RecordedRow;
use crate::parts::review_chart::{chart, measure_of_item};
use crate::parts::review_item::ItemWords;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "review_wall.html")]
pub struct WallPage {
    /// `light` or `dark`; empty is the system's.
    pub theme: &'static str,
    /// The key of the review.
    pub key: String,
    /// The body and the day.
    pub title: String,
    /// Which figures these are.
    pub said: String,
    /// How far it is, who is there, how much time is left.
    pub meeting: Meeting,
    /// The number of the item.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The item; none where nothing asks for the time of the body.
    pub item: Option<ItemWords>,
    /// What became of it since the figures were frozen.
    pub since: Option<String>,
    /// Its measure over time, or of a decision what was predicted against what is there: the drawing, and what it shows.
    pub chart: Option<(String, String)>,
    /// What was recorded on it.
    pub recorded: Vec<RecordedRow>,
    /// The items before and after: title and address.
    pub around: [Option<(String, String)>; 2],
    /// What can be recorded: words, key, address.
    pub records: Vec<(&'static str, &'static str, String)>,
    /// The page of the review, at this item.
    pub back: String,
}

/// Shows an item of a review on the wall.
///
/// # Errors
/// If there is none with that key, or as of the use case.
pub async fn get(
    viewer: Viewer,
    Path(key): Path<String>,
    Query(state): Query<ReviewQuery>,
) -> PageResult {
    let read = review(&viewer.ctx, &key).await?;
    page(&WallPage::of(&viewer, &read, state.item.unwrap_or(1)))
}

/// The drawing of an item, and what it shows: of a decision whose effect is due, that against what was predicted.
fn drawn(read: &ReadReview, number: usize) -> Option<(String, String)> {
    if let Some(predicted) = Predicted::of_item(read, number) {
        return Some(on_wall(&predicted.chart));
    }
    let course = chart(read, measure_of_item(read, number)?)?;
    Some(on_wall(&course.chart))
}

fn on_wall(chart: &impl Chart) -> (String, String) {
    (chart.drawing(Width::Wall), chart.description())
}

impl WallPage {
    fn of(viewer: &Viewer, read: &ReadReview, number: usize) -> WallPage {
        let key = read.review.key.to_string();
        let items = match read.review.called_off {
            Some(_) => &[],
            None => read.agenda.items.as_slice(),
        };
        let count = items.len();
        let number = number.clamp(1, count.max(1));
        let at_period = place_of(viewer, read);
        let words_of = |number: usize| {
            let item = items.get(number.checked_sub(1)?)?;
            Some(ItemWords::of(read, item, &at_period))
        };
        let around = |number: usize| {
            Some((
                words_of(number)?.title,
                wall_address(&viewer.place, &key, number),
            ))
        };
        let item = words_of(number);
        let about = item.as_ref().map(|item| item.key.clone());
        let shown = number.to_string();
        let may_record = read.may_hold && !read.review.state().is_over();
        let records = offered(read).into_iter().filter(|_| may_record);
        WallPage {
            theme: viewer.theme.unwrap_or_default(),
            title: format!("{}, {}", read.body.name, words::date(read.review.on)),
            said: said(read),
            meeting: Meeting::of(read, viewer.ctx.now(), number, String::new()),
            number,
            count,
            since: since_frozen(read, number),
            chart: drawn(read, number).filter(|_| item.is_some()),
            recorded: RecordedRow::on(read, |of| of == about.as_deref()),
            around: [around(number - 1), around(number + 1)],
            records: records
                .map(|(kind, words, letter)| {
                    let state = [("item", shown.as_str()), ("record", kind)];
                    (words, letter, address(&viewer.place, &key, &state))
                })
                .collect(),
            back: address(&viewer.place, &key, &[("item", shown.as_str())]),
            item,
            key,
        }
    }
}
