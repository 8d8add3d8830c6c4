//! A chart with all that belongs to it: the drawing, what can be seen in it, and the same as a table.

use askama::Template;
use throughline_charts::Chart;

/// A chart on a page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/chart_figure.html")]
pub struct ChartFigure {
    /// What it shows.
    pub title: String,
    /// The drawing.
    pub drawing: String,
    /// What can be seen in it.
    pub description: String,
    /// The heads of the table.
    pub heads: Vec<String>,
    /// Its rows, of which the first cell says what the row is about.
    pub rows: Vec<Vec<String>>,
}

impl ChartFigure {
    /// A chart as it stands on a page.
    #[must_use]
    pub fn of(chart: &impl Chart) -> ChartFigure {
        let mut table = chart.table().into_iter();
        ChartFigure {
            title: chart.title(),
            drawing: chart.svg(),
            description: chart.description(),
            heads: table.next().unwrap_or_default(),
            rows: table.collect(),
        }
    }

    /// The cells of a row with their heads.
    fn cells<'a>(&'a self, row: &'a [String]) -> Vec<(&'a str, &'a str)> {
        let heads = self.heads.iter().map(String::as_str);
        heads.zip(row.iter().map(String::as_str)).collect()
    }
}
