//! Maps to try the layout on.

use crate::{Evidence, LinkKind, MapLink, MapNode, MapRow, Picked, Status, StrategyMap};

pub(crate) fn node(key: &str, name: &str, status: Status, figure: &str, note: &str) -> MapNode {
    MapNode {
        key: key.to_owned(),
        name: name.to_owned(),
        status,
        figure: figure.to_owned(),
        note: note.to_owned(),
        href: Some(format!("?focus={key}#map")),
    }
}

pub(crate) fn row(name: &str, about: &str, nodes: Vec<MapNode>) -> MapRow {
    MapRow {
        name: name.to_owned(),
        about: about.to_owned(),
        nodes,
    }
}

pub(crate) fn link(from: &str, to: &str, kind: LinkKind) -> MapLink {
    MapLink {
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
    }
}

/// The invented water company of the design: 11 objectives, 13 links.
pub(crate) fn water() -> StrategyMap {
    use Evidence::{Contradicted, NotShown, Supported, Untested};
    use Status::{AtRisk, NoData, OffTrack, OnTrack};
    let rows = vec![
        row(
            "Value",
            "for bill payers and owners",
            vec![
                node(
                    "V1",
                    "Earn our allowed return",
                    AtRisk,
                    "4.6% against ≥ 4.8%",
                    "55% likely by March",
                ),
                node(
                    "V2",
                    "Fund resilience within bills",
                    OnTrack,
                    "£41.2m against ≥ £40.0m",
                    "86% likely by March",
                ),
            ],
        ),
        row(
            "Customers",
            "what people experience",
            vec![
                node(
                    "C1",
                    "Water always there",
                    OffTrack,
                    "9.8 against ≤ 6.0",
                    "8% likely by March",
                ),
                node(
                    "C2",
                    "Fix it right first time",
                    AtRisk,
                    "81.3% against ≥ 82.0%",
                    "20% likely by March",
                ),
                node(
                    "C3",
                    "Rivers people can trust",
                    OnTrack,
                    "17.1 against ≤ 19.5",
                    "83% likely by March",
                ),
            ],
        ),
        row(
            "How we work",
            "what we must be good at",
            vec![
                node(
                    "P1",
                    "Find and fix leaks sooner",
                    OnTrack,
                    "148.2 against ≤ 150.0",
                    "74% likely by March",
                ),
                node(
                    "P2",
                    "Plan work around customers",
                    AtRisk,
                    "93.4% against ≥ 96.0%",
                    "34% likely by March",
                ),
                node(
                    "P3",
                    "Prevent blockages and spills",
                    OnTrack,
                    "1,204 against ≥ 1,180",
                    "81% likely by March",
                ),
            ],
        ),
        row(
            "People and data",
            "what it all rests on",
            vec![
                node(
                    "L1",
                    "Skilled, safe crews",
                    OnTrack,
                    "0.9 against ≤ 1.2",
                    "88% likely by March",
                ),
                node(
                    "L2",
                    "Daily habits that stick",
                    AtRisk,
                    "68 against ≥ 75",
                    "58% likely by March",
                ),
                node(
                    "L3",
                    "Data we can act on",
                    NoData,
                    "last reading 12 Oct",
                    "forecast paused",
                ),
            ],
        ),
    ];
    let links = [
        ("L1", "P1", Supported),
        ("L1", "P3", NotShown),
        ("L2", "P2", Untested),
        ("L2", "C2", Supported),
        ("L3", "P1", NotShown),
        ("L3", "P2", Untested),
        ("P1", "C1", NotShown),
        ("P1", "V1", Supported),
        ("P2", "C2", Contradicted),
        ("P3", "C3", Supported),
        ("C1", "V1", Untested),
        ("C2", "V1", Supported),
        ("C3", "V2", Untested),
    ];
    let links = links
        .into_iter()
        .map(|(from, to, evidence)| link(from, to, LinkKind::Raises(evidence)))
        .collect();
    StrategyMap {
        name: "Strategy map of Calder Water".to_owned(),
        rows,
        links,
        picked: Picked::default(),
    }
}

