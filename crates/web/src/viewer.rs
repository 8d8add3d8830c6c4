//! Who looks, and where: what every handler of a page is given.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use throughline_app::evidence::{MapEvidence, evidence_at};
use throughline_app::{AppError, Ctx, ReadScorecard, Selected, scorecard, selected};

use crate::address;
use crate::error::WebError;
use crate::place::Place;
use crate::server::Server;
use crate::session::Session;

/// Who looks, and where.
pub struct Viewer {
    /// The context of the request: use cases are called with it.
    pub ctx: Ctx,
    /// Unit, period and clocks of the address.
    pub place: Place,
    /// The path of the address.
    pub path: String,
    /// What the address says of the page itself, by name: filters, what is open, the days of a comparison.
    pub state: Vec<(&'static str, String)>,
    /// The theme: of the address, else as it was chosen; `None` is the system's.
    pub theme: Option<&'static str>,
    /// The address as it was asked for, with all that it says; none where something was sent.
    pub asked: Option<String>,
    /// The server.
    pub server: Server,
}

/// What an address can say of a page that is also so at another place: a filter, what is open, which days are compared.
/// Where a list is read on, or how long it is shown, is of that list alone.
const STATE: [&str; 16] = [
    "q", "status", "kind", "open", "sort", "show", "focus", "evidence", "reach", "from", "to",
    "record", "by", "about", "since", "until",
];

impl Viewer {
    /// What the server looks at by itself, until everything is there.
    pub(crate) fn of_job(server: &Server, place: &Place, path: &str) -> Viewer {
        Viewer {
            ctx: server.ctx_of_job().with_all_the_time(),
            place: place.clone(),
            path: path.to_owned(),
            state: Vec::new(),
            theme: None,
            asked: None,
            server: server.clone(),
        }
    }

    /// The address of the page at another place, in the same state.
    #[must_use]
    pub fn at(&self, place: &Place) -> String {
        let state = self.state.iter();
        let state: Vec<(&str, &str)> = state.map(|(name, value)| (*name, value.as_str())).collect();
        place.href_with(&self.path, &state)
    }

    /// What the address says of the page itself by a name.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<(&'static str, &str)> {
        let mut state = self.state.iter();
        let (name, value) = state.find(|(known, _)| *known == name)?;
        Some((*name, value.as_str()))
    }

    /// The viewer of a page from which a form was sent to another address.
    #[must_use]
    pub fn on_page(self, path: impl Into<String>) -> Viewer {
        Viewer {
            path: path.into(),
            ..self
        }
    }

    /// The last commit that what is shown was made after.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.ctx.snapshot().map_or(0, |one| one.position.0)
    }

    /// The day of the organisation.
    #[must_use]
    pub fn today(&self) -> Date {
        let calendar = self.ctx.snapshot().map(|one| one.model.calendar().clone());
        calendar.unwrap_or_default().date_of(self.ctx.now())
    }

    /// The viewer, of whom the same form, sent again from the same page, has one effect. What was sent says which page it was:
    /// the commit that it was made after, and the unit that it was at.
    #[must_use]
    pub fn once(self, sent: &impl fmt::Debug) -> Viewer {
        let digest = Sha256::digest(format!("{} {:?} {sent:?}", self.path, self.place.unit));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let key = format!("form-{digest}");
        Viewer {
            ctx: self.ctx.with_idempotency_key(Some(key)),
            ..self
        }
    }

    /// What is meant by the address.
    ///
    /// # Errors
    /// As of the use case.
    pub async fn selected(&self) -> Result<Selected, AppError> {
        selected(&self.ctx, &self.place.selection()).await
    }

    /// The scorecard of what is meant by the address.
    ///
    /// # Errors
    /// As of the use case.
    pub async fn scorecard(&self) -> Result<ReadScorecard, AppError> {
        let read = scorecard(&self.ctx, &self.place.selection()).await?;
        if self.asked.is_some() {
            self.server.asked().look(&self.place);
        }
        Ok(read)
    }
}

impl Viewer {
    /// The evidence for the links of the map at what is meant; none while it is being worked out.
    ///
    /// # Errors
    /// As of the use case.
    pub async fn evidence(&self, meant: &Selected) -> Result<Option<Arc<MapEvidence>>, AppError> {
        evidence_at(&self.ctx, meant).await
    }
}

impl FromRequestParts<Server> for Viewer {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, WebError> {
        // The guard has put the session there, or answered by itself.
        let session = parts.extensions.get::<Session>().copied();
        let session = session.ok_or(WebError::NotIn)?;
        let place = address::query::<Place>(&parts.uri)?.cleaned();
        let mut said = address::query::<HashMap<String, String>>(&parts.uri)?;
        let said = STATE.into_iter().filter_map(|name| {
            let value = said.remove(name)?;
            (!value.trim().is_empty()).then_some((name, value))
        });
        let chosen = crate::guard::cookie(&parts.headers, crate::pages::theme::COOKIE);
        let theme = known_theme(place.theme.as_deref().or(chosen.as_deref()));
        Ok(Viewer {
            ctx: server.ctx_of(&session).ok_or(WebError::NotIn)?,
            state: said.collect(),
            place,
            path: parts.uri.path().to_owned(),
            asked: asked(parts),
            theme,
            server: server.clone(),
        })
    }
}

/// Path and query of what is asked for; none of what is sent.
fn asked(parts: &Parts) -> Option<String> {
    let address = parts.uri.path_and_query()?;
    (parts.method == Method::GET).then(|| address.to_string())
}

/// The theme of that name; any other text is none.
pub(crate) fn known_theme(name: Option<&str>) -> Option<&'static str> {
    ["light", "dark"]
        .into_iter()
        .find(|theme| Some(*theme) == name)
}
