//! The strategy: what needs a decision, counts by status, the map, and the scorecard.

use askama::Template;
use throughline_app::{ReadScorecard, Selected, StatusCounts, words};
use throughline_core::Frequency;

use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::markdown;
use crate::parts::decisions::Decisions;
use crate::parts::empty::Empty;
use crate::parts::place_bar;
use crate::parts::scorecard::{ScorecardTable, TableState, likely_in_words};
use crate::parts::strategy_map::{Depth, MapPart, decisive_measures};
use crate::parts::tally::{Tally, measures_in_words, signals_in_sum};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "strategy.html")]
pub struct StrategyPage {
    /// What is around it.
    pub frame: Frame,
    /// What will be true, in a sentence.
    pub vision: String,
    /// Which figures these are, and whether somebody chose them.
    pub said: String,
    /// What stands in the place of all else, where there are no objectives.
    pub empty: Option<Empty>,
    /// What needs a decision.
    pub decisions: Decisions,
    /// The objectives by status.
    pub tally: Option<Tally>,
    /// The measures by status, in a sentence.
    pub measures: String,
    /// The map of the objectives and what brings them about.
    pub map: MapPart,
    /// Where what people do is on the map, too.
    pub whole_map: String,
    /// The scorecard of the objectives.
    pub scorecard: ScorecardTable,
    /// Where all of the scorecard is.
    pub all: String,
}

/// Shows the strategy at a unit in a period.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn get(viewer: Viewer, Query(state): Query<TableState>) -> PageResult {
    let read = viewer.scorecard().await?;
    let card = ScorecardTable::read(&viewer, &read, &state, Depth::Objectives).await?;
    let decisions = Decisions::read(&viewer, &read).await?;
    let evidence = viewer.evidence(&read.selected).await?;
    let likely = decisive_measures(&read, Depth::Outcomes);
    let likely = likely_in_words(&viewer, &read, &likely).await?;
    let evidence = evidence.as_deref();
    let map = MapPart::of(&viewer, &read, Depth::Outcomes, evidence, &likely);
    let signals = signals_in_sum(&viewer, &read).await?;
    let shown = StrategyPage::of(&viewer, &read, (decisions, card), map);
    page(&StrategyPage {
        measures: format!("{}{signals}", shown.measures),
        ..shown
    })
}

impl StrategyPage {
    /// The page of a scorecard.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        read: &ReadScorecard,
        (decisions, scorecard): (Decisions, ScorecardTable),
        map: MapPart,
    ) -> StrategyPage {
        let model = &read.selected.model;
        let strategy = model.strategy();
        let frame = Frame::at(viewer, Section::Strategy, "Strategy", &read.selected);
        StrategyPage {
            frame: match strategy {
                Some(strategy) => frame.below(
                    format!(
                        "{}, {} to {}",
                        strategy.name, strategy.from.0, strategy.to.0
                    ),
                    None,
                ),
                None => frame,
            },
            vision: strategy
                .and_then(|strategy| strategy.vision.as_ref())
                .map_or_else(String::new, markdown::line),
            said: said(read),
            empty: Empty::of_objectives(viewer, model),
            decisions,
            tally: Some(Tally::of("objective", StatusCounts::of_objectives(read))),
            measures: measures_in_words(read),
            map,
            whole_map: viewer.place.href("/map"),
            scorecard,
            all: viewer.place.href("/scorecard"),
        }
    }
}

/// Which figures these are: `Figures for Harbour Airports, Dec 2013, the latest complete month.`
pub(crate) fn said(read: &ReadScorecard) -> String {
    said_of(&read.selected)
}

/// Which figures a page shows that is about what is meant.
pub(crate) fn said_of(meant: &Selected) -> String {
    let calendar = meant.model.calendar();
    let chosen = meant.why_period.as_ref();
    let chosen = chosen.map(|why| format!(", {why}")).unwrap_or_default();
    let clocks = place_bar::clocks(meant)
        .map(|clocks| format!(" {clocks}."))
        .unwrap_or_default();
    let to_come = match meant.is_to_come {
        true => {
            " That day has not come yet: this is what is known now, with what will be due by then."
        }
        false => "",
    };
    // The name of a month says its days.
    let days = match meant.period.frequency {
        Frequency::Month => String::new(),
        _ => format!(" ({})", words::days(&meant.period)),
    };
    format!(
        "Figures for {}, {}{days}{chosen}.{clocks}{to_come}",
        meant.unit_name(),
        words::period(&meant.period, calendar),
    )
}
