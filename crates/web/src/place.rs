//! Where and when one looks, as it stands in every address: copying the address shows the same again.

use serde::Deserialize;
use throughline_app::Selection;

/// Unit, period and the two clocks, as they were asked for. What is left out is chosen, and the page says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Place {
    /// The key of the unit.
    pub unit: Option<String>,
    /// The name of the period, such as `2013-06`.
    pub period: Option<String>,
    /// When plan and observations were known: a date or a timestamp.
    pub known_at: Option<String>,
    /// When the plan was known.
    pub plan_at: Option<String>,
    /// A theme for this address alone, `light` or `dark`; the one that was chosen otherwise.
    pub theme: Option<String>,
}

impl Place {
    /// The place without what was sent empty: a form sends its empty fields, too.
    #[must_use]
    pub fn cleaned(self) -> Place {
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Place {
            unit: said(self.unit),
            period: said(self.period),
            known_at: said(self.known_at),
            plan_at: said(self.plan_at),
            theme: said(self.theme),
        }
    }

    /// What is asked of a use case.
    #[must_use]
    pub fn selection(&self) -> Selection {
        Selection {
            unit: self.unit.clone(),
            period: self.period.clone(),
            known_at: self.known_at.clone(),
            plan_at: self.plan_at.clone(),
        }
    }

    /// The same at another unit.
    #[must_use]
    pub fn at_unit(&self, key: impl Into<String>) -> Place {
        Place {
            unit: Some(key.into()),
            ..self.clone()
        }
    }

    /// The same in another period.
    #[must_use]
    pub fn in_period(&self, name: impl Into<String>) -> Place {
        Place {
            period: Some(name.into()),
            ..self.clone()
        }
    }

    /// The same as known now, under the plan of now.
    #[must_use]
    pub fn as_of_now(&self) -> Place {
        Place {
            known_at: None,
            plan_at: None,
            ..self.clone()
        }
    }

    /// What stands in the address, by name.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        [
            ("unit", &self.unit),
            ("period", &self.period),
            ("known-at", &self.known_at),
            ("plan-at", &self.plan_at),
            ("theme", &self.theme),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
        .collect()
    }

    /// The address of a page at this place.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        self.href_with(path, &[])
    }

    /// The address of a page at this place, with a state of its own.
    #[must_use]
    pub fn href_with(&self, path: &str, state: &[(&str, &str)]) -> String {
        let pairs: Vec<String> = self
            .pairs()
            .into_iter()
            .chain(state.iter().copied())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if pairs.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{}", pairs.join("&"))
        }
    }
}

/// The text as it stands in an address: everything but letters, digits and `-._~,` as bytes in hexadecimal.
#[must_use]
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_as_the_place() {
        let check = |place: Place, expected: &str| {
            let address = place.href("/strategy");
            assert_eq!(address, expected);
            let query: axum::extract::Query<Place> =
                axum::extract::Query::try_from_uri(&address.parse().unwrap()).unwrap();
            assert_eq!(query.0, place);
        };
        check(Place::default(), "/strategy");
        check(
            Place::default().at_unit("lga").in_period("2013-06"),
            "/strategy?unit=lga&period=2013-06",
        );
        check(
            Place {
                known_at: Some("2013-07-08T00:00:00+02:00".into()),
                ..Place::default()
            },
            "/strategy?known-at=2013-07-08T00%3A00%3A00%2B02%3A00",
        );
        check(
            Place::default().at_unit("a&b=c d<é>"),
            "/strategy?unit=a%26b%3Dc%20d%3C%C3%A9%3E",
        );
    }

    #[test]
    fn empty_fields_of_a_form_are_left_out() {
        let place = Place {
            unit: Some(" ".into()),
            period: Some("2013".into()),
            ..Place::default()
        };
        assert_eq!(place.cleaned().href("/"), "/?period=2013");
    }
}
