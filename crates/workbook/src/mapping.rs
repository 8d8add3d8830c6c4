//! How a workbook is understood, as a text that people correct and keep for next month's file. It names what it is about
//! by the words of the workbook, and never by the numbers of rows and columns, which move.

mod role;

use serde::{Deserialize, Serialize};
use throughline_model::fields::DAYS_LIMIT;

pub use self::role::Role;
use crate::error::WorkbookError;
pub use crate::week::Edge;
use crate::words::plain;

/// The version of the form below.
pub const MAPPING_VERSION: u32 = 1;

/// The years that may be said.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// The most bytes of a kept mapping.
pub const MAPPING_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How a workbook is understood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The version of this form, 1.
    pub version: u32,
    /// The organisation that the plan is of.
    pub organisation: OrganisationMapping,
    /// The year of periods that name none, where the name of their sheet names none either. It is of one file, and not kept
    /// for the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// The sheets, by their names.
    #[serde(default)]
    pub sheets: Vec<SheetMapping>,
    /// The measures, by what they are called in the workbook.
    #[serde(default)]
    pub measures: Vec<MeasureMapping>,
    /// The units, by what they are called in the workbook.
    #[serde(default)]
    pub units: Vec<Named>,
    /// The people, by what they are called in the workbook.
    #[serde(default)]
    pub people: Vec<Named>,
    /// Values that look like slips and are right: `measure/unit/period` each, or `*` for all.
    #[serde(default)]
    pub take_in: Vec<String>,
}

/// The organisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganisationMapping {
    /// Its key, which is that of the topmost unit, too.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The name of its time zone.
    pub time_zone: String,
    /// The month in which its fiscal year starts, 1 to 12.
    pub fiscal_year_starts: u8,
}

/// How sure a guess is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// Somebody should look.
    ToCheck,
    /// Most probably right.
    Likely,
    /// The workbook says so, or somebody did.
    #[default]
    Certain,
}

impl Sure {
    /// In words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Sure::ToCheck => "to check",
            Sure::Likely => "likely",
            Sure::Certain => "certain",
        }
    }
}

/// What the name of a sheet stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    /// A unit: all of the sheet is about it.
    Unit,
    /// A measure: all of the sheet is about it.
    Measure,
    /// A period: all of the sheet is about it.
    Period,
    /// Nothing that matters.
    #[default]
    Nothing,
}

/// How a sheet is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SheetMapping {
    /// Its name.
    pub name: String,
    /// Whether it is read.
    pub read: bool,
    /// What its name stands for.
    #[serde(default)]
    pub stands_for: Stands,
    /// Its columns that are no periods, by their headings.
    #[serde(default)]
    pub columns: Vec<ColumnMapping>,
    /// How sure this is.
    #[serde(default)]
    pub sure: Sure,
    /// Why.
    #[serde(default)]
    pub because: String,
}

impl SheetMapping {
    /// Says what some of its columns hold, each by its place here. Where that is what one column alone can be, another one that
    /// was taken for it is left out, unless it was said, too.
    pub fn put_roles(&mut self, said: &[(usize, Role)], because: &str) {
        for (place, role) in said {
            let is_other = |other: usize| said.iter().all(|(place, _)| *place != other);
            for (number, column) in self.columns.iter_mut().enumerate() {
                if number == *place {
                    (column.role, column.sure) = (*role, Sure::Certain);
                    because.clone_into(&mut column.because);
                } else if is_other(number) && role.is_of_one() && column.role == *role {
                    column.role = Role::LeftOut;
                    "another column was said to be what it was taken for"
                        .clone_into(&mut column.because);
                }
            }
        }
    }
}

/// How a column is understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMapping {
    /// Its heading; the lines of a heading of several rows are joined by ` / `.
    pub heading: String,
    /// What it holds.
    pub role: Role,
    /// How sure this is.
    #[serde(default)]
    pub sure: Sure,
    /// Why.
    #[serde(default)]
    pub because: String,
}

/// How a measure is understood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureMapping {
    /// What it is called in the workbook.
    pub found_as: String,
    /// Whether it is taken in.
    pub read: bool,
    /// Its key in the plan.
    pub key: String,
    /// Its name in the plan.
    pub name: String,
    /// What is counted, and how.
    #[serde(default)]
    pub definition: Option<String>,
    /// How its values add up: a kind of measures.
    pub kind: String,
    /// `%`, a currency, or a unit.
    #[serde(default)]
    pub shown_as: Option<String>,
    /// Decimal places.
    #[serde(default)]
    pub decimals: u8,
    /// `higher`, `lower`, or nothing: for information, takes no target.
    #[serde(default)]
    pub better: Option<String>,
    /// How often it is observed.
    pub frequency: String,
    /// Which day of its weeks the Sundays are by which a workbook names them, where that does not say it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sundays: Option<Edge>,
    /// Whether it was asked about weeks that are said to end on days on which weeks begin: once is enough.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weeks_doubted: bool,
    /// Days after the end of a period by which its value is due; nothing: at its end.
    #[serde(default)]
    pub due: Option<u16>,
    /// The owner, by what the workbook calls them.
    #[serde(default)]
    pub owner: Option<String>,
    /// How sure this is.
    #[serde(default)]
    pub sure: Sure,
    /// Why: one reason for each guess.
    #[serde(default)]
    pub because: Vec<String>,
}

/// A unit or a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// What it is called in the workbook.
    pub found_as: String,
    /// Its key in the plan.
    pub key: String,
    /// Its name in the plan.
    pub name: String,
}

