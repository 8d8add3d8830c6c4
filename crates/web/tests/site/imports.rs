//! A workbook is brought in on its pages: read, corrected, recorded; what is wrong is said at the field, and nobody else
//! finds it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use throughline_app::Example;

use crate::bench::{Answer, Bench, HOST};
use crate::pages::{check_is_clean, without_fingerprint};

pub const AWKWARD: &[u8] = include_bytes!("../../../../examples/kpi-workbook/ops-kpis-v7.xlsx");

const ORGANISATION: &str = "organisation: { key: o, name: Calder Water, time_zone: UTC }
units: [{ key: calder, name: Calder Water }]
people: [{ key: p-varga, name: Petra Varga, unit: calder, level: executive }, { key: j-tan, name: Jo Tan, unit: calder, level: manager }]
";

async fn site() -> Bench {
    Bench::of_plan(&[("organisation.yaml", ORGANISATION)]).await
}

/// Confirms an import at the address of its confirmation: where what was recorded is told.
pub async fn confirm(site: &Bench, session: &str, path: &str, form: &str) -> String {
    let confirmed = site.post(path, session, form).await;
    let said = &confirmed.body;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{said}");
    confirmed.header("location").to_owned()
}

/// Sends files as a browser does.
pub async fn bring(site: &Bench, session: &str, like: &str, files: &[(&str, &[u8])]) -> Answer {
    const BOUNDARY: &str = "----a-boundary";
    let mut body = Vec::new();
    let mut part = |head: &str, bytes: &[u8]| {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"like\"", like.as_bytes());
    for (name, bytes) in files {
        part(&format!("name=\"file\"; filename=\"{name}\""), bytes);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = Request::post("/import")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, session)
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    site.send(request.body(Body::from(body)).expect("a request"))
        .await
}

/// The text with the secret name of an import taken out.
fn without_name(text: &str, path: &str) -> String {
    text.replace(path, "/import/NAME")
}

