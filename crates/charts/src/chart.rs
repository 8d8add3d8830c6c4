//! What all charts have in common: a title, a description in words, a table, and a drawing.

/// Which of the drawings: pages show the narrow one in containers under 46 rem, and that of the wall nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// For a page on a desk.
    Wide,
    /// For a phone, or a narrow column.
    Narrow,
    /// For a screen that a room looks at: few pixels, which are shown large, so that its labels are read from the last row.
    Wall,
}

impl Width {
    /// The class that shows a drawing at this width alone.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Width::Wide => "wide-only",
            Width::Narrow => "narrow-only",
            Width::Wall => "wall-only",
        }
    }
}

/// A chart: the same numbers as a drawing, as a paragraph and as a table.
pub trait Chart {
    /// What it shows, as a short line without a full stop.
    fn title(&self) -> String;

    /// What can be seen, in plain words made from the numbers: one paragraph.
    fn description(&self) -> String;

    /// The numbers as rows of texts, the first row being the heads; for "View as table".
    fn table(&self) -> Vec<Vec<String>>;

    /// One drawing: an `<svg>` element with title and description.
    fn drawing(&self, width: Width) -> String;

    /// Whether a narrow container needs a drawing of its own.
    fn differs_when_narrow(&self) -> bool {
        false
    }

    /// All that a page needs: the drawing, or the wide and the narrow one after each other, of which the style sheet
    /// shows one.
    fn svg(&self) -> String {
        let mut text = self.drawing(Width::Wide);
        if self.differs_when_narrow() {
            text.push_str(&self.drawing(Width::Narrow));
        }
        text
    }
}