impl Mapping {
    /// Reads a kept mapping.
    ///
    /// # Errors
    /// If it is none, of another version, or says what cannot be.
    pub fn read(bytes: &[u8]) -> Result<Mapping, WorkbookError> {
        let bad = |message: String| WorkbookError::BadMapping { message };
        if bytes.len() > MAPPING_BYTES_MAX {
            let mebibytes = MAPPING_BYTES_MAX / 1024 / 1024;
            return Err(bad(format!("it has more than {mebibytes} MiB")));
        }
        let mapping: Mapping =
            serde_json::from_slice(bytes).map_err(|error| bad(error.to_string()))?;
        if mapping.version != MAPPING_VERSION {
            return Err(bad(format!(
                "it is of version {}, and {MAPPING_VERSION} is known",
                mapping.version
            )));
        }
        mapping.check().map_err(bad)?;
        Ok(mapping)
    }

    /// The text that is kept.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n").unwrap_or_default()
    }

    /// What is said of a sheet.
    #[must_use]
    pub fn sheet(&self, name: &str) -> Option<&SheetMapping> {
        self.sheets
            .iter()
            .find(|sheet| plain(&sheet.name) == plain(name))
    }

    /// What is said of a measure.
    #[must_use]
    pub fn measure(&self, found_as: &str) -> Option<&MeasureMapping> {
        self.measures
            .iter()
            .find(|measure| plain(&measure.found_as) == plain(found_as))
    }

    /// Says how a measure is understood, in place of what was said of it.
    pub fn put_measure(&mut self, measure: MeasureMapping) {
        let found_as = plain(&measure.found_as);
        self.measures.retain(|one| plain(&one.found_as) != found_as);
        self.measures.push(measure);
    }

    /// Says how a sheet is understood, in place of what was said of it.
    pub fn put_sheet(&mut self, sheet: SheetMapping) {
        let name = plain(&sheet.name);
        self.sheets.retain(|one| plain(&one.name) != name);
        self.sheets.push(sheet);
    }

    /// Says that a value that looks like a slip is right.
    pub fn put_taken_in(&mut self, value: &str) {
        if !self.take_in.iter().any(|known| known == value) {
            self.take_in.push(value.to_owned());
        }
    }

    fn check(&self) -> Result<(), String> {
        use throughline_model::fields::Key;
        let keys = [("organisation", &self.organisation.key)]
            .into_iter()
            .chain(self.measures.iter().map(|one| ("measure", &one.key)))
            .chain(self.units.iter().map(|one| ("unit", &one.key)))
            .chain(self.people.iter().map(|one| ("person", &one.key)));
        for (kind, key) in keys {
            if Key::new(key.as_str()).is_none() {
                return Err(format!(
                    "`{key}` cannot be the key of a {kind}; keys have lower case letters, digits, `.` and `-`"
                ));
            }
        }
        if !(1..=12).contains(&self.organisation.fiscal_year_starts) {
            return Err("`fiscal_year_starts` is a month, 1 to 12".to_owned());
        }
        if self.year.is_some_and(|year| !YEARS.contains(&year)) {
            return Err(format!(
                "`year` is a year, {} to {}",
                YEARS.start(),
                YEARS.end()
            ));
        }
        throughline_core::calendar::time_zone(&self.organisation.time_zone)
            .map_err(|error| error.to_string())?;
        for measure in self.measures.iter().filter(|measure| measure.read) {
            measure.check()?;
        }
        Ok(())
    }
}

impl MeasureMapping {
    fn check(&self) -> Result<(), String> {
        use throughline_model::records::{Better, MeasureKind};
        let at = |what: &str, word: &str| {
            format!(
                "the measure {} has the {what} `{word}`, which is none",
                self.key
            )
        };
        let kinds = MeasureKind::ALL.iter().map(|kind| kind.word());
        if !kinds
            .filter(|word| *word != "formula")
            .any(|word| word == self.kind)
        {
            return Err(at("kind", &self.kind));
        }
        if let Some(better) = &self.better
            && !Better::ALL.iter().any(|word| word.word() == better)
        {
            return Err(at("better direction", better));
        }
        if self
            .frequency
            .parse::<throughline_core::Frequency>()
            .is_err()
        {
            return Err(at("frequency", &self.frequency));
        }
        if let Some(due) = self.due.filter(|due| *due > DAYS_LIMIT) {
            return Err(format!(
                "the measure {} is due {due} days after its periods, and {DAYS_LIMIT} is the most",
                self.key
            ));
        }
        Ok(())
    }

    /// How often it is observed.
    #[must_use]
    pub fn frequency(&self) -> throughline_core::Frequency {
        self.frequency
            .parse()
            .unwrap_or(throughline_core::Frequency::Month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_column_alone_can_be_is_taken_from_another() {
        let column = |heading: &str, role: Role| ColumnMapping {
            heading: heading.to_owned(),
            role,
            sure: Sure::Likely,
            because: "guessed".to_owned(),
        };
        let mut sheet = SheetMapping {
            name: "KPIs".to_owned(),
            read: true,
            stands_for: Stands::Nothing,
            columns: vec![
                column("Theme", Role::Measure),
                column("What we count", Role::LeftOut),
                column("North", Role::ValueOfUnit),
            ],
            sure: Sure::Likely,
            because: String::new(),
        };
        sheet.put_roles(&[(1, Role::Measure), (2, Role::LeftOut)], "said");
        let roles: Vec<Role> = sheet.columns.iter().map(|one| one.role).collect();
        assert_eq!(roles, [Role::LeftOut, Role::Measure, Role::LeftOut]);
        assert_eq!(sheet.columns[1].sure, Sure::Certain);
    }
}
