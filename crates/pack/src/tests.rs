//! A pack is the same whenever it is made, shows what is in it, and takes no text for markup.

use throughline_app::pack::{PackChart, PackItem, PackNote};

use super::*;

const DRAWING: &str = r#"<svg class="x" width="100" height="40" viewBox="0 0 100 40" role="img"><title>T</title><desc>D</desc><path class="c-ac" d="M0 0L100 40"/><text class="c-lab" x="2" y="20">Jan</text></svg>"#;
const STYLES: &str =
    "svg text { font-family: Inter; fill: #12161b } .c-ac { stroke: #2b333d; fill: none }";
const FROZEN: &str = "2014-02-03T10:00:00Z";

fn pack() -> Pack {
    Pack {
        key: "r-1".to_owned(),
        organisation: "Harbour".to_owned(),
        title: "Monthly review, 14 Jan 2014".to_owned(),
        said: "Figures for December.".to_owned(),
        items: vec![PackItem {
            group: "Real changes".to_owned(),
            title: "Departures #panic[a] $x$ *b* <label> @x".to_owned(),
            short: "81.3 %".to_owned(),
            said: vec!["It lies below ≥ 80 %.".to_owned()],
            charts: ["A line", "Another"]
                .map(|description| PackChart {
                    drawing: DRAWING.to_owned(),
                    description: description.to_owned(),
                })
                .to_vec(),
            periods: vec![("Dec".to_owned(), "81.3".to_owned(), "≥ 80".to_owned())],
            ..PackItem::default()
        }],
        notes: vec![PackNote {
            line: "1 figure moved".to_owned(),
            rows: vec![("M".to_owned(), "81.3 → 80.9".to_owned())],
            more: 2,
        }],
        ..Pack::default()
    }
}

fn made(pack: &Pack, frozen: &str) -> Vec<u8> {
    let frozen = frozen.parse().expect("a timestamp");
    pdf(pack, STYLES, frozen).expect("a pack")
}

#[test]
fn the_same_pack_has_the_same_bytes() {
    let (first, again) = (made(&pack(), FROZEN), made(&pack(), FROZEN));
    assert!(first.starts_with(b"%PDF-"));
    assert_eq!(first, again);
    let mut other = pack();
    other.items[0].short = "80.9 %".to_owned();
    assert_ne!(made(&other, FROZEN), first);
    assert_ne!(made(&pack(), "2014-02-03T10:00:01Z"), first);
}

#[test]
fn words_are_never_markup_and_an_empty_agenda_is_a_pack() {
    made(&pack(), FROZEN);
    made(
        &Pack {
            key: "x".to_owned(),
            ..Pack::default()
        },
        FROZEN,
    );
}

#[test]
fn a_drawing_that_is_none_is_an_error() {
    let mut broken = pack();
    broken.items[0].charts = vec![PackChart {
        drawing: "<svg><g></svg>".to_owned(),
        ..PackChart::default()
    }];
    let frozen = FROZEN.parse().expect("a timestamp");
    let made = pdf(&broken, STYLES, frozen);
    assert!(matches!(made, Err(PackError::Set(_))), "{made:?}");
}
