//! What is set differently on a page than it is written elsewhere.
//!
//! The words of figures are shared with the command line and the interface for programs, whose texts people copy and search;
//! there a plain space is right. A page breaks lines, and passes here as a whole, so that none of its parts has to think of it.

use memchr::memmem;

/// Signs of a target with the space behind them.
const SIGNS: [&str; 2] = ["≥ ", "≤ "];
/// The bytes with which both begin: a page is gone through once.
const BEGIN: [u8; 2] = [0xe2, 0x89];
const NO_BREAK: &str = "\u{a0}";

/// Elements whose text is to stay as it was written: it goes back to the server, or is copied.
const VERBATIM: [&str; 3] = ["textarea", "pre", "code"];

/// A page whose lines do not break between the sign of a target and its number.
#[must_use]
pub fn typeset(page: String) -> String {
    let mut set = String::new();
    let mut from = 0;
    for at in memmem::find_iter(page.as_bytes(), &BEGIN) {
        let (before, rest) = page.split_at(at);
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        if let Some(sign) = sign.filter(|_| !is_verbatim(before)) {
            let space = at + sign.trim_end().len();
            set.push_str(page.get(from..space).unwrap_or_default());
            set.push_str(NO_BREAK);
            from = space + 1;
        }
    }
    if from == 0 {
        return page;
    }
    set.push_str(page.get(from..).unwrap_or_default());
    set
}

/// Whether what comes next stands within a tag, as the value of a field does, or in an element that is left as it is.
fn is_verbatim(before: &str) -> bool {
    before.rsplit_once('<').is_some_and(|(_, tag)| {
        let is_within = !tag.contains('>');
        is_within || VERBATIM.iter().any(|name| tag.starts_with(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stay_with_their_numbers_and_what_was_typed_as_it_is() {
        let check = |page: &str, expected: &str| assert_eq!(typeset(page.to_owned()), expected);
        check("≥ 5", "≥\u{a0}5");
        check(
            "<p>45% likely to reach <b>≤ 2.22%</b>, ≥ 3 or ≥ 4</p>",
            "<p>45% likely to reach <b>≤\u{a0}2.22%</b>, ≥\u{a0}3 or ≥\u{a0}4</p>",
        );
        let typed = r#"<input value="≥ 5 or ≤ 3"><textarea name="text">≤ 6 and ≥ 2</textarea><code>≥ 1</code>"#;
        check(typed, typed);
        check("no sign", "no sign");
        check("", "");
    }
}