#[tokio::test]
async fn the_awkward_workbook_is_checked_corrected_and_recorded() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let brought = bring(&site, &session, "", &[("ops-kpis-v7.xlsx", AWKWARD)]).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let path = brought.header("location").to_owned();
    let page = async |more: &str| site.get(&format!("{path}{more}"), &session).await;
    let first = page("").await;
    assert_eq!(first.status, StatusCode::OK);
    check_is_clean(&first.body, "import");
    insta::assert_snapshot!(
        "import-check",
        without_name(&without_fingerprint(&first.body), &path)
    );
    let form = page("?measure=6&sheet=2&row=0").await;
    check_is_clean(&form.body, "import-correction");
    insta::assert_snapshot!(
        "import-correction",
        without_name(&without_fingerprint(&form.body), &path)
    );
    // Each cell that is left out is shown, of one reason and of all.
    let href = first.body.split_once("/left-out?because=").expect("a way");
    let href = href.1.split_once('"').expect("its end").0;
    let of_one = page(&format!("/left-out?because={href}")).await;
    check_is_clean(&of_one.body, "import-left-out");
    let of_all = page("/left-out").await;
    let rows = |body: &str| body.matches("<tr><th scope=\"row\">").count();
    assert!(rows(&of_one.body) > 1, "{}", of_one.body);
    assert!(rows(&of_all.body) > rows(&of_one.body));
    let gone = page("/left-out?because=nothing").await.body;
    assert!(gone.contains("No cell of this workbook is left out for that reason"));
    // Nothing is saved yet.
    assert_eq!(
        site.get("/measures/calls-answered", &session).await.status,
        StatusCode::NOT_FOUND
    );

    let correct = async |form: &str| {
        let answer = site
            .post(&format!("{path}/corrections"), &session, form)
            .await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{form}: {}",
            answer.body
        );
    };
    correct("what=better&number=6&better=lower").await;
    correct("what=measure&number=0&name=First-visit+fix+rate&shown_as=%25&decimals=1&better=higher&kind=ratio&frequency=month&due=10&owner=Petra+Varga&read=yes").await;
    correct("what=measure&number=1&name=Repeat+contacts&shown_as=%25&decimals=1&better=lower&kind=ratio&frequency=quarter&due=15&read=yes").await;
    correct("what=sheet&number=4&stands_for=nothing&read=no").await;
    let corrected = page("").await.body;
    assert!(corrected.contains("First-visit fix rate"));
    let mapping = page("/mapping").await;
    assert!(
        mapping.body.contains("\"corrected by hand\""),
        "{}",
        mapping.body
    );
    // Days that were written hold, and those that were left as they were follow another frequency.
    let due = |days: &str| mapping.body.matches(&format!("\"due\": {days},")).count();
    assert_eq!((due("10"), due("30"), due("15")), (1, 1, 10));
    correct("what=measure&number=1&name=Repeat+contacts&shown_as=%25&decimals=1&better=lower&kind=ratio&frequency=month&due=15&read=yes").await;

    let confirm = async || {
        site.post(&format!("{path}/confirmation"), &session, "")
            .await
    };
    let confirmed = confirm().await;
    assert_eq!(
        confirmed.status,
        StatusCode::SEE_OTHER,
        "{}",
        confirmed.body
    );
    assert!(confirmed.header("location").starts_with("/imports/"));
    let measure = site
        .get("/measures/first-visit-fix-percent", &session)
        .await;
    assert_eq!(measure.status, StatusCode::OK);
    assert!(measure.body.contains("First-visit fix rate"));
    // A second click, and a look back.
    assert_eq!(confirm().await.status, StatusCode::SEE_OTHER);
    assert!(
        page("")
            .await
            .body
            .contains("This is recorded, as commit 2")
    );
    let commits = site.get("/api/v1/commits", &session).await;
    assert!(commits.body.contains("\"commit\":2") && !commits.body.contains("\"commit\":3"));

    // The file of next month is understood as this one was.
    let again = bring(&site, &session, "", &[("ops-kpis-v8.xlsx", AWKWARD)]).await;
    let again = site.get(again.header("location"), &session).await.body;
    assert!(again.contains("There is nothing to record"));
}

#[tokio::test]
async fn what_is_wrong_with_a_file_stands_at_its_field() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let half = &AWKWARD[..AWKWARD.len() / 2];
    let large = vec![b','; 20 * 1024 * 1024 + 1];
    let check = async |files: &[(&str, &[u8])], expected: &str| {
        let answer = bring(&site, &session, "", files).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{expected}"
        );
        assert!(answer.body.contains("id=\"file-wrong\""), "{expected}");
        assert!(
            answer.body.contains(expected),
            "{expected}: {}",
            answer.body
        );
    };
    check(&[], "No file was given.").await;
    check(&[("", b"")], "No file was given.").await;
    check(&[("a.csv", b"")], "A.csv is empty.").await;
    check(&[("a.xlsx", half)], "A.xlsx is damaged").await;
    check(&[("a.csv", &large)], "A.csv has more than 20 MiB.").await;
    let many = vec![("a.csv", b"a,b\n1,2\n".as_slice()); 21];
    check(&many, "At most 20 files are brought in together.").await;
    let request = Request::post("/import")
        .header(header::HOST, HOST)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::COOKIE, &session)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x");
    let cut = request.body(Body::from(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b",
    ));
    let answer = site.send(cut.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("The file did not arrive whole."));
}

