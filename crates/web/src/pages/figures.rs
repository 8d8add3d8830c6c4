//! The page behind the link to figures in a mail: these figures, typed and saved without signing in, and nothing else.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use throughline_app::entry::{self, Entered, Publishing, Says};
use throughline_app::mail::{ByLink, by_link};
use throughline_app::{AppError, words};

use super::due::{Done, DuePage, field, reached};
use super::sign_in::refuse_demo;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, WebError, form_page};
use crate::parts::due_cell::{DueRow, named, weighs};
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::place::Place;
use crate::server::Server;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "figures.html")]
pub struct FiguresPage {
    /// Whose figures these are.
    pub name: String,
    /// When the link ends.
    pub until: String,
    /// What was just done.
    pub done: String,
    /// The token of the link.
    pub token: String,
    /// The commit after which the form was made.
    pub position: u64,
    /// The figures.
    pub rows: Vec<DueRow>,
    /// What is wrong.
    pub problems: Problems,
}

/// Whoever came by the link, as a viewer of these figures.
struct Visitor {
    viewer: Viewer,
    name: String,
    until: String,
    token: String,
}

impl FiguresPage {
    fn weighs(&self) -> bool {
        weighs(self.rows.iter())
    }
}

impl Visitor {
    async fn of(server: &Server, token: String) -> Result<Visitor, WebError> {
        refuse_demo(server)?;
        let nobody = server.ctx_of_nobody();
        let found = by_link(&nobody, server.live(), server.link_door(), &token).await?;
        let ByLink { ctx, name, until } = found.ok_or(WebError::WrongLink)?;
        let calendar = ctx.snapshot().map(|one| one.model.calendar().clone());
        Ok(Visitor {
            viewer: Viewer {
                ctx,
                place: Place::default(),
                path: format!("/figures/{token}"),
                state: Vec::new(),
                theme: None,
                asked: None,
                server: server.clone(),
            },
            name,
            until: words::instant(until, &calendar.unwrap_or_default()),
            token,
        })
    }

    /// The page, with what was typed.
    async fn page(
        self,
        sent: &SentCells,
        problems: Problems,
        says: &HashMap<usize, Says>,
        done: String,
    ) -> PageResult {
        let due = entry::due(&self.viewer.ctx, &sent.cells).await?;
        let position = due.position.0;
        let mut page = DuePage::of(&self.viewer, &due, sent, says);
        page.mark(&problems);
        let rows = page.groups.into_iter().flat_map(|(_, rows)| rows);
        let mut rows: Vec<DueRow> = rows.collect();
        for row in &mut rows {
            // Pages of measures are not open to whoever came by the link.
            row.href = None;
        }
        let problems = named(rows.iter(), problems);
        let page = FiguresPage {
            name: self.name,
            until: self.until,
            done,
            token: self.token,
            position,
            rows,
            problems,
        };
        form_page(&page, &page.problems)
    }
}

/// Shows the figures of the link that are still due.
///
/// # Errors
/// If the link opens nothing; in the demonstration there is no such page.
pub async fn get(
    State(server): State<Server>,
    Path(token): Path<String>,
    Query(done): Query<Done>,
) -> PageResult {
    let visitor = Visitor::of(&server, token).await?;
    let done = done.figures.map_or_else(String::new, |figures| {
        let waiting = done.waiting_in_words();
        format!("{} saved.{waiting}", words::count(figures, "figure"))
    });
    let (nothing, says) = (SentCells::default(), HashMap::new());
    visitor
        .page(&nothing, Problems::default(), &says, done)
        .await
}

/// Saves what was typed.
///
/// # Errors
/// As of [`get`]; if a figure is not one of the link.
pub async fn post(
    State(server): State<Server>,
    Path(token): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> PageResult {
    let mut visitor = Visitor::of(&server, token).await?;
    let mut sent = SentCells::of(form)?;
    visitor.viewer.ctx = (visitor.viewer.ctx).with_reason(Some(entry::REASON.to_owned()));
    visitor.viewer = visitor.viewer.once(&(&sent.position, &sent.cells));
    let mut problems = Problems::default();
    let mut says = HashMap::new();
    // A link may be passed on, so that nothing is published by it in the name of an owner.
    match entry::enter(&visitor.viewer.ctx, &sent.cells, Publishing::Later).await {
        Ok(Entered::Saved {
            commit,
            cells,
            waiting,
        }) => {
            reached(&visitor.viewer, commit).await;
            let waits = match waiting {
                0 => String::new(),
                some => format!("&waiting={some}"),
            };
            let to = format!("{}?figures={cells}{waits}", visitor.viewer.path);
            return Ok(Redirect::to(&to).into_response());
        }
        Ok(Entered::Wrong(wrong)) => {
            for one in wrong {
                problems.add(field(&one), &one.error);
                if let (Some(now), Some(cell)) = (one.now, sent.cells.get_mut(one.place)) {
                    cell.known = now;
                }
            }
        }
        Ok(Entered::Asked(asked)) => {
            for place in asked.keys() {
                let error = AppError::bad_request("say what changed, or that it is routine");
                problems.add(format!("comment{place}"), &error);
            }
            says = asked.into_iter().collect();
        }
        Err(error @ AppError::BadRequest { .. }) => problems.add("figures", &error),
        Err(error) => return Err(error.into()),
    }
    visitor.page(&sent, problems, &says, String::new()).await
}
