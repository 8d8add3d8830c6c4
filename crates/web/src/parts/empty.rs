//! What stands on a page that has nothing to show yet: what will appear, and what to do so that it does.

use askama::Template;
use throughline_model::{Kind, Model};

use crate::pages::record_form::new_link;
use crate::routes::path_of;
use crate::viewer::Viewer;

/// A page with nothing on it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/empty.html")]
pub struct Empty {
    /// Its heading.
    pub title: &'static str,
    /// What will appear, and why nothing is there.
    pub text: &'static str,
    /// What to do: words and address, the first before the others.
    pub actions: Vec<(&'static str, String)>,
}

impl Empty {
    /// Of a plan without measures and objectives, which is how everybody begins; `None` of any other.
    #[must_use]
    pub fn of_beginning(viewer: &Viewer, model: &Model) -> Option<Empty> {
        if model.measures().iter().next().is_some() || model.objectives().iter().next().is_some() {
            return None;
        }
        let import = viewer.ctx.may_import().then(|| path_of("import")).flatten();
        let import = import.map(|path| ("Import a workbook", viewer.place.href(path)));
        let first = new_link(viewer, Kind::Measure, &[]);
        let first = first.map(|href| ("Add the first measure", href));
        Some(Empty {
            title: "No figures yet",
            text: "Bring in the workbook with your KPIs: measures, targets, owners and months of values appear here, on the scorecard and in reviews. Or add what you measure by hand.",
            actions: import.into_iter().chain(first).collect(),
        })
    }

    /// Of a page about objectives, in a plan that has none; `None` where it has some.
    #[must_use]
    pub fn of_objectives(viewer: &Viewer, model: &Model) -> Option<Empty> {
        if let Some(empty) = Empty::of_beginning(viewer, model) {
            return Some(empty);
        }
        if model.objectives().iter().next().is_some() {
            return None;
        }
        let scorecard =
            path_of("scorecard").map(|path| ("See the scorecard", viewer.place.href(path)));
        let first = new_link(viewer, Kind::Objective, &[]);
        let first = first.map(|href| ("Add the first objective", href));
        Some(Empty {
            title: "No objectives yet",
            text: "What the organisation wants, what drives it, and how sure we are appear here. The measures that are there can be read without, on the scorecard.",
            actions: first.into_iter().chain(scorecard).collect(),
        })
    }

    /// Of a page with records of a kind, of which there are none.
    #[must_use]
    pub fn of_kind(
        viewer: &Viewer,
        kind: Kind,
        words: (&'static str, &'static str, &'static str),
    ) -> Empty {
        let (title, text, action) = words;
        let first = new_link(viewer, kind, &[]).map(|href| (action, href));
        Empty {
            title,
            text,
            actions: first.into_iter().collect(),
        }
    }
}
