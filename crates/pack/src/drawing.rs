//! A drawing of a page as a file that stands alone, with its style sheet in it.

/// A drawing with its name space and its styles, as a file of its own.
pub(crate) fn alone(drawing: &str, styles: &str) -> String {
    let Some((head, body)) = drawing.split_once('>') else {
        return String::new();
    };
    let head = head.replacen("<svg", r#"<svg xmlns="http://www.w3.org/2000/svg""#, 1);
    format!("{head}><style>{styles}</style>{body}")
}
