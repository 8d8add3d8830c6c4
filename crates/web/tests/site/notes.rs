//! Notes on the chart of a measure: where they are told, undone, refused at their field, and who stated them.

use axum::http::StatusCode;

use crate::bench::{Answer, Bench};

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }, { key: a, name: Alder, parent: top }]
people:
  - { key: olga, name: Olga, unit: top, level: executive }
  - { key: sam, name: Sam, unit: top, level: manager }
";
const MEASURES: &str = "\
measures: [{ key: m, name: Leaks, kind: mean, better: lower, frequency: month, owner: olga, steward: sam }]
";

/// A site on 3 February 2014 with five years of values, at the top and below it.
async fn site() -> (Bench, String) {
    with_notes("").await
}

async fn with_notes(notes: &str) -> (Bench, String) {
    made(notes, None).await
}

/// With one value that is another: of a unit, so many months after January 2009.
async fn made(notes: &str, odd: Option<(&str, i32, f64)>) -> (Bench, String) {
    let mut files = vec![
        ("organisation.yaml", ORGANISATION),
        ("measures.yaml", MEASURES),
    ];
    if !notes.is_empty() {
        files.push(("governance.yaml", notes));
    }
    let site = Bench::of_plan(&files).await;
    let mut observations = "measure,unit,period,value\n".to_owned();
    for all in 0..60 {
        let value = 50.0 + f64::from(all * 5 % 7) / 2.0;
        let (year, month) = (2009 + all / 12, all % 12 + 1);
        let at = |unit: &str| match odd {
            Some((of, place, odd)) if (of, place) == (unit, all) => odd,
            _ => value,
        };
        for unit in ["top", "a"] {
            observations.push_str(&format!("m,{unit},{year}-{month:02},{}\n", at(unit)));
        }
    }
    let session = site.enter_as("sam").await;
    let loaded = site.post_as(&session, &observations, "text/csv").await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.body);
    site.enter_as_another("olga", &session).await;
    (site, session)
}

const HERE: &str = "/measures/m/notes?unit=top&period=2013-12";

/// Sends the form of a note.
async fn note(site: &Bench, session: &str, at: &str, form: &str) -> Answer {
    site.post(at, session, &format!("{form}&position=3")).await
}

/// The page that an answer leads to.
async fn followed(site: &Bench, session: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let path = answer.header("location");
    let page = site.get(path.trim_end_matches("#notes"), session).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    page.body
}

#[track_caller]
fn has(page: &str, words: &str) {
    assert!(page.contains(words), "{words} is not in {page}");
}

