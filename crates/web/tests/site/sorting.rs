//! Tables in an order that the address asks for: all of a list and not its page alone, the measures of a tree below
//! their nodes, and heads that lead there, back and away.

use axum::http::StatusCode;
use throughline_app::Example;

use crate::bench::Bench;

/// The words of what stands between two marks, each time, without tags.
fn between(page: &str, from: &str, to: &str) -> Vec<String> {
    let pieces = page.split(from).skip(1);
    let pieces = pieces.filter_map(|piece| Some(piece.split_once(to)?.0));
    let words = pieces.map(|piece| {
        let tags = piece.split('<').map(|tag| match tag.split_once('>') {
            Some((_, words)) => words,
            None => tag,
        });
        tags.collect::<String>().trim().to_owned()
    });
    words.collect()
}

/// The name of each row: what its first link says.
fn names(page: &str) -> Vec<String> {
    let rows = page.split("<th scope=\"row\">").skip(1);
    let name = |row: &str| {
        let name = row
            .split_once("plain-link\"")
            .or_else(|| row.split_once("class=\"words\""));
        let (_, rest) = name?;
        let (_, rest) = rest.split_once("href=")?;
        let (_, rest) = rest.split_once('>')?;
        Some(rest.split_once('<')?.0.to_owned())
    };
    rows.filter_map(name).collect()
}

fn sorted(names: &[String]) -> Vec<String> {
    let mut sorted = names.to_vec();
    sorted.sort_by_key(|name| name.to_lowercase());
    sorted
}

#[tokio::test]
async fn measures_stand_in_the_order_of_the_address() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let read = async |path: &str| {
        let answer = site.get(path, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.body
    };
    let own = read("/measures?period=2013-06").await;
    let own_names = names(&own);
    assert!(own_names.len() > 10, "{own_names:?}");
    assert!(!own.contains("aria-sort"));
    assert_ne!(own_names, sorted(&own_names));
    let by_name = read("/measures?period=2013-06&sort=name").await;
    assert_eq!(names(&by_name), sorted(&own_names));
    assert_eq!(by_name.matches("aria-sort=\"ascending\"").count(), 1);
    let mut reversed = sorted(&own_names);
    reversed.reverse();
    let back = read("/measures?period=2013-06&sort=-name").await;
    assert_eq!(names(&back), reversed);
    assert!(back.contains("aria-sort=\"descending\""));
    // A column that there is not asks for nothing.
    let other = read("/measures?period=2013-06&sort=actual").await;
    assert_eq!(names(&other), own_names);
    // The worst first.
    let by_status = read("/measures?period=2013-06&sort=status").await;
    let statuses = between(&by_status, "<td data-label=\"Status\">", "</td>");
    let severity = |word: &String| {
        let words = ["Off track", "At risk", "On track", "No target", "No data"];
        words.iter().position(|one| one == word)
    };
    let ranks: Vec<Option<usize>> = statuses.iter().map(severity).collect();
    assert!(ranks.is_sorted() && !ranks.contains(&None), "{statuses:?}");
    // The filter keeps the order, and the heads keep the filter.
    let filtered = read("/measures?period=2013-06&status=off-track&sort=name").await;
    assert!(filtered.contains("<input type=\"hidden\" name=\"sort\" value=\"name\">"));
    assert!(
        filtered.contains("status=off-track&#38;sort=-name")
            || filtered.contains("status=off-track&amp;sort=-name")
    );
}

/// By chance the least likely comes first, and last what has none, in both directions.
#[tokio::test]
async fn measures_are_sorted_by_how_likely_they_reach_their_targets() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let chances = async |sort: &str| -> Vec<Option<u32>> {
        let path = format!("/measures?unit=harbour&period=2013-12{sort}");
        let page = site.get(&path, &session).await.body;
        let cells = between(&page, "<td data-label=\"Likely\">", "</td>");
        let percent = |cell: &String| {
            cell.split_once('%')
                .and_then(|(number, _)| number.parse().ok())
        };
        cells.iter().map(percent).collect()
    };
    let own = chances("").await;
    let known =
        |chances: &[Option<u32>]| -> Vec<u32> { chances.iter().flatten().copied().collect() };
    assert!(known(&own).len() > 3 && !known(&own).is_sorted(), "{own:?}");
    let least_first = chances("&sort=likely").await;
    let most_first = chances("&sort=-likely").await;
    assert!(known(&least_first).is_sorted(), "{least_first:?}");
    assert!(
        known(&most_first).iter().rev().is_sorted(),
        "{most_first:?}"
    );
    let count = known(&own).len();
    for sorted in [least_first, most_first] {
        assert!(sorted.len() == own.len() && known(&sorted).len() == count);
        assert!(sorted[count..].iter().all(Option::is_none), "{sorted:?}");
    }
}

