//! The address by which others reach a server that stands behind a proxy: the proxy does TLS, and hands on the name by
//! which it was called.

use std::str::FromStr;

use axum::http::Uri;
use throughline_app::AppError;

/// An address such as `https://throughline.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    /// The name, with a port that is not the usual one.
    host: String,
}

impl PublicUrl {
    /// The name by which requests have to call the server.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Scheme and name, as browsers name the origin of a request.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("https://{}", self.host)
    }
}

impl FromStr for PublicUrl {
    type Err = AppError;

    fn from_str(text: &str) -> Result<Self, AppError> {
        let wrong = |what: &str| {
            AppError::bad_request(format!("`{text}` {what}"))
                .with_help("write it like https://throughline.example.org, without a path")
        };
        let uri: Uri = text.parse().map_err(|_| wrong("is no address"))?;
        if uri.scheme_str() != Some("https") {
            return Err(wrong(
                "does not begin with https://, and passwords would travel unencrypted",
            ));
        }
        let host = uri
            .authority()
            .filter(|authority| !authority.as_str().contains('@'));
        let host = host.ok_or_else(|| wrong("names no host"))?;
        if uri.path() != "/" || uri.query().is_some() {
            return Err(wrong("has a path"));
        }
        let host = host.as_str().to_ascii_lowercase();
        Ok(PublicUrl {
            host: host.strip_suffix(":443").unwrap_or(&host).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_and_a_name() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let read = text.parse::<PublicUrl>();
            let read = read
                .as_ref()
                .map(|url| url.host().to_owned())
                .map_err(ToString::to_string);
            assert_eq!(
                read.as_deref()
                    .map_err(|error| error.contains(expected.unwrap_err())),
                expected.map_err(|_| true),
                "{text}"
            );
        };
        check("https://tl.example.org", Ok("tl.example.org"));
        check("https://TL.example.org:443/", Ok("tl.example.org"));
        check("https://tl.example.org:8443", Ok("tl.example.org:8443"));
        check("http://tl.example.org", Err("unencrypted"));
        check("tl.example.org", Err("unencrypted"));
        check("https://a@tl.example.org", Err("names no host"));
        check("https://tl.example.org/throughline", Err("has a path"));
        check("https://", Err("is no address"));
    }
}
