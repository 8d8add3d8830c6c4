//! Which routes have a page: what the tests of pages, with a browser and without, go through.

use throughline_web::{ROUTES, Route};

/// Routes that answer with no page of their own.
const NO_PAGES: &[&str] = &[
    "home",
    "enter",
    "assets",
    "reviews_calendar",
    "review_minutes",
    "review_minutes_text",
    // Nobody signs in at the demonstration: `tests/site/sign_in.rs` looks at these.
    "sign_in",
    "join",
    "set_up",
    "access",
    "invitations",
    "review_pack",
    // A workbook has to be brought first: `imports.rs` looks at these.
    "check_import",
    "import_left_out",
    "import_mapping",
    "imported",
    "password",
    // Of somebody who signed in, or who has a link: `tests/site/mails.rs` looks at these.
    "mails",
    "mails_off",
    "figures",
    // The same of a calendar's private address: `tests/site/calendar.rs` looks at these.
    "own_calendar",
    "calendar",
];

/// The routes that show a page.
pub fn pages() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| {
        route.method == "GET" && !route.path.starts_with("/api/") && !NO_PAGES.contains(&route.name)
    })
}
