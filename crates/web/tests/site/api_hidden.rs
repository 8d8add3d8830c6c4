//! What the programming interface keeps to itself: hidden units, and how people can be reached.

use throughline_app::Example;
use throughline_web::api::ENDPOINTS;

use crate::api::{check_unknown, json, with};
use crate::bench::Bench;

#[tokio::test]
async fn what_is_hidden_is_not_there() {
    let site = Bench::demo(Example::NyFlights).await;
    // A manager at Newark sees Newark, what is below it and what is above; not Kennedy.
    let session = site.enter_as("d-marrowby").await;
    let with_unit = ENDPOINTS.iter().filter(|endpoint| {
        let takes_unit = endpoint
            .parameters
            .iter()
            .any(|parameter| parameter.name == "unit");
        takes_unit && endpoint.route().0 == "GET"
    });
    for endpoint in with_unit {
        let hidden = site
            .get(&with(endpoint.example, "unit", Some("jfk")), &session)
            .await;
        let invented = site
            .get(&with(endpoint.example, "unit", Some("no-such")), &session)
            .await;
        // A hidden unit is answered like one that is not there.
        check_unknown(&hidden);
        check_unknown(&invented);
    }
    // Observations above are read without those of units that are hidden.
    let above =
        "/api/v1/measures/on-time-arrival/observations?unit=harbour&period=2013-W23&limit=1000";
    let seen = json(&site.get(above, &session).await);
    let units = seen["observations"].as_array().unwrap().iter();
    let units: Vec<&str> = units.filter_map(|line| line["unit"].as_str()).collect();
    assert!(
        units.iter().any(|unit| unit.starts_with("ewr")),
        "{units:?}"
    );
    assert!(
        !units.iter().any(|unit| unit.starts_with("jfk")),
        "{units:?}"
    );
}

#[tokio::test]
async fn how_people_can_be_reached_is_for_few() {
    let site = Bench::demo(Example::NyFlights).await;
    let session = site.enter_as("o-brightwater").await;
    let everybody = site
        .get("/api/v1/records/person?limit=1000", &session)
        .await;
    assert!(
        everybody.body.contains("\"email\""),
        "the example has addresses"
    );
    site.post("/look-through", &session, "person=d-marrowby")
        .await;
    let manager = site
        .get("/api/v1/records/person?limit=1000", &session)
        .await;
    let people = json(&manager);
    let of_others = people["records"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|person| {
            let is_of_newark = person["record"]["unit"]
                .as_str()
                .is_some_and(|unit| unit.starts_with("ewr"));
            !is_of_newark && person["key"] != "d-marrowby"
        });
    let mut count = 0;
    for person in of_others {
        count += 1;
        assert_eq!(person["record"].get("email"), None, "{person}");
    }
    assert!(count > 0);
}