#[tokio::test]
async fn a_tree_is_sorted_among_siblings() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let read = async |path: &str| site.get(path, &session).await.body;
    let groups = |page: &str| -> Vec<Vec<String>> {
        let groups = page.split("<tr class=\"group\">").skip(1);
        groups.map(names).collect()
    };
    let own = groups(&read("/scorecard?period=2013-06&open=none").await);
    let by_name = read("/scorecard?period=2013-06&open=none&sort=name").await;
    let expected: Vec<Vec<String>> = own.iter().map(|names| sorted(names)).collect();
    assert_eq!(groups(&by_name), expected);
    assert_ne!(own, expected);
    assert!(
        by_name.contains("sort=name&#38;open=") || by_name.contains("sort=name&amp;open="),
        "what opens a row keeps the order"
    );
    // Below an open node its measures are in order, too, and stay below it.
    let open = read("/scorecard?period=2013-06&open=set-your-watch&sort=-name").await;
    let all = names(&open);
    let place = |name: &str| all.iter().position(|one| one == name).expect(name);
    let above = place("People can set their watch by us");
    assert_eq!(place("On-time departures"), above + 1, "{all:?}");
    assert_eq!(place("On-time arrivals"), above + 2, "{all:?}");
}

#[tokio::test]
async fn a_map_shows_what_the_address_picks() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let read = async |path: &str| site.get(path, &session).await.body;
    let all = read("/map?period=2013-06").await;
    assert!(!all.contains("class=\"map dim\""));
    let listed = |page: &str| page.matches("<div class=\"map-node\">").count();
    for page in ["/map", "/strategy"] {
        let focused = format!("{page}?period=2013-06&focus=late-flights-recover");
        let focused = read(&focused).await;
        assert!(focused.contains("class=\"map dim\""), "{page}");
        assert!(focused.matches(" hot\"").count() > 1, "{page}");
        assert!(focused.contains("<option value=\"late-flights-recover\" selected>"));
        assert!(
            listed(&focused) > 1 && listed(&focused) < listed(&all),
            "{page}"
        );
    }
    let decided = read("/map?period=2013-06&evidence=decided").await;
    assert!(decided.contains("class=\"map dim\""));
    let drawn = decided.matches("class=\"m-e supports hot\"").count();
    assert_eq!(drawn, decided.matches("class=\"m-e supports").count());
    assert!(drawn > 0 && !decided.contains("class=\"m-e untested hot\""));
    // What is not on the map, or no grade, picks nothing.
    for nothing in ["focus=nobody", "evidence=perfect", "evidence=contradicted"] {
        let page = read(&format!("/map?period=2013-06&{nothing}")).await;
        assert!(!page.contains("class=\"map dim\""), "{nothing}");
    }
}

#[tokio::test]
async fn an_initiative_and_the_links_that_it_tests_name_each_other() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let read = async |path: &str| site.get(path, &session).await.body;
    // It serves an objective that is read by the same measure as a behaviour.
    let link = "Open the day on time drives Flights leave on time";
    assert!(
        read("/initiatives/first-wave?period=2013-12")
            .await
            .contains(link)
    );
    assert!(read("/initiatives?period=2013-12").await.contains(link));
    assert!(
        !read("/initiatives/honest-times?period=2013-12")
            .await
            .contains(link)
    );
    let key = "/links/open-the-day-on-time%3Epunctual-departures?period=2013-12";
    let page = read(key).await;
    let (_, testing) = page.split_once("Initiatives that test it").expect(key);
    let (testing, _) = testing.split_once("</section>").expect(key);
    assert!(testing.contains("/initiatives/first-wave"), "{testing}");
    assert!(!testing.contains("/initiatives/honest-times"), "{testing}");
}
