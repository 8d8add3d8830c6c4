//! What all charts have in common: a title, a description in words, a table, and a drawing.

/// How wide a drawing is. A page shows the widest that its figure has room for, so that no word is smaller than it was
/// drawn; that of the wall stands nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// For a page of a wide screen that it has to itself.
    Page,
    /// For a page that it has to itself.
    Full,
    /// For a column beside a rail.
    Wide,
    /// For a small screen, or a narrow column.
    Middle,
    /// For a phone.
    Narrow,
    /// For a screen that a room looks at: few pixels, which are shown large, so that its labels are read from the last row.
    Wall,
}

impl Width {
    /// The class of a drawing, by which a page shows it from this width on.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Width::Page => "from-1080",
            Width::Full => "from-940",
            Width::Wide => "from-800",
            Width::Middle => "from-600",
            Width::Narrow => "from-270",
            Width::Wall => "on-wall",
        }
    }

    /// How many pixels it is wide.
    pub(crate) fn pixels(self) -> f64 {
        match self {
            Width::Page => 1080.0,
            Width::Full => 940.0,
            Width::Wide => 800.0,
            Width::Middle => 600.0,
            Width::Narrow => 270.0,
            Width::Wall => 500.0,
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

    /// The widths that a page needs, the widest first.
    fn widths(&self) -> &'static [Width] {
        &[Width::Wide]
    }

    /// All that a page needs: the drawings of all its widths after each other, of which the style sheet shows one.
    fn svg(&self) -> String {
        self.widths()
            .iter()
            .map(|width| self.drawing(*width))
            .collect()
    }
}
