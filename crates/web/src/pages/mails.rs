//! Which mails somebody wants: a page of their own, and the one to which a link in each mail leads. Looking changes nothing.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::mail::{self, MailKind, Wishes};
use throughline_app::words;

use super::sign_in::refuse_demo;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::server::Server;
use crate::viewer::Viewer;

/// The page of one's own mails.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "mails.html")]
pub struct MailsPage {
    /// What is around it.
    pub frame: Frame,
    /// Each sort: its word in the form, what it is, and whether it is wanted.
    pub sorts: Vec<(&'static str, &'static str, bool)>,
    /// Whether a choice was just kept.
    pub is_kept: bool,
    /// Whether this server sends any.
    pub are_sent: bool,
}

/// What the form sends: the sorts that are wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chosen {
    digest: Option<String>,
    reminder: Option<String>,
}

/// What the address says of what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Done {
    kept: Option<String>,
}

/// What a sort of mail is, in a sentence.
fn about(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Digest => {
            "The weekly mail: what is due, your actions and the reviews of the week, on its first working day at eight"
        }
        MailKind::Reminder => {
            "Reminders: when figures fall due and when they are late; the day before an action is due and when it is overdue"
        }
    }
}

/// Shows which mails one gets.
///
/// # Errors
/// There is no such page for nobody in person, nor in the demonstration.
pub async fn get(viewer: Viewer, Query(done): Query<Done>) -> PageResult {
    refuse_demo(&viewer.server)?;
    let wishes = mail::wishes(&viewer.ctx).await?;
    let title = "Mails to me";
    let sorts = MailKind::ALL.map(|kind| (kind.word(), about(kind), wishes.want(kind)));
    page(&MailsPage {
        frame: Frame::new(&viewer, Section::Elsewhere, title).below(title, None),
        sorts: sorts.to_vec(),
        is_kept: done.kept.is_some(),
        are_sent: viewer.server.sends_mails(),
    })
}

/// Keeps which mails one wants.
///
/// # Errors
/// As of [`get`].
pub async fn post(viewer: Viewer, Form(chosen): Form<Chosen>) -> PageResult {
    refuse_demo(&viewer.server)?;
    let wishes = Wishes {
        digest: chosen.digest.is_some(),
        reminder: chosen.reminder.is_some(),
    };
    mail::choose(&viewer.ctx, wishes).await?;
    Ok(Redirect::to("/mails?kept=yes").into_response())
}

/// The page to which a mail leads that is to be the last.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "mails_off.html")]
pub struct MailsOffPage {
    /// What is asked, or was done.
    pub title: String,
    /// The token of the link; empty once it is done.
    pub token: String,
}

/// Asks whether a sort of mail is to stop.
///
/// # Errors
/// If the link opens nothing.
pub async fn ask_off(State(server): State<Server>, Path(token): Path<String>) -> PageResult {
    refuse_demo(&server)?;
    let ctx = server.ctx_of_nobody();
    let kind = mail::off_link(&ctx, server.link_door(), &token).await?;
    let kind = kind.ok_or(WebError::WrongLink)?;
    page(&MailsOffPage {
        title: format!("Stop {}?", kind.words()),
        token,
    })
}

/// Stops a sort of mail.
///
/// # Errors
/// As of [`ask_off`].
pub async fn switch_off(State(server): State<Server>, Path(token): Path<String>) -> PageResult {
    refuse_demo(&server)?;
    let ctx = server.ctx_of_nobody();
    let kind = mail::switch_off(&ctx, server.link_door(), &token).await?;
    let kind = kind.ok_or(WebError::WrongLink)?;
    let words = words::sentence(kind.words());
    let verb = match kind {
        MailKind::Digest => "stops",
        MailKind::Reminder => "stop",
    };
    page(&MailsOffPage {
        title: format!("{words} {verb}"),
        token: String::new(),
    })
}
