//! What must hold for each map: no box on another, no link through a box or over a label, few
//! crossings. Crossings are counted on the lines that are drawn, not on the order that was sought.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::checks::{Tag, holds, label_boxes, tags};
use crate::map_samples::{flights, flights_of_the_strategy, large, link, node, row, water};
use crate::{Chart, Evidence, LinkKind, Picked, Status, StrategyMap};

type Spot = (f64, f64);

/// The points along the lines of the links, each link a list.
fn drawn_links(tags: &[Tag<'_>]) -> Vec<Vec<Spot>> {
    tags.iter()
        .filter(|tag| tag.get("class") == Some("m-l"))
        .map(|tag| points_along(tag.get("d").unwrap()))
        .collect()
}

/// Points along a path of M, L and C, close enough to see what it crosses.
fn points_along(path: &str) -> Vec<Spot> {
    const STEPS: u32 = 24;
    let mut points: Vec<Spot> = Vec::new();
    let starts = path
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphabetic())
        .map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain([path.len()]);
    for (start, end) in starts.zip(ends) {
        let command = path.as_bytes()[start];
        let numbers: Vec<f64> = path
            .get(start + 1..end)
            .unwrap()
            .split(' ')
            .map(|number| number.parse().unwrap())
            .collect();
        let spots: Vec<Spot> = numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect();
        match (command, &spots[..]) {
            (b'M' | b'L', [spot]) => points.push(*spot),
            (b'C', [a, b, end]) => {
                let start = *points.last().unwrap();
                for step in 1..=STEPS {
                    let (t, u) = (
                        f64::from(step) / f64::from(STEPS),
                        1.0 - f64::from(step) / f64::from(STEPS),
                    );
                    let of = |s: f64, a: f64, b: f64, e: f64| {
                        u * u * u * s + 3.0 * u * u * t * a + 3.0 * u * t * t * b + t * t * t * e
                    };
                    points.push((of(start.0, a.0, b.0, end.0), of(start.1, a.1, b.1, end.1)));
                }
            }
            other => panic!("unknown command {other:?}"),
        }
    }
    points
}

fn side(a: Spot, b: Spot, c: Spot) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