#[tokio::test]
async fn a_correction_that_cannot_be_stands_at_its_field() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let brought = bring(&site, &session, "", &[("ops-kpis-v7.xlsx", AWKWARD)]).await;
    let path = brought.header("location").to_owned();
    let correct = async |form: &str| {
        site.post(&format!("{path}/corrections"), &session, form)
            .await
    };
    let wrong = correct(
        "what=measure&number=0&name=&decimals=many&due=soon&kind=ratio&frequency=month&owner=Kept",
    )
    .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for text in [
        "id=\"name-wrong\"",
        "id=\"decimals-wrong\"",
        "id=\"due-wrong\"",
        "value=\"Kept\"",
    ] {
        assert!(wrong.body.contains(text), "{text}");
    }
    assert_eq!(
        correct("what=measure&number=99&name=A&decimals=1")
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        correct("what=nothing").await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        correct("what=value&value=a/b/c").await.status,
        StatusCode::NOT_FOUND
    );
    let kind =
        correct("what=measure&number=0&name=A&decimals=1&kind=magic&frequency=month&read=yes")
            .await;
    assert_eq!(kind.status, StatusCode::BAD_REQUEST);
    let year = correct("what=year&number=0&year=26").await;
    assert_eq!(year.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(year.body.contains("This is no year."), "{}", year.body);
    // Without the last sheet that is read there is nothing to bring in: that is said, and can be corrected.
    for sheet in ["0", "1", "2"] {
        assert_eq!(
            correct(&format!("what=sheet&number={sheet}&stands_for=unit"))
                .await
                .status,
            StatusCode::SEE_OTHER
        );
    }
    let none = site.get(&path, &session).await;
    assert_eq!(none.status, StatusCode::OK);
    assert!(none.body.contains(
        "is understood as a value of a measure in a period: no sheet that is read has a table"
    ));
    assert!(!none.body.contains("Record it</button>"));
}

/// Where nothing is understood, the sheets stand as they were found, with the reason; and what is missing can be said.
#[tokio::test]
async fn what_is_not_understood_is_shown_and_its_year_said() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let text = "KPI,Target,Nov,Dec,Jan\nTickets closed,40,41,42,43\n";
    let brought = bring(&site, &session, "", &[("desk.csv", text.as_bytes())]).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let path = brought.header("location").to_owned();
    let page = async || site.get(&path, &session).await.body;
    let confirm = async || {
        site.post(&format!("{path}/confirmation"), &session, "")
            .await
    };
    let first = page().await;
    check_is_clean(&first, "import-nothing");
    for text in [
        "Nothing in desk.csv is understood",
        "no year is named, and 3 cells have a period without one",
        "Tickets closed",
        "3 cells have a period without a year.",
        "id=\"year\"",
    ] {
        assert!(first.contains(text), "{text}: {first}");
    }
    assert!(!first.contains("Record it</button>"));
    assert_eq!(confirm().await.status, StatusCode::BAD_REQUEST);
    let said = site
        .post(
            &format!("{path}/corrections"),
            &session,
            "what=year&number=0&year=2026",
        )
        .await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let then = page().await;
    assert!(then.contains("value=\"2026\""), "{then}");
    assert!(then.contains("Record it</button>"), "{then}");
    assert_eq!(confirm().await.status, StatusCode::SEE_OTHER);
    // A letter that has no table is shown, too.
    let letter = [("a.csv", b"Dear Jo,\nall is well.\n".as_slice())];
    let letter = bring(&site, &session, "", &letter).await;
    let letter = site.get(letter.header("location"), &session).await;
    assert_eq!(letter.status, StatusCode::OK);
    assert!(letter.body.contains("no sheet that is read has a table"));
    assert!(letter.body.contains("Dear Jo"));
}

/// What a column is taken for is chosen on the page.
#[tokio::test]
async fn what_a_column_is_can_be_said() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let text =
        "Theme,What we count,Jan-26,Feb-26\nPeople,Sickness days,4,5\nService,Calls answered,6,7\n";
    let brought = bring(&site, &session, "", &[("kpis.csv", text.as_bytes())]).await;
    let path = brought.header("location").to_owned();
    let first = site.get(&path, &session).await.body;
    check_is_clean(&first, "import-columns");
    assert!(
        first.contains("<option value=\"measure\" selected>"),
        "{first}"
    );
    assert!(!first.contains("value=\"Sickness days\""), "{first}");
    let said = "what=columns&number=0&column-0=left-out&column-1=measure&column-99=unit";
    let said = site
        .post(&format!("{path}/corrections"), &session, said)
        .await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
    let then = site.get(&format!("{path}/mapping"), &session).await.body;
    for name in ["\"Sickness days\"", "\"Calls answered\"", "\"left-out\""] {
        assert!(then.contains(name), "{name}: {then}");
    }
    assert!(!then.contains("\"found_as\": \"People\""), "{then}");
}

