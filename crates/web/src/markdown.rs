//! Texts of the plan, which are Markdown: a small part of it is shown, and nothing that a text says becomes anything else.
//!
//! HTML in a text is text. Links lead to the web and to mailboxes alone, and pictures are their words, so that reading a
//! plan asks no other server for anything. Where a text stands within a line, its words stand there without marks.

use askama::filters::{Html, escape};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html};
use throughline_app::words;
use throughline_model::fields::Markdown;

/// Where a link may lead: how its address begins.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// The text as HTML: paragraphs, lists, quotations, code, emphasis and links.
#[must_use]
pub fn blocks(text: &Markdown) -> String {
    let text = words::sentence(text.0.trim());
    // Whether each link that is open is shown as one.
    let mut open = Vec::new();
    let events = Parser::new_ext(&text, Options::empty())
        .filter_map(|event| shown(event, &mut open))
        .flatten();
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    out
}

/// The words of a text in one line, without its marks.
#[must_use]
pub fn line(text: &Markdown) -> String {
    let mut out = String::with_capacity(text.0.len());
    for event in Parser::new_ext(text.0.trim(), Options::empty()) {
        match event {
            Event::Text(words)
            | Event::Code(words)
            | Event::Html(words)
            | Event::InlineHtml(words) => {
                out.push_str(&words);
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::CodeBlock,
            ) => out.push(' '),
            _ => {}
        }
    }
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

/// What becomes of a piece of a text.
fn shown<'a>(event: Event<'a>, open: &mut Vec<bool>) -> Option<Vec<Event<'a>>> {
    Some(match event {
        // A heading of a text is none of the page.
        Event::Start(Tag::Heading { .. }) => {
            vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]
        }
        Event::End(TagEnd::Heading(_)) => {
            vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]
        }
        Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
        Event::Start(Tag::HtmlBlock) => vec![Event::Start(Tag::Paragraph)],
        Event::End(TagEnd::HtmlBlock) => vec![Event::End(TagEnd::Paragraph)],
        Event::Start(Tag::Link { dest_url, .. }) => {
            let is_shown = is_safe(&dest_url);
            open.push(is_shown);
            let Ok(address) = escape(&*dest_url, Html);
            let tag =
                format!(r#"<a class="link" rel="nofollow noopener noreferrer" href="{address}">"#);
            is_shown.then(|| vec![Event::InlineHtml(tag.into())])?
        }
        Event::End(TagEnd::Link) => open
            .pop()
            .filter(|is_shown| *is_shown)
            .map(|_| vec![Event::InlineHtml("</a>".into())])?,
        // What language it is stands in no class.
        Event::Start(Tag::CodeBlock(_)) => {
            vec![Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))]
        }
        Event::Start(
            Tag::Paragraph
            | Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::Emphasis
            | Tag::Strong,
        )
        | Event::End(
            TagEnd::Paragraph
            | TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::CodeBlock,
        )
        | Event::Text(_)
        | Event::Code(_)
        | Event::SoftBreak
        | Event::HardBreak => vec![event],
        _ => return None,
    })
}

/// Whether a link may lead there.
fn is_safe(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let leads_out = SCHEMES.iter().any(|scheme| address.starts_with(scheme));
    leads_out && !address.contains(|c: char| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn html_of(text: &str) -> String {
        blocks(&Markdown(text.to_owned())).trim().to_owned()
    }

    #[test]
    fn a_small_part_of_markdown_is_shown() {
        let check = |text: &str, expected: &str| assert_eq!(html_of(text), expected, "{text}");
        check(
            "once *and* **twice**.",
            "<p>Once <em>and</em> <strong>twice</strong>.</p>",
        );
        check("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>");
        check("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
        check("# Big", "<p><strong>Big</strong></p>");
        check(
            "Less < more & `a<b`",
            "<p>Less &lt; more &amp; <code>a&lt;b</code></p>",
        );
        check("", "");
        check("```rust\nlet a;\n```", "<pre><code>let a;\n</code></pre>");
    }

    #[test]
    fn links_lead_to_the_web_and_to_mailboxes_alone() {
        let check = |address: &str, is_link: bool| {
            let html = html_of(&format!("[go](<{address}>)"));
            assert_eq!(html.contains("<a "), is_link, "{address}: {html}");
            assert!(html.contains("Go") || html.contains("go"), "{html}");
        };
        check("https://example.org/a?b=c&d", true);
        check("HTTP://example.org", true);
        check("mailto:a@example.org", true);
        check("javascript:alert(1)", false);
        check("JaVaScRiPt:alert(1)", false);
        check("data:text/html,x", false);
        check("/strategy", false);
        check("//example.org", false);
        check("vbscript:x", false);
        let html = html_of("[a](https://example.org/\"onclick=x)");
        assert!(!html.contains("\"onclick"), "{html}");
    }

    #[test]
    fn html_in_a_text_is_text() {
        let check = |text: &str| {
            let html = html_of(text);
            for refused in ["<script", "<img", "<a ", "<svg", "<iframe", "<style"] {
                assert!(!html.contains(refused), "{text}: {html}");
            }
        };
        check("<script>alert(1)</script>");
        check("a <img src=x onerror=alert(1)> b");
        check("![x](https://example.org/pixel.png \"onload=alert(1)\")");
        check("<a href=\"javascript:alert(1)\">x</a>");
        check("<div>\n\n<script>\nalert(1)\n</script>\n\n</div>");
        check("[x]: javascript:alert(1)\n\n[x]");
        check("<javascript:alert(1)>");
        check("[x](javascript&colon;alert(1))");
        check("<svg/onload=alert(1)>");
        check("**<iframe srcdoc='x'>**");
    }

    #[test]
    fn in_a_line_only_words_stand() {
        let check = |text: &str, expected: &str| {
            assert_eq!(line(&Markdown(text.to_owned())), expected);
        };
        check("Once *and*\n**twice**.", "Once and twice.");
        check("One.\n\n- two\n- three", "One. two three");
        check("[here](https://example.org) <b>x</b>", "here <b>x</b>");
    }

    proptest! {
        #[test]
        fn no_text_opens_a_tag_of_its_own(text in "[a-z<>/\"'=:&;!\\[\\]()*_`# \n-]{0,80}") {
            const KNOWN: [&str; 11] = ["p", "em", "strong", "ul", "ol", "li", "code", "pre", "blockquote", "br", "a class=\"link\" rel=\"nofollow noopener noreferrer\" href="];
            let html = html_of(&text);
            for tag in html.split('<').skip(1) {
                let tag = tag.trim_start_matches('/');
                let is_known = KNOWN.iter().any(|known| tag.strip_prefix(known).is_some_and(|rest| rest.starts_with(['>', ' ', '"', '/'])));
                prop_assert!(is_known, "{tag} in {html}");
            }
        }
    }
}