#[tokio::test]
async fn a_refused_note_stays_on_the_page_of_the_measure() {
    let (site, session) = site().await;
    let form = "period=2013-10&what=A+kit&baseline=yes";
    let refused = note(&site, &session, &format!("{HERE}&reach=all"), form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = &refused.body;
    has(page, "<title>Error: Leaks");
    assert!(!page.contains("href=\"/measures/m/notes"), "{page}");
    has(
        page,
        "href=\"/measures/m?unit=top&#38;period=2013-11&#38;reach=all\"",
    );
    has(
        page,
        "action=\"/measures/m/notes?unit=top&#38;period=2013-12&#38;reach=all\"",
    );
    has(page, "value=\"2013-10\" selected");
}

#[tokio::test]
async fn what_is_wrong_with_a_note_stands_at_its_field() {
    let (site, session) = site().await;
    let check = async |form: &str, field: &str| {
        let refused = note(&site, &session, HERE, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        has(&refused.body, &format!("id=\"{field}-wrong\""));
        has(
            &refused.body,
            &format!("aria-describedby=\"{field}-wrong\""),
        );
        has(&refused.body, &format!("href=\"#{field}\""));
        has(&refused.body, &format!("id=\"{field}\""));
    };
    check("period=2013-10&what=+", "note-what").await;
    check("period=2013-10&what=+&baseline=yes", "note-what").await;
    check("period=2013-W03&what=A", "note-period").await;
    check("period=some&what=A&baseline=yes", "note-period").await;
    check("period=2013-10&what=A&baseline=yes", "note-baseline").await;
}

#[tokio::test]
async fn a_note_on_an_older_period_is_told_where_the_chart_reaches_that_far() {
    let (site, session) = site().await;
    let page = site
        .get("/measures/m?unit=top&period=2013-12&reach=all", &session)
        .await
        .body;
    let (_, early) = page
        .split_once("<optgroup label=\"Too early for new limits\">")
        .expect("earlier");
    has(early, "value=\"2010-12\"");
    assert!(!early.contains("value=\"2011-01\""), "{early}");
    let sent = note(
        &site,
        &session,
        &format!("{HERE}&reach=all"),
        "period=2009-03&what=A+flood",
    )
    .await;
    let page = followed(&site, &session, &sent).await;
    has(&page, "Noted at Mar 2009.");
    has(&page, "<p>A flood</p>");
    has(
        &page,
        "action=\"/measures/m/notes/withdrawal?unit=top&#38;period=2013-12&#38;reach=all\"",
    );
    let early = "period=2009-04&what=A+kit&baseline=yes";
    let refused = note(&site, &session, &format!("{HERE}&reach=all"), early).await;
    has(&refused.body, "id=\"note-baseline-wrong\"");
    has(
        &refused.body,
        "natural limits are not worked out for that period",
    );
    has(&refused.body, "value=\"2009-04\" selected");
    // With three years it is told, too: that it is not among those shown, and with its undo.
    let path = sent.header("location").replace("&reach=all", "");
    let page = site
        .get(path.trim_end_matches("#notes"), &session)
        .await
        .body;
    has(&page, "Noted at Mar 2009.");
    has(&page, ">Undo</button>");
    has(&page, "1 older note is not shown.");
    assert!(!page.contains("<p>A flood</p>"), "{page}");
}

/// One value that makes all others lie on one side of the average is said to be right where that is told.
#[tokio::test]
async fn a_value_that_is_to_be_checked_is_said_to_be_right_on_its_page() {
    let (site, session) = made("", Some(("top", 29, 999.0))).await;
    let path = "/measures/m?unit=top&period=2013-12";
    let page = site.get(path, &session).await.body;
    has(&page, "Check whether that is right.");
    has(&page, "999.0 in Jun 2011 is right: why?");
    let stale = "period=2011-06&right=998&what=A+flood";
    let refused = note(&site, &session, HERE, stale).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&refused.body, "id=\"note-right-wrong\"");
    has(&refused.body, "href=\"#note-right\"");
    let sent = note(
        &site,
        &session,
        HERE,
        "period=2011-06&right=999&what=A+flood",
    )
    .await;
    let page = followed(&site, &session, &sent).await;
    has(&page, "The value of Jun 2011 counts as right.");
    has(&page, "999.0 in Jun 2011 is right, as is noted: A flood.");
    assert!(!page.contains("Check whether that is right."), "{page}");
    assert!(!page.contains("is right: why?"), "{page}");
}

/// What the points of the units below say is a column of the table by unit, once somebody asks for it.
#[tokio::test]
async fn units_below_say_what_their_points_say() {
    let (site, session) = made("", Some(("a", 59, 90.0))).await;
    let path = "/measures/m?unit=top&period=2013-12";
    let below = |page: &str| {
        let (_, below) = page.split_once("id=\"below\"").expect("a table by unit");
        let (below, _) = below.split_once("</section>").expect("its end");
        below.to_owned()
    };
    let without = below(&site.get(path, &session).await.body);
    has(&without, "Which of them changed");
    assert!(!without.contains("data-label=\"Signal\""), "{without}");
    let with = below(
        &site
            .get(&format!("{path}&signals=units"), &session)
            .await
            .body,
    );
    has(&with, "data-label=\"Signal\">Worsening</td>");
    assert!(!with.contains("Which of them changed"), "{with}");
}

#[tokio::test]
async fn notes_beyond_the_most_that_a_chart_has_are_counted() {
    let notes: Vec<String> = (0..28)
        .map(|number| {
            let (year, month) = (2011 + number / 12, number % 12 + 1);
            format!("  - {{ key: n-{number}, what: Note {number}, measure: m, unit: top, period: {year}-{month:02} }}\n")
        })
        .collect();
    let (site, session) = with_notes(&format!("notes:\n{}", notes.concat())).await;
    let page = site
        .get("/measures/m?unit=top&period=2013-12", &session)
        .await
        .body;
    has(&page, "2 older notes are not shown.");
    assert!(!page.contains("<p>Note 1</p>"));
    has(&page, "<p>Note 2</p>");
    let sent = note(&site, &session, HERE, "period=2011-01&what=One+more").await;
    let page = followed(&site, &session, &sent).await;
    has(&page, "Noted at Jan 2011.");
    has(&page, ">Undo</button>");
    has(&page, "3 older notes are not shown.");
}

#[tokio::test]
async fn the_same_note_at_two_units_is_two_notes() {
    let (site, session) = site().await;
    let form = "period=2013-10&what=A+storm";
    for unit in ["top", "a"] {
        let at = format!("/measures/m/notes?unit={unit}&period=2013-12");
        let sent = note(&site, &session, &at, form).await;
        let again = note(&site, &session, &at, form).await;
        assert_eq!(sent.header("location"), again.header("location"));
        let page = followed(&site, &session, &again).await;
        assert_eq!(page.matches("<p>A storm</p>").count(), 1, "{unit}");
    }
}

#[tokio::test]
async fn a_note_that_was_undone_and_is_sent_again_says_so_and_can_be_sent_anew() {
    let (site, session) = site().await;
    let form = "period=2013-10&what=A+storm";
    let sent = note(&site, &session, HERE, form).await;
    let (_, key) = sent
        .header("location")
        .split_once("noted=")
        .expect("a note");
    let key = key.trim_end_matches("#notes");
    let undone = format!("key={key}");
    let path = HERE.replace("/notes?", "/notes/withdrawal?");
    let undone = site.post(&path, &session, &undone).await;
    has(
        &followed(&site, &session, &undone).await,
        "The note is off the chart.",
    );
    let again = note(&site, &session, HERE, form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&again.body, "was taken off the chart since it was sent");
    has(&again.body, "value=\"A storm\"");
    let (_, position) = again
        .body
        .split_once("name=\"position\" value=\"")
        .expect("a form");
    let (position, _) = position.split_once('"').expect("a form");
    let anew = site
        .post(HERE, &session, &format!("{form}&position={position}"))
        .await;
    let page = followed(&site, &session, &anew).await;
    has(&page, "Noted at Oct 2013.");
    has(&page, "<p>A storm</p>");
}

#[tokio::test]
async fn a_note_says_who_stated_it_and_when() {
    let (site, session) = site().await;
    let sent = note(&site, &session, HERE, "period=2013-10&what=A+storm").await;
    let page = followed(&site, &session, &sent).await;
    has(&page, "<small>Oct 2013. Olga, 3 Feb 2014</small>");
}

#[tokio::test]
async fn a_chart_goes_on_to_a_note_of_a_period_to_come() {
    let (site, session) = site().await;
    let page = site
        .get("/measures/m?unit=top&period=2013-06", &session)
        .await
        .body;
    assert!(!page.contains("c-flag-t"), "{page}");
    let at = HERE.replace("2013-12", "2013-06");
    let sent = note(&site, &session, &at, "period=2014-05&what=A+fair").await;
    let page = followed(&site, &session, &sent).await;
    has(&page, "<p>A fair</p>");
    has(&page, "c-flag-t");
}
