//! Styles, scripts, icons and font: part of the program, joined and compressed once at the start, and kept by browsers
//! for ever, because their address carries a fingerprint of what they are.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::error::WebError;

/// Never asked for again under the same address.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// How many hexadecimal digits of the fingerprint stand in the address.
const FINGERPRINT_LENGTH: usize = 12;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../assets/", $path)).as_slice())),*]
    };
}

/// The style sheets, in the order in which they are joined; layers decide what wins.
const STYLES: &[(&str, &[u8])] = files![
    "css/layers.css",
    "css/tokens.css",
    "css/reset.css",
    "css/base.css",
    "css/layout.css",
    "css/navigation.css",
    "css/buttons.css",
    "css/status.css",
    "css/place.css",
    "css/decisions.css",
    "css/table.css",
    "css/map.css",
    "css/measure.css",
    "css/history.css",
    "css/records.css",
    "css/sight.css",
    "css/review.css",
    "css/wall.css",
    "css/import.css",
    "css/entry.css",
    "css/edit.css",
    "css/api.css",
    "css/chooser.css",
    "css/forms.css",
    "css/dialog.css",
    "css/charts.css",
    "css/narrow.css",
    "css/utilities.css",
    "css/print.css",
];

/// The colours and sizes by which all style sheets go.
pub fn tokens() -> &'static str {
    include_str!("../assets/css/tokens.css")
}

/// What is served as it is.
const FILES: &[(&str, &[u8])] = files![
    "js/app.js",
    "js/theme.js",
    "js/popovers.js",
    "js/find.js",
    "js/keys.js",
    "js/clock.js",
    "js/chart.js",
    "js/map.js",
    "js/entry.js",
    "js/set_up.js",
    "vendor/htmx-4.0.1.min.js",
    "fonts/inter-var-subset.woff2",
    "icons/sprite.svg",
    "icons/mark.svg",
];

/// The joined style sheet.
const STYLE: &str = "css/app.css";

/// A file as it is served.
struct Asset {
    media_type: &'static str,
    plain: Bytes,
    /// Compressed, where that makes it smaller.
    gzip: Option<Bytes>,
}

struct Assets {
    fingerprint: String,
    files: BTreeMap<&'static str, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let style: String = STYLES
        .iter()
        .map(|(_, bytes)| minified(&String::from_utf8_lossy(bytes)))
        .chain([minified(throughline_charts::STYLES)])
        .collect();
    let mut files: BTreeMap<&'static str, Asset> = FILES
        .iter()
        .map(|(path, bytes)| (*path, Asset::of(path, Bytes::from_static(bytes))))
        .collect();
    files.insert(STYLE, Asset::of(STYLE, Bytes::from(style)));
    let mut digest = Sha256::new();
    for (path, asset) in &files {
        digest.update(path.as_bytes());
        digest.update(&asset.plain);
    }
    let mut fingerprint: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    fingerprint.truncate(FINGERPRINT_LENGTH);
    Assets { fingerprint, files }
});

impl Asset {
    fn of(path: &str, plain: Bytes) -> Asset {
        let media_type = match path.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("woff2") => "font/woff2",
            _ => "application/octet-stream",
        };
        let gzip = gzipped(&plain).filter(|gzip| gzip.len() < plain.len());
        Asset {
            media_type,
            plain,
            gzip,
        }
    }
}

fn gzipped(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    Some(Bytes::from(encoder.finish().ok()?))
}

/// The address of a file in pages.
#[must_use]
pub fn href(path: &str) -> String {
    format!("/assets/{}/{path}", ASSETS.fingerprint)
}

/// Serves a file of the present fingerprint; another one is of another version, and not here.
pub async fn get(
    Path((version, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let asset = ASSETS.files.get(path.as_str()).ok_or(WebError::NotThere)?;
    if version != ASSETS.fingerprint {
        return Err(WebError::NotThere);
    }
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let (body, encoding) = match &asset.gzip {
        Some(gzip) if takes_gzip => (gzip.clone(), Some("gzip")),
        _ => (asset.plain.clone(), None),
    };
    let mut answer = body.into_response();
    let told = answer.headers_mut();
    told.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.media_type),
    );
    told.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
    told.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        told.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(answer)
}

/// The style sheet without comments and without what indents it. Texts in quotes hold neither.
fn minified(style: &str) -> String {
    let mut out = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    let lines: Vec<&str> = out
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let joined = lines.join(" ");
    ["{ ", " {", "} ", " }", "; "]
        .iter()
        .fold(joined, |text, pair| text.replace(pair, pair.trim()))
        + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_vendored_is_what_was_recorded() {
        let recorded = include_str!("../assets/checksums.sha256");
        let lines: Vec<(&str, &str)> = recorded
            .lines()
            .filter_map(|line| line.split_once("  "))
            .collect();
        assert!(lines.len() >= 2);
        for (sum, path) in lines {
            let asset = &ASSETS.files[path];
            let found: String = Sha256::digest(&asset.plain)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            assert_eq!(found, sum, "{path}");
        }
    }

    #[test]
    fn a_first_visit_is_small() {
        let of = |is_meant: &dyn Fn(&str) -> bool| -> usize {
            let meant = ASSETS.files.iter().filter(|(path, _)| is_meant(path));
            meant
                .map(|(_, asset)| asset.gzip.as_ref().unwrap_or(&asset.plain).len())
                .sum()
        };
        let all = of(&|_| true);
        // The page itself is the rest of the 100 KB of a first load.
        assert!(all < 85_000, "{all}");
        let own = of(&|path| path.starts_with("js/"));
        assert!(own < 20_000, "{own}");
    }

    #[test]
    fn colours_stand_with_the_tokens_alone() {
        for (path, bytes) in STYLES.iter().filter(|(path, _)| *path != "css/tokens.css") {
            let style = String::from_utf8_lossy(bytes);
            let is_colour = |word: &str| {
                word.strip_prefix('#').is_some_and(|digits| {
                    let digits = digits.trim_end_matches([';', ')', ',']);
                    [3, 4, 6, 8].contains(&digits.len())
                        && digits.chars().all(|digit| digit.is_ascii_hexdigit())
                })
            };
            let found = style.split([' ', '(', ':']).find(|word| is_colour(word));
            assert_eq!(found, None, "{path}");
        }
    }

    #[test]
    fn styles_are_made_smaller_and_stay_the_same() {
        let check = |style: &str, expected: &str| assert_eq!(minified(style), expected);
        check(
            "/* a */\n@layer x {\n  a, b { color: red; top: 0 }\n}\n",
            "@layer x{a, b{color: red;top: 0}}\n",
        );
        check(
            "a { width: calc(1px + 2px) } /* never ends",
            "a{width: calc(1px + 2px)}\n",
        );
    }
}