fn segments_cross((a, b): (Spot, Spot), (c, d): (Spot, Spot)) -> bool {
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// How often drawn links cross.
fn crossings(links: &[Vec<Spot>]) -> usize {
    let segments = |points: &[Spot]| {
        points
            .windows(2)
            .map(|pair| (pair[0], pair[1]))
            .collect::<Vec<_>>()
    };
    let links: Vec<Vec<(Spot, Spot)>> = links.iter().map(|points| segments(points)).collect();
    let mut count = 0;
    for (index, a) in links.iter().enumerate() {
        for b in &links[index + 1..] {
            count += a
                .iter()
                .map(|one| {
                    b.iter()
                        .filter(|other| segments_cross(*one, **other))
                        .count()
                })
                .sum::<usize>();
        }
    }
    count
}

/// Asserts that boxes are apart and that links touch neither boxes nor labels; says how often links cross.
fn layout_holds(map: &StrategyMap) -> usize {
    let drawing = map.svg();
    let tags = tags(&drawing);
    let boxes: Vec<[f64; 4]> = tags
        .iter()
        .filter(|tag| tag.get("class") == Some("m-box"))
        .map(|tag| ["x", "y", "width", "height"].map(|name| tag.number(name)))
        .collect();
    assert_eq!(
        boxes.len(),
        map.rows.iter().map(|row| row.nodes.len()).sum::<usize>()
    );
    for (index, [x, y, width, height]) in boxes.iter().enumerate() {
        for [other_x, other_y, other_width, other_height] in &boxes[index + 1..] {
            let across = *x < other_x + other_width && *other_x < x + width;
            let down = *y < other_y + other_height && *other_y < y + height;
            assert!(!(across && down), "boxes cover each other");
        }
    }
    let links = drawn_links(&tags);
    let labels = label_boxes(&tags);
    for spot in links.iter().flatten() {
        let in_box = |[x, y, width, height]: &[f64; 4]| {
            spot.0 > x + 0.1
                && spot.0 < x + width - 0.1
                && spot.1 > y + 0.1
                && spot.1 < y + height - 0.1
        };
        assert!(
            !boxes.iter().any(in_box),
            "a link runs through a box at {spot:?}"
        );
        let label = labels.iter().find(|label| {
            spot.0 > label.left
                && spot.0 < label.right
                && spot.1 > label.top
                && spot.1 < label.bottom
        });
        assert!(label.is_none(), "a link runs over a label: {label:?}");
    }
    crossings(&links)
}

#[test]
fn links_cross_as_little_as_we_found() {
    let check = |map: &StrategyMap, expected: usize| {
        holds(map);
        assert_eq!(layout_holds(map), expected, "{}", map.name);
    };
    check(&water(), 0);
    // Two behaviours both lead to the same two outcomes, which cannot be drawn between two rows without one crossing.
    check(&flights(), 1);
    check(&large(), 176);
}

/// What a screen of 900 pixels leaves a map below what needs a decision.
const ROOM_BELOW_DECISIONS: f64 = 475.0;

#[test]
fn five_rows_with_all_that_is_said_of_them_stand_above_the_fold() {
    let map = flights_of_the_strategy();
    holds(&map);
    assert_eq!(layout_holds(&map), 0);
    let drawing = map.svg();
    let height = tags(&drawing)[0].number("height");
    assert!(height <= ROOM_BELOW_DECISIONS, "{height}");
}

/// The rows of a map of the example of hospitals, whose lines about a row are longer than boxes are high.
fn hospitals() -> StrategyMap {
    let one = |key: &str| node(key, "Four hours", Status::OffTrack, "86.6%", "");
    StrategyMap {
        name: "Hospitals".to_owned(),
        rows: vec![
            row(
                "Patients",
                "what people who come to us experience",
                vec![one("a")],
            ),
            row(
                "Flow",
                "how people move through the department and the hospital",
                vec![one("b"), one("c")],
            ),
            row("Teams", "what those who do the work need", vec![one("d")]),
        ],
        links: vec![link("b", "a", LinkKind::Supports)],
        picked: Picked::default(),
    }
}

#[test]
fn names_of_rows_are_whole_and_apart_from_edges_and_lines() {
    for map in [hospitals(), flights_of_the_strategy(), water()] {
        holds(&map);
        layout_holds(&map);
        let drawing = map.svg();
        let tags = tags(&drawing);
        let height = tags[0].number("height");
        let lines: Vec<f64> = tags
            .iter()
            .filter(|tag| tag.get("class") == Some("m-sep"))
            .map(|tag| {
                let (_, y) = tag.get("d").unwrap().split_once(' ').unwrap();
                y.split_once('H').unwrap().0.parse().unwrap()
            })
            .collect();
        let is_label = |tag: &&Tag<'_>| matches!(tag.get("class"), Some("m-p" | "m-ps"));
        for label in label_boxes(tags.iter().filter(is_label)) {
            assert!(!label.text.contains('…'), "{label:?}");
            assert!(
                label.top >= 9.0 && label.bottom <= height - 9.0,
                "{label:?}"
            );
            let is_near = |line: &&f64| label.top - 3.0 < **line && **line < label.bottom + 3.0;
            assert_eq!(lines.iter().find(is_near), None, "{label:?}");
        }
    }
}

#[test]
fn the_map_looks_as_before() {
    let map = water();
    let mut text = format!("{}\n\n", map.description());
    for row in map.table() {
        writeln!(text, "{}", row.join(" | ")).unwrap();
    }
    write!(text, "\n{}", map.svg().replace("><", ">\n<")).unwrap();
    insta::assert_snapshot!("map", text);
}

#[test]
fn the_list_tells_the_same() {
    let map = water();
    let list = map.list();
    assert_eq!(
        list.iter()
            .map(|(_, nodes)| nodes.len())
            .collect::<Vec<_>>(),
        [2, 3, 3, 3]
    );
    let crews = &list[3].1[0];
    let says: Vec<String> = crews
        .links
        .iter()
        .map(|(link, to)| format!("{} {}", link.kind.verb(), to.name))
        .collect();
    assert_eq!(
        says,
        [
            "drives Find and fix leaks sooner",
            "drives Prevent blockages and spills"
        ]
    );
}

/// Hard graphs: links of any direction, inside rows, doubled, to oneself and to nobody.
fn any_map() -> impl Strategy<Value = StrategyMap> {
    let kind = prop::sample::select(vec![
        LinkKind::Supports,
        LinkKind::Raises(Evidence::Strong),
        LinkKind::Lowers(Evidence::Contradicted),
    ]);
    let links = prop::collection::vec((0_usize..24, 0_usize..24, kind), 0..30);
    (
        prop::collection::vec(0_usize..6, 0..6),
        links,
        "[A-Za-z<&\" ]{0,70}",
        any::<String>(),
    )
        .prop_map(|(sizes, links, name, odd)| {
            let mut number = 0;
            let mut next = || {
                number += 1;
                node(
                    &format!("n{number}"),
                    &format!("N{name}"),
                    Status::ALL[number % 5],
                    &odd,
                    &name,
                )
            };
            let rows = sizes
                .iter()
                .map(|size| row(&name, &odd, (0..*size).map(|_| next()).collect()))
                .collect();
            let links = links
                .into_iter()
                .map(|(from, to, kind)| link(&format!("n{from}"), &format!("n{to}"), kind))
                .collect();
            StrategyMap {
                name: "Any".to_owned(),
                rows,
                links,
                picked: Picked::default(),
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn maps_of_anything_hold(map in any_map()) {
        holds(&map);
        layout_holds(&map);
    }
}

/// Prints the maps, to look at: `cargo test -p throughline-charts show_maps -- --ignored --nocapture`.
#[test]
#[ignore = "prints drawings to look at, and checks nothing"]
#[expect(clippy::print_stdout, reason = "printing is all it does")]
fn show_maps() {
    println!("<style>{}</style>", crate::STYLES);
    for map in [water(), flights(), flights_of_the_strategy(), large()] {
        println!("<p>{}</p>{}", map.description(), map.svg());
    }
}