#[tokio::test]
async fn a_workbook_is_found_by_whoever_brought_it_alone() {
    let site = Bench::demo(Example::NyFlights).await;
    let chief = site.enter_as("o-brightwater").await;
    let csv = b"KPI,Target,Jan-13,Feb-13\nLamps lit,5,6,7\n";
    let brought = bring(&site, &chief, "", &[("kpis.csv", csv)]).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.body);
    let path = brought.header("location").to_owned();
    assert_eq!(site.get(&path, &chief).await.status, StatusCode::OK);
    assert_eq!(
        site.get("/import/no-such-name", &chief).await.status,
        StatusCode::NOT_FOUND
    );
    // The same session through other eyes: another strategist finds nothing, and who is none may not ask.
    let other = site.enter_as_another("t-fennimore", &chief).await;
    assert_eq!(site.get(&path, &other).await.status, StatusCode::NOT_FOUND);
    let few = site.enter_as_another("j-cobblestone", &chief).await;
    assert_eq!(site.get(&path, &few).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        site.get("/import", &few).await.status,
        StatusCode::FORBIDDEN
    );
    let refused = bring(&site, &few, "", &[("kpis.csv", csv)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = site.get("/strategy?period=2013-06", &few).await;
    assert!(!page.body.contains("href=\"/import"));
}

/// Targets that come later than their measures are an import, too.
#[tokio::test]
async fn targets_alone_are_recorded_and_told() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let record = async |name: &str, text: &str| {
        let brought = bring(&site, &session, "", &[(name, text.as_bytes())]).await;
        let path = brought.header("location").to_owned();
        confirm(&site, &session, &format!("{path}/confirmation"), "").await
    };
    let values = "Measure,Unit,Target,Jan 2013,Feb 2013,Mar 2013\nRepairs done,Alder,,81,84,83\n";
    record("first.csv", values).await;
    let told = record("second.csv", &values.replace("Alder,,", "Alder,90,")).await;
    let page = site.get(&told, &session).await;
    assert_eq!(page.status, StatusCode::OK, "{told}");
    assert!(page.body.contains("target"), "{}", page.body);
}

/// What is recorded otherwise is named before anything is recorded, and gives way only where that is chosen.
#[tokio::test]
async fn figures_that_are_recorded_otherwise_are_asked_about() {
    let site = site().await;
    let session = site.enter_as("p-varga").await;
    let values = "Measure,Unit,Target,Jan 2013,Feb 2013,Mar 2013\nRepairs done,Alder,90,81,84,83\n";
    let brought = async |text: &str| {
        let brought = bring(&site, &session, "", &[("kpis.csv", text.as_bytes())]).await;
        brought.header("location").to_owned()
    };
    let record = async |path: &str, form: &str| {
        confirm(&site, &session, &format!("{path}/confirmation"), form).await;
    };
    let page = async |path: &str| site.get(path, &session).await.body;
    let first = brought(values).await;
    assert!(!page(&first).await.contains("Recorded otherwise"));
    record(&first, "").await;
    let again = brought(&values.replace("84,83", "85,83")).await;
    let asked = page(&again).await;
    for told in [
        "Recorded otherwise",
        "1 question",
        "Petra Varga, ",
        "Feb 2013",
    ] {
        assert!(asked.contains(told), "{told}: {asked}");
    }
    let left_out = site.get(&format!("{again}/left-out"), &session).await;
    assert!(left_out.body.contains("which stays as it is"));
    record(&again, "").await;
    assert!(page(&again).await.contains("Recorded otherwise"));
    record(&again, "replace=yes").await;
    let done = page(&again).await;
    assert!(!done.contains("Recorded otherwise"), "{done}");
}
