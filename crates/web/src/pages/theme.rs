//! The theme: light, dark, or the system's. A cookie remembers it, so that no page flashes in another one first.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::address::Form;
use crate::viewer::known_theme;

/// The cookie that remembers it.
pub const COOKIE: &str = "throughline-theme";
/// A year, in seconds.
const REMEMBERED: u32 = 365 * 24 * 60 * 60;

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    theme: String,
    /// The address to go back to.
    #[serde(default)]
    back: String,
}

/// Remembers the theme.
pub async fn post(Form(chosen): Form<Chosen>) -> Response {
    let cookie = match known_theme(Some(&chosen.theme)) {
        Some(theme) => {
            format!("{COOKIE}={theme}; Max-Age={REMEMBERED}; SameSite=Lax; Path=/; HttpOnly")
        }
        None => format!("{COOKIE}=; Max-Age=0; SameSite=Lax; Path=/; HttpOnly"),
    };
    let mut answer = Redirect::to(own_address(&chosen.back)).into_response();
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

/// The address, if it is one of this server: a path that no browser takes for another host.
pub(crate) fn own_address(address: &str) -> &str {
    let is_path = address.starts_with('/') && !address.starts_with("//");
    let is_plain = address
        .chars()
        .all(|character| character.is_ascii_graphic() && character != '\\');
    if is_path && is_plain { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leads_elsewhere() {
        let check = |address: &str, expected: &str| assert_eq!(own_address(address), expected);
        check("/strategy?unit=lga", "/strategy?unit=lga");
        for elsewhere in [
            "",
            "strategy",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nb",
            "/\t/evil.example",
            "javascript:alert(1)",
        ] {
            check(elsewhere, "/");
        }
    }
}
