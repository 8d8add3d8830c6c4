//! What cannot be meant of what was written into a form: all of it above the form, and each at its field.

use std::borrow::Cow;

use askama::Template;
use throughline_app::AppError;

use crate::error::{help, said as sentence};

/// What is wrong, field by field.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/problems.html")]
pub struct Problems {
    /// The name of the field, and what is wrong with it.
    pub of_fields: Vec<(Cow<'static, str>, String)>,
}

impl Problems {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of_fields.is_empty()
    }

    /// What is wrong with a field, if anything is.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        let mut found = self.of_fields.iter();
        let (_, text) = found.find(|(name, _)| name == field)?;
        Some(text)
    }

    /// Adds what is wrong with a field.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, error: &AppError) {
        let said = [Some(sentence(&error.to_string())), help(error)];
        let said: Vec<String> = said.into_iter().flatten().collect();
        self.of_fields.push((field.into(), said.join(" ")));
    }

    /// The title of a page with the form.
    #[must_use]
    pub fn title(&self, title: &str) -> String {
        match self.is_empty() {
            true => title.to_owned(),
            false => format!("Error: {title}"),
        }
    }
}
