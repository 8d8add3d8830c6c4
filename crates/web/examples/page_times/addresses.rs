//! What is asked for: every route of the table, and some addresses that have much to do.

use std::io::{Error, Result};

use throughline_app::Selected;
use throughline_model::{Kind, Model};
use throughline_web::ROUTES;

/// Routes that answer with no page of their own, or in a demonstration alone.
const NO_PAGES: [&str; 9] = [
    "home",
    "enter",
    "assets",
    "look_through",
    "sign_in",
    "join",
    "set_up",
    "access",
    "password",
];

/// Pages that are about more than one record; [`of_history`] asks for them.
const OF_HISTORY: [&str; 4] = ["commit", "comparison", "observation", "api_values"];

/// Every page and every answer for programs, each about the first record of its kind, and some that have much to do.
pub fn addresses(model: &Model) -> Vec<String> {
    let first_of = |kind: Kind| {
        let first = model.records(kind).into_iter().next()?;
        model.key_of(kind, first.id())
    };
    let pages = ROUTES
        .iter()
        .filter(|route| route.method == "GET")
        .filter(|route| !NO_PAGES.contains(&route.name) && !OF_HISTORY.contains(&route.name));
    let mut all: Vec<String> = pages
        .filter_map(|route| {
            let mut path = route.path.replace("{kind}", "measure");
            path = path.replace("{number}", "1");
            if let Some((before, _)) = route.path.split_once("/{key}") {
                // The key of a link has a letter that no address has.
                let key = first_of(kind_at(before))?.replace('>', "%3E");
                path = path.replace("{key}", &key);
            }
            let query = match route.name {
                "find" | "api_find" => "?q=in%20time".to_owned(),
                "api_diff" | "api_restatements" => "?from=2013-01-01&to=2026-11-01".to_owned(),
                _ => String::new(),
            };
            Some(path + &query)
        })
        .collect();
    let much = [
        "/scorecard?open=all",
        "/strategy?open=all",
        "/people?open=all",
        "/measures?q=a",
        "/find?q=a",
        "/api/v1/scorecard?limit=1000",
        "/api/v1/map?limit=1000",
        "/api/v1/records/measure?limit=1000",
    ];
    all.extend(much.map(str::to_owned));
    all.extend(first_of(Kind::Measure).map(|key| format!("/measures/{key}?reach=all&periods=all")));
    all
}

/// The kind of record whose key follows a path: `/objectives` is followed by that of an objective.
fn kind_at(path: &str) -> Kind {
    let last = path.rsplit('/').next().unwrap_or_default();
    match last {
        "people" | "line-of-sight" => Kind::Person,
        _ => Kind::ALL
            .into_iter()
            .find(|kind| last.strip_suffix('s') == Some(kind.word()))
            .unwrap_or(Kind::Measure),
    }
}

/// One observation of the plan.
pub struct Observed {
    pub measure: String,
    pub unit: String,
    pub period: String,
    pub value: f64,
}

impl Observed {
    /// The latest one of the first measure that has any.
    pub fn first(meant: &Selected) -> Result<Observed> {
        let model = &meant.model;
        let found = model.measures().iter().find_map(|measure| {
            let series = meant.observations.of_measure(measure.id())?;
            series.iter().find_map(|(unit, series)| {
                let point = series.points().last()?;
                Some(Observed {
                    measure: measure.key.to_string(),
                    unit: model.units().get(*unit)?.key.to_string(),
                    period: model.calendar().name(&point.period),
                    value: point.value?,
                })
            })
        });
        found.ok_or_else(|| Error::other("nothing was observed"))
    }
}

/// What has much to look up in the history: the first and the newest commit, what differs between two days, all versions of a
/// measure and its targets, all values of one observation.
pub fn of_history(observed: &Observed, newest: usize) -> Vec<String> {
    let Observed {
        measure,
        unit,
        period,
        ..
    } = observed;
    vec![
        "/history/1".to_owned(),
        format!("/history/{newest}"),
        "/history/between?from=2013-01-01&to=2026-11-01".to_owned(),
        format!("/history?record=measure/{measure}"),
        format!("/measures/{measure}/observation?unit={unit}&period={period}"),
        format!("/api/v1/measures/{measure}/values?unit={unit}&period={period}"),
    ]
}