/// The map of the flights example: 9 objectives, 5 outcomes and 6 behaviours; 6 links of the cascade, 14 beliefs.
pub(crate) fn flights() -> StrategyMap {
    use Status::{AtRisk, NoTarget, OffTrack, OnTrack};
    let plain = |key: &str, name: &str, status| node(key, name, status, "", "score 0.62");
    let rows = vec![
        row(
            "Financial",
            "what lateness costs and what the airports earn",
            vec![
                plain("costs", "Lateness costs a third less", AtRisk),
                plain("earn", "Each airport earns its own investment", OnTrack),
            ],
        ),
        row(
            "Customers",
            "what travellers experience",
            vec![
                plain("watch", "People can set their watch by us", AtRisk),
                plain("nobody-waits", "Nobody waits for hours", OffTrack),
            ],
        ),
        row(
            "Internal process",
            "what the operation must be good at",
            vec![
                plain("day-starts", "The day starts on time", AtRisk),
                plain("day-ends", "The day ends as it began", OffTrack),
                plain("late-recover", "Late flights recover", AtRisk),
                plain("schedule", "A schedule that can be flown", NoTarget),
            ],
        ),
        row(
            "Learning and growth",
            "what people can do and want to do",
            vec![plain("clock", "Crews own the clock", OnTrack)],
        ),
        row(
            "Outcomes",
            "what changes for others",
            vec![
                plain("punctual", "Flights leave on time", AtRisk),
                plain("evenings", "Evening flights leave as promised", OffTrack),
                plain("caught-up", "Late departures still arrive on time", AtRisk),
                plain(
                    "short-waits",
                    "Waits of more than two hours are rare",
                    OnTrack,
                ),
                plain("cheaper", "A late flight costs less", AtRisk),
            ],
        ),
        row(
            "Behaviours",
            "what people do",
            vec![
                plain("push-back", "Push back on the minute", OnTrack),
                plain("open-day", "Open the day on time", AtRisk),
                plain(
                    "plan-catch-up",
                    "Plan the catch-up while it taxies",
                    OnTrack,
                ),
                plain("sixty", "Make the call at sixty minutes", OffTrack),
                plain("block-times", "Set honest block times", AtRisk),
                plain("brief", "Begin each shift with five minutes", NoTarget),
            ],
        ),
    ];
    let supports = [
        ("day-starts", "watch"),
        ("day-ends", "watch"),
        ("late-recover", "watch"),
        ("late-recover", "nobody-waits"),
        ("schedule", "day-ends"),
        ("clock", "day-starts"),
    ];
    let beliefs = [
        ("push-back", "punctual"),
        ("open-day", "punctual"),
        ("open-day", "evenings"),
        ("push-back", "evenings"),
        ("plan-catch-up", "caught-up"),
        ("sixty", "short-waits"),
        ("block-times", "caught-up"),
        ("brief", "punctual"),
        ("punctual", "watch"),
        ("caught-up", "watch"),
        ("evenings", "watch"),
        ("punctual", "cheaper"),
        ("short-waits", "earn"),
        ("cheaper", "costs"),
    ];
    let supports = supports
        .into_iter()
        .map(|(from, to)| link(from, to, LinkKind::Supports));
    let beliefs = beliefs
        .into_iter()
        .map(|(from, to)| link(from, to, LinkKind::Raises(Evidence::Untested)));
    StrategyMap {
        name: "Map of the three airports".to_owned(),
        rows,
        links: supports.chain(beliefs).collect(),
        picked: Picked::default(),
    }
}

/// The five rows of the flights that the page of the strategy has, with as much in each box as there may be.
pub(crate) fn flights_of_the_strategy() -> StrategyMap {
    let mut map = flights();
    map.rows.pop();
    for node in map.rows.iter_mut().flat_map(|row| &mut row.nodes) {
        node.status = Status::OffTrack;
        node.figure = "65.2%\u{a0}against\u{a0}≥\u{a0}74.4%".to_owned();
        node.note = "12%\u{a0}likely\u{a0}by\u{a0}Dec\u{a0}2013".to_owned();
        if node.key == "schedule" {
            node.figure = "−3.8 against −6.0\u{a0}to −2.0\u{a0}min".to_owned();
        }
    }
    map
}

/// 80 nodes in six rows, each linked to one or two of the next rows, as a plan of that size would be.
pub(crate) fn large() -> StrategyMap {
    let sizes = [6, 10, 14, 12, 18, 20];
    let key = |row: usize, index: usize| format!("r{row}-{index}");
    let mut links = Vec::new();
    let mut rows = Vec::new();
    for (number, size) in sizes.into_iter().enumerate() {
        let name =
            |index: usize| format!("Objective {index} of row {number}, with a name that goes on");
        let one = |index| {
            node(
                &key(number, index),
                &name(index),
                Status::ALL[index % 5],
                "81.3% against ≥ 82.0%",
                "score 0.71",
            )
        };
        rows.push(row(
            &format!("Row {number}"),
            "what it is about",
            (0..size).map(one).collect(),
        ));
        for index in (0..size).filter(|_| number > 0) {
            let above = sizes[number - 1];
            let near = (index * above / size).min(above - 1);
            links.push(link(
                &key(number, index),
                &key(number - 1, near),
                LinkKind::Supports,
            ));
            if index % 2 == 0 {
                let far = (index * 7 + number * 3) % above;
                links.push(link(
                    &key(number, index),
                    &key(number - 1, far),
                    LinkKind::Raises(Evidence::ALL[index % 7]),
                ));
            }
            if index % 5 == 0 && number > 1 {
                let far = index * sizes[number - 2] / size;
                links.push(link(
                    &key(number, index),
                    &key(number - 2, far),
                    LinkKind::Raises(Evidence::Untested),
                ));
            }
        }
    }
    StrategyMap {
        name: "A large map".to_owned(),
        rows,
        links,
        picked: Picked::default(),
    }
}
