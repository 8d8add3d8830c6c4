//! The page behind the link to figures in a mail: these figures, typed and saved without signing in, and nothing else.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use throughline_app::entry::{self, Asked, Publishing};
use throughline_app::mail::{ByLink, by_link};
use throughline_app::words;

use super::due::TakeBackForm;
use super::sign_in::refuse_demo;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, WebError, form_page};
use crate::parts::due_form::DueForm;
use crate::parts::entered_now::{EnteredNow, Sending, reached, send};
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
    /// What was just done, and the commit that can be taken back.
    pub done: Option<(String, Option<u64>)>,
    /// Where that is taken back.
    pub undo: String,
    /// The figures.
    pub form: DueForm,
    /// What is wrong.
    pub problems: Problems,
}

/// Whoever came by the link, as a viewer of these figures.
struct Visitor {
    viewer: Viewer,
    name: String,
    until: String,
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
        })
    }

    /// The page, with what was typed.
    async fn page(
        self,
        sent: &SentCells,
        problems: Problems,
        asked: &HashMap<usize, Asked>,
        done: &EnteredNow,
    ) -> PageResult {
        let due = entry::due(&self.viewer.ctx, &sent.cells).await?;
        let mut form = DueForm {
            action: self.viewer.path.clone(),
            // A link may be passed on, so that nothing is published by it in the name of an owner.
            publishes: false,
            ..DueForm::of(&self.viewer, &due, sent, asked)
        };
        // Pages of measures are not open to whoever came by the link.
        form.without_links();
        let page = FiguresPage {
            name: self.name,
            until: self.until,
            done: done.in_words(),
            undo: format!("{}/withdrawal", self.viewer.path),
            problems: form.mark(problems),
            form,
        };
        form_page(&page, &page.problems)
    }

    /// The way back to the page, which then says what was done.
    fn back(&self, done: &EnteredNow) -> Response {
        let state = done.state();
        let state: Vec<_> = state
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        let place = &self.viewer.place;
        Redirect::to(&place.href_with(&self.viewer.path, &state)).into_response()
    }
}

/// Shows the figures of the link that are still due.
///
/// # Errors
/// If the link opens nothing; in the demonstration there is no such page.
pub async fn get(
    State(server): State<Server>,
    Path(token): Path<String>,
    Query(done): Query<EnteredNow>,
) -> PageResult {
    let visitor = Visitor::of(&server, token).await?;
    let (nothing, asked) = (SentCells::default(), HashMap::new());
    visitor
        .page(&nothing, Problems::default(), &asked, &done)
        .await
}

/// Saves what was typed, or spreads what was pasted.
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
    let (viewer, sending) = send(visitor.viewer, &mut sent, Publishing::Later).await?;
    visitor.viewer = viewer;
    match sending {
        Sending::Saved(done) => Ok(visitor.back(&done)),
        Sending::Again(problems, asked) => {
            let nothing = EnteredNow::default();
            visitor.page(&sent, problems, &asked, &nothing).await
        }
    }
}

/// Takes back what was saved by the link.
///
/// # Errors
/// As of [`get`]; as of the use case.
pub async fn take_back(
    State(server): State<Server>,
    Path(token): Path<String>,
    Form(form): Form<TakeBackForm>,
) -> PageResult {
    let mut visitor = Visitor::of(&server, token).await?;
    visitor.viewer = visitor.viewer.once(&form.commit);
    let taken = entry::take_back(&visitor.viewer.ctx, form.commit).await?;
    reached(&visitor.viewer, taken.commit).await;
    Ok(visitor.back(&EnteredNow::of(&taken)))
}
