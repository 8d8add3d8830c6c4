//! The pictures of the guide, made while the script runs: only where they are asked for.

use std::path::Path;

use serde_json::json;

use crate::tab::Tab;

/// The variable that asks for them.
const VARIABLE: &str = "THROUGHLINE_WRITE_GUIDE";
/// How much of a picture is kept, in percent.
const QUALITY: u32 = 72;

/// Takes a picture of what is in the window.
pub fn picture(tab: &mut Tab, name: &str) {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let asked = json!({ "format": "webp", "quality": QUALITY });
    let taken = tab.ask("Page.captureScreenshot", asked);
    let bytes = decoded(taken["data"].as_str().unwrap_or_default());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/guide");
    std::fs::create_dir_all(&folder).expect("the documents can be written to");
    std::fs::write(folder.join(format!("{name}.webp")), bytes).expect("a picture");
}

/// The bytes of a text in base 64.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    let values = text
        .bytes()
        .map_while(|letter| LETTERS.iter().position(|one| *one == letter));
    for value in values {
        bits = (bits << 6) | value as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}

#[test]
fn pictures_are_decoded() {
    assert_eq!(decoded("UklGRg=="), b"RIFF");
    assert_eq!(decoded("AP+A"), [0, 255, 128]);
}
