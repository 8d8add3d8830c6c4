//! What stands in addresses and forms, read so that a slip is answered as everything else is: with a page, or a problem
//! document. The framework's own readers answer with bare text.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use std::str::FromStr;
use throughline_app::AppError;

use crate::error::WebError;
use crate::place::encoded;

/// The state of a page, from the query of its address. A name that is given twice counts once: the page shows what it
/// took.
pub struct Query<T>(pub T);

/// The parts of a path. What cannot be read names nothing.
pub struct Path<T>(pub T);

/// A form that was sent.
pub struct Form<T>(pub T);

/// The query of an address, where a name counts at its first place.
///
/// # Errors
/// If it is no state of that sort.
pub fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, WebError> {
    let wrong = |error: String| WebError::App(AppError::bad_request(error));
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let pairs = pairs.map_err(|error| wrong(error.to_string()))?.0;
    let mut once: Vec<(String, String)> = Vec::new();
    for (name, value) in pairs {
        if !once.iter().any(|(known, _)| *known == name) {
            once.push((name, value));
        }
    }
    let once = once.iter();
    let once = once.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    let address = format!("/?{}", once.collect::<Vec<_>>().join("&"));
    let address: Uri = address
        .parse()
        .map_err(|_| wrong("the address cannot be read".to_owned()))?;
    let state = axum::extract::Query::<T>::try_from_uri(&address);
    Ok(state.map_err(|error| wrong(error.to_string()))?.0)
}

/// A number of a page's state, such as a row to begin with; any other text asks for nothing.
///
/// # Errors
/// If there is no text.
pub fn number<'de, D: Deserializer<'de>, N: FromStr>(from: D) -> Result<Option<N>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.and_then(|text| text.trim().parse().ok()))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, WebError> {
        Ok(Query(query(&parts.uri)?))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        Ok(Path(path.map_err(|_| WebError::NotThere)?.0))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        let form = axum::Form::<T>::from_request(request, state).await;
        let incomplete = |_| AppError::bad_request("the form is not complete");
        Ok(Form(form.map_err(incomplete)?.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct State {
        #[serde(deserialize_with = "number")]
        row: Option<usize>,
        q: String,
    }

    #[test]
    fn a_slip_in_an_address_asks_for_nothing() {
        let check = |address: &str, row: Option<usize>, q: &str| {
            let state: State = query(&address.parse().unwrap()).unwrap();
            let expected = State {
                row,
                q: q.to_owned(),
            };
            assert_eq!(state, expected, "{address}");
        };
        check("/p", None, "");
        check("/p?row=50&q=on+time", Some(50), "on time");
        check("/p?row=x", None, "");
        check("/p?row=-1", None, "");
        check("/p?row=", None, "");
        check("/p?row=99999999999999999999999", None, "");
        check("/p?q=a&q=b&row=1&row=2", Some(1), "a");
        check("/p?q=%26%3D%C3%A9&other=1", None, "&=é");
        check("/p?q=%FF&&=", None, "\u{FFFD}");
    }
}
