//! What each endpoint takes and gives: requests are checked against it, and the OpenAPI document is made of it.

use axum::http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use throughline_app::json::drivers::Drivers;
use throughline_app::json::evidence::OneEvidence;
use throughline_app::json::explanation::Explained;
use throughline_app::json::history::{
    Commits, Drifted, Record as RecordVersions, Restated, Values,
};
use throughline_app::json::insight::{ForecastAnswer, SignalsAnswer};
use throughline_app::json::plan::Loaded;
use throughline_app::json::scorecard::Card;
use throughline_app::json::track::TrackAnswer;

use super::{history, observations, place, readings, records, sight, standing};
use crate::routes::ROUTES;

/// What can be said in an address.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its form: a type of JSON Schema.
    pub form: Form,
    /// Whether it stands in the path, and not after the question mark.
    pub is_in_path: bool,
    /// Whether it must be there.
    pub is_required: bool,
    /// A value that makes sense.
    pub example: &'static str,
}

/// The form of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// A whole number between two others, and the one that is taken where nothing is said.
    Number(usize, usize, usize),
}

/// An endpoint: what its route in `routes.rs` takes and gives.
#[derive(Clone, Copy)]
pub struct Endpoint {
    /// The name of its route.
    pub name: &'static str,
    /// What it answers, in a few words.
    pub summary: &'static str,
    /// What else there is to know, in a sentence or two.
    pub about: &'static str,
    /// What can be said in its address.
    pub parameters: &'static [Parameter],
    /// Whether it answers a list page by page.
    pub is_paged: bool,
    /// The shape of its answer.
    pub answer: fn(&mut SchemaGenerator) -> Schema,
    /// An address that makes sense in the bundled example, without its host.
    pub example: &'static str,
}

impl Endpoint {
    /// Its method and path.
    #[must_use]
    pub fn route(&self) -> (&'static str, &'static str) {
        let route = ROUTES.iter().find(|route| route.name == self.name);
        route.map_or(("GET", ""), |route| (route.method, route.path))
    }
}

/// The endpoint of a route, by what was matched.
pub(crate) fn endpoint_at(method: &Method, path: &str) -> Option<&'static Endpoint> {
    let method = if method == Method::HEAD {
        "GET"
    } else {
        method.as_str()
    };
    let route = ROUTES
        .iter()
        .find(|route| route.path == path && route.method == method)?;
    ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.name == route.name)
}

const fn query(name: &'static str, about: &'static str, example: &'static str) -> Parameter {
    Parameter {
        name,
        about,
        form: Form::Text,
        is_in_path: false,
        is_required: false,
        example,
    }
}

const fn in_path(name: &'static str, about: &'static str, example: &'static str) -> Parameter {
    Parameter {
        is_in_path: true,
        is_required: true,
        ..query(name, about, example)
    }
}

const fn must(parameter: Parameter) -> Parameter {
    Parameter {
        is_required: true,
        ..parameter
    }
}

const UNIT: Parameter = query(
    "unit",
    "The key of the unit; the topmost where left out.",
    "ewr",
);
const PERIOD: Parameter = query(
    "period",
    "The period, of any length; the latest complete one where left out.",
    "2013-06",
);
const WITH_UNITS: Parameter = query(
    "with-units",
    "`yes`: what is expected of the units right below, too, brought together so that it adds up. `no` where left out.",
    "no",
);
const KNOWN_AT: Parameter = query(
    "known-at",
    "When plan and observations were known: a date, which stands for its last instant, or a timestamp. Now where left out.",
    "2014-01-31",
);
const PLAN_AT: Parameter = query(
    "plan-at",
    "When the plan was known, where that is another instant: today's figures under the plan of then.",
    "2013-12-31",
);
const LIMIT: Parameter = Parameter {
    form: Form::Number(1, super::PAGE_LIMIT_MAX, super::PAGE_LIMIT_DEFAULT),
    ..query("limit", "The most elements of a page.", "2")
};
const OFFSET: Parameter = Parameter {
    form: Form::Number(0, super::PAGE_OFFSET_MAX, 0),
    ..query("offset", "How many elements come before the page.", "0")
};
const MEASURE: Parameter = in_path("key", "The key of the measure.", "on-time-arrival");
const LINK: Parameter = in_path(
    "key",
    "The link, as `cause>effect` by the keys of its ends.",
    "call-at-sixty>short-waits",
);
const AGAINST: Parameter = query(
    "against",
    "What the value is held against: `target`, `before` or `year-before`; each where left out.",
    "before",
);
const KIND: Parameter = in_path(
    "kind",
    "The kind of the record, such as `objective` or `person`.",
    "measure",
);
const KEY: Parameter = in_path(
    "key",
    "The key of the record; a target is named `measure@unit`, a link `cause>effect`.",
    "on-time-arrival",
);
const FROM: Parameter = must(query(
    "from",
    "The earlier date or timestamp.",
    "2013-12-31",
));
const TO: Parameter = must(query("to", "The later date or timestamp.", "2014-02-01"));

fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Every endpoint, in the order in which they are described.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        name: "api_place",
        summary: "Where one is, and where one can go",
        about: "The organisation, who asks, the unit with those above and below it, the period with its neighbours, the two clocks, and the last commit of the ledger. What was left out of the address is chosen, and it is said why.",
        parameters: &[UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<place::PlaceAnswer>,
        example: "/api/v1/place?unit=ewr&period=2013-06&limit=2",
    },
    Endpoint {
        name: "api_scorecard",
        summary: "The scorecard of a unit in a period",
        about: "The shape of `throughline scorecard --format json`. A page is the same stretch of both of its lists.",
        parameters: &[UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<Card>,
        example: "/api/v1/scorecard?unit=ewr&period=2013-06&limit=2",
    },
    Endpoint {
        name: "api_decisions",
        summary: "What needs a decision at a unit in a period",
        about: "Measures that are off track, and critical ones at risk or without data, the most urgent first, with who answers for it; and objectives and measures counted by status. A period that has not begun needs none.",
        parameters: &[UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<standing::DecisionsAnswer>,
        example: "/api/v1/decisions?unit=ewr&period=2013-06&limit=2",
    },
    Endpoint {
        name: "api_initiatives",
        summary: "How the initiatives stand",
        about: "By their milestones, as of the end of the period or of the day on which things are known: the late first, with what comes next and how the objectives that they serve stand at the unit.",
        parameters: &[UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<standing::InitiativesAnswer>,
        example: "/api/v1/initiatives?period=2013-08&limit=2",
    },
    Endpoint {
        name: "api_initiative",
        summary: "How an initiative stands, with its milestones",
        about: "A page holds a stretch of the milestones; everything else is in each. What may be spent on it is in its record.",
        parameters: &[
            in_path("key", "The key of the initiative.", "catch-up-desk"),
            UNIT,
            PERIOD,
            KNOWN_AT,
            PLAN_AT,
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<standing::InitiativeAnswer>,
        example: "/api/v1/initiatives/catch-up-desk?period=2013-08",
    },
    Endpoint {
        name: "api_line_of_sight",
        summary: "The line of sight of a person",
        about: "What they take part in, and the line from one of these things to what the organisation wants, each step with its figure and how it leads to the next. Without a unit, at theirs. It is there for themselves and whoever may read at their unit. A page holds a stretch of the parts; the line is in each.",
        parameters: &[
            in_path("key", "The key of the person.", "p-halcyon"),
            query(
                "from",
                "The key of one of the parts; the first where left out.",
                "plan-the-catch-up",
            ),
            UNIT,
            PERIOD,
            KNOWN_AT,
            PLAN_AT,
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<sight::SightAnswer>,
        example: "/api/v1/line-of-sight/p-halcyon?period=2013-12&limit=2",
    },
    Endpoint {
        name: "api_map",
        summary: "What drives what, and how it stands",
        about: "The nodes of the performance map with their status, and the links between them with their grades. A page is the same stretch of both of its lists.",
        parameters: &[UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<readings::MapAnswer>,
        example: "/api/v1/map?unit=ewr&period=2013-06&limit=2",
    },
    Endpoint {
        name: "api_evidence",
        summary: "How far a link of the map holds",
        about: "What the data of all units up to the end of the period say of a link: its grade, a sentence, the size of the effect with its interval, checks, and what would be enough to tell; the shape of `throughline evidence LINK --format json`. All links are graded together, once for a period and what was known.",
        parameters: &[LINK, UNIT, PERIOD, KNOWN_AT, PLAN_AT],
        is_paged: false,
        answer: shape::<OneEvidence>,
        example: "/api/v1/links/call-at-sixty%3Eshort-waits/evidence?period=2013-12",
    },
    Endpoint {
        name: "api_drivers",
        summary: "What made a value differ",
        about: "The difference of a value to its target, the period before and the year before, taken apart by units and by the measures of its formula; the shape of `throughline drivers --format json`. Where the difference is routine variation it says so instead.",
        parameters: &[MEASURE, AGAINST, UNIT, PERIOD, KNOWN_AT, PLAN_AT],
        is_paged: false,
        answer: shape::<Drivers>,
        example: "/api/v1/measures/on-time-arrival/drivers?period=2013-07",
    },
    Endpoint {
        name: "api_readings",
        summary: "How a measure came to where it is",
        about: "Its readings in the periods up to the one that is asked for, the oldest first: months, or its own periods where these are longer.",
        parameters: &[MEASURE, UNIT, PERIOD, KNOWN_AT, PLAN_AT],
        is_paged: false,
        answer: shape::<readings::ReadingsAnswer>,
        example: "/api/v1/measures/on-time-arrival/readings?unit=ewr&period=2013-06",
    },
    Endpoint {
        name: "api_signals",
        summary: "Whether a measure changed, or varies as it always does",
        about: "Its points with their natural limits, those that signal a change with the rules that they meet, and when the level shifted: the shape of `throughline signals --format json`.",
        parameters: &[MEASURE, UNIT, PERIOD, KNOWN_AT, PLAN_AT],
        is_paged: false,
        answer: shape::<SignalsAnswer>,
        example: "/api/v1/measures/on-time-arrival/signals?unit=ewr&period=2013-12",
    },
    Endpoint {
        name: "api_forecast",
        summary: "Where a measure goes if things go on as they do",
        about: "What is expected of the periods up to the end of the planning year, how far off that may be, and the chance to reach the target: the shape of `throughline forecast --format json`.",
        parameters: &[MEASURE, UNIT, PERIOD, KNOWN_AT, PLAN_AT, WITH_UNITS],
        is_paged: false,
        answer: shape::<ForecastAnswer>,
        example: "/api/v1/measures/on-time-arrival/forecast?unit=ewr&period=2013-12",
    },
    Endpoint {
        name: "api_chances",
        summary: "How often chances came true",
        about: "Of the chances that were said at the unit at the ends of the 24 months up to the period, as it was known then, those that have come due: how often the target was reached, by what was said. The shape of `throughline forecast --came-true --format json`.",
        parameters: &[UNIT, PERIOD, KNOWN_AT],
        is_paged: false,
        answer: shape::<TrackAnswer>,
        example: "/api/v1/chances?unit=ewr&period=2013-12",
    },
    Endpoint {
        name: "api_explanation",
        summary: "Why a number is what it is",
        about: "The reading with all that it rests on, down to single observations and the commits that recorded them: the shape of `throughline explain --format json`. A page holds a stretch of the observations and of what is missing, period after period; everything else is in each.",
        parameters: &[MEASURE, UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<Explained>,
        example: "/api/v1/measures/on-time-arrival/explanation?unit=ewr&period=2013-06",
    },
    Endpoint {
        name: "api_observations",
        summary: "The observations of a measure",
        about: "At the unit and below it, wherever you may read; where a period is asked for, those in it. By unit in the order of the plan, then by period.",
        parameters: &[MEASURE, UNIT, PERIOD, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<observations::ObservationsAnswer>,
        example: "/api/v1/measures/on-time-arrival/observations?unit=ewr&period=2013-06&limit=2",
    },
    Endpoint {
        name: "api_values",
        summary: "Each value that was recorded for a measure at a unit in a period",
        about: "In the order in which they became known: corrections follow what they corrected. The period is of the measure's own frequency.",
        parameters: &[MEASURE, must(UNIT), must(PERIOD), LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<Values>,
        example: "/api/v1/measures/on-time-arrival/values?unit=ewr-ua&period=2013-W23",
    },
    Endpoint {
        name: "api_corrections",
        summary: "What was recorded again for a measure",
        about: "At the unit and below it, wherever you may read, of the measure and of what its formula is made of: each value that was replaced by another, the latest first, with the commit that did it. Those of all periods.",
        parameters: &[MEASURE, UNIT, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<history::CorrectionsAnswer>,
        example: "/api/v1/measures/on-time-arrival/corrections?unit=ewr&limit=1",
    },
    Endpoint {
        name: "api_plan",
        summary: "The whole plan, record by record",
        about: "Kind by kind, in the order of the plan. What you may not see of a record is not in it.",
        parameters: &[KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<records::RecordsAnswer>,
        example: "/api/v1/plan?limit=2",
    },
    Endpoint {
        name: "api_find",
        summary: "Records by a part of their name or description",
        about: "Objectives, outcomes, behaviours, measures, initiatives, units and people whose name has every word of the text, or whose key it is, and after them those whose description has; by kind, in the order of the plan.",
        parameters: &[
            must(query("q", "The words to look for.", "on time")),
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<records::FoundAnswer>,
        example: "/api/v1/find?q=on%20time&limit=1",
    },
    Endpoint {
        name: "api_records",
        summary: "The records of a kind",
        about: "Objectives, outcomes, behaviours, measures, targets, links, initiatives, units, people and the others, each as it would stand in a file of the plan.",
        parameters: &[KIND, KNOWN_AT, PLAN_AT, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<records::RecordsAnswer>,
        example: "/api/v1/records/initiative?limit=1",
    },
    Endpoint {
        name: "api_record",
        summary: "One record",
        about: "As it would stand in a file of the plan.",
        parameters: &[KIND, KEY, KNOWN_AT, PLAN_AT],
        is_paged: false,
        answer: shape::<records::RecordAnswer>,
        example: "/api/v1/records/measure/on-time-arrival",
    },
    Endpoint {
        name: "api_record_history",
        summary: "The versions of a record",
        about: "The earliest first, each with what it changed. Former keys and retired records are found, too.",
        parameters: &[KIND, KEY, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<RecordVersions<'static>>,
        example: "/api/v1/records/measure/on-time-arrival/history",
    },
    Endpoint {
        name: "api_commits",
        summary: "The commits of the ledger",
        about: "The latest first.",
        parameters: &[LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<Commits>,
        example: "/api/v1/commits?limit=1",
    },
    Endpoint {
        name: "api_commit",
        summary: "A commit with what it changed",
        about: "Its changes of the plan, in words and as values, and what it recorded where you may read, each with the value that was known before. A page is the same stretch of both of its lists.",
        parameters: &[
            in_path("number", "The number of the commit.", "2"),
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<history::CommitAnswer<'static>>,
        example: "/api/v1/commits/2?limit=1",
    },
    Endpoint {
        name: "api_diff",
        summary: "What changed in the plan between two dates",
        about: "Each change in words, and as values before and after.",
        parameters: &[FROM, TO, LIMIT, OFFSET],
        is_paged: true,
        answer: shape::<history::DiffAnswer<'static>>,
        example: "/api/v1/diff?from=2013-01-01&to=2014-02-01&limit=1",
    },
    Endpoint {
        name: "api_restatements",
        summary: "Readings that differ between two dates on which they were known",
        about: "Of one measure or all, at a unit in a period, with the commits that made the difference.",
        parameters: &[
            query(
                "measure",
                "The key of a measure; all where left out.",
                "on-time-arrival",
            ),
            FROM,
            TO,
            UNIT,
            PERIOD,
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<Restated>,
        example: "/api/v1/restatements?measure=on-time-arrival&unit=ewr&period=2013-06&from=2013-12-31&to=2014-02-01",
    },
    Endpoint {
        name: "api_target_drift",
        summary: "Points of targets that are not what was first agreed",
        about: "Of all targets, or those of a measure or a unit.",
        parameters: &[
            query(
                "measure",
                "The key of a measure; all where left out.",
                "on-time-arrival",
            ),
            query("unit", "The key of a unit; all where left out.", "ewr"),
            LIMIT,
            OFFSET,
        ],
        is_paged: true,
        answer: shape::<Drifted>,
        example: "/api/v1/target-drift?measure=on-time-arrival",
    },
    Endpoint {
        name: "api_record_observations",
        summary: "Record observations",
        about: "All of them, or none: what is wrong is listed with its place and how it is mended. A value equal to the one that is known is skipped, any other is a correction. A request that is repeated with the same Idempotency-Key within 24 hours has one effect and gets the first answer again.",
        parameters: &[query(
            "reason",
            "Why, recorded with the commit; up to 1000 characters.",
            "Figures of June",
        )],
        is_paged: false,
        answer: shape::<Loaded<'static>>,
        example: "/api/v1/observations?reason=Figures%20of%20June",
    },
    Endpoint {
        name: "api_openapi",
        summary: "This description",
        about: "OpenAPI 3.1.",
        parameters: &[],
        is_paged: false,
        answer: |_| schemars::json_schema!({ "type": "object" }),
        example: "/api/v1/openapi.json",
    },
];
