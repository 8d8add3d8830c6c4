//! The words of workbooks: what headings call things, what stands for nothing, and which way a measure is better.

use throughline_model::check::is_unseen;
use throughline_model::records::Better;

use crate::mapping::Role;

/// Lower case, single spaces, without what surrounds a word and what nobody sees.
pub fn plain(text: &str) -> String {
    let mapped: String = text
        .chars()
        .filter(|character| character.is_whitespace() || !is_unseen(*character))
        .map(|character| match character {
            '_' | '.' | ':' | '*' | '(' | ')' | '[' | ']' | '"' | '\'' => ' ',
            other => other,
        })
        .collect();
    let joined = mapped.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.to_lowercase()
}

/// Whether one of the words or phrases stands in a text, as whole words; a `*` at the end of one lets the word go on.
pub fn has_any(text: &str, phrases: &[&str]) -> bool {
    let plain = plain(text);
    let words: Vec<&str> = plain
        .split(|character: char| {
            !character.is_alphanumeric() && character != '%' && character != '#'
        })
        .filter(|word| !word.is_empty())
        .collect();
    phrases.iter().any(|phrase| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        words.windows(parts.len()).any(|window| {
            window
                .iter()
                .zip(&parts)
                .all(|(word, part)| match part.strip_suffix('*') {
                    Some(start) => word.starts_with(start),
                    None => word == part,
                })
        })
    })
}

/// What heads the columns of each role; the whole heading must be one of these.
#[rustfmt::skip]
const HEADINGS: &[(Role, &[&str])] = &[
    (Role::Measure, &["kpi", "kpis", "measure", "measures", "indicator", "indicators", "metric", "metrics", "kpi name", "measure name", "indicator name", "metric name", "performance indicator", "key performance indicator", "name"]),
    (Role::MeasureId, &["indicator seq", "kpi id", "measure id", "indicator id", "metric id", "id", "ref", "reference", "code", "kpi code", "kpi ref", "measure code", "indicator code", "no", "nr", "#"]),
    (Role::ParentId, &["parent seq", "parent id", "parent", "parent kpi", "parent indicator"]),
    (Role::Unit, &["region", "site", "location", "department", "dept", "agency", "agency name", "branch", "team", "division", "business unit", "org unit", "organisation unit", "organizational unit", "area", "station", "plant", "office", "store", "country", "district", "depot", "directorate", "entity", "facility", "hospital", "school", "where", "unit name", "service"]),
    (Role::Owner, &["owner", "lead", "responsible", "accountable", "kpi owner", "measure owner", "owned by", "manager", "responsible person", "who"]),
    (Role::ShownAs, &["unit of measure", "uom", "units", "unit of measurement", "measured in", "indicator unit", "format"]),
    (Role::Better, &["better", "direction", "desired change", "desired direction", "polarity", "good is", "better when", "higher/lower", "trend wanted"]),
    (Role::Frequency, &["frequency", "freq", "how often", "reporting frequency", "cadence", "reported"]),
    (Role::Definition, &["definition", "description", "what", "meaning", "how measured", "calculation"]),
    (Role::Decimals, &["decimals", "decimal places", "places"]),
    (Role::Period, &["period", "date", "reporting period", "time", "reporting date", "period end", "month end", "week"]),
    (Role::Year, &["year", "period year", "calendar year", "fiscal year", "fy", "reporting year"]),
    (Role::Month, &["month", "period month", "calendar month", "mon", "reporting month"]),
    (Role::Series, &["type", "series", "version", "scenario", "actual/target", "target/actual", "act/tgt", "plan/actual", "data type"]),
    (Role::Target, &["target", "tgt", "plan", "planned", "goal", "budget", "monthly target", "annual target", "standard", "threshold", "objective value"]),
    (Role::Value, &["value", "actual", "actuals", "act", "result", "results", "monthly actual", "achieved", "outturn", "score", "reading", "amount", "observed", "figure"]),
];

/// Headings of columns that hold nothing to take in, with the reason.
#[rustfmt::skip]
const LEFT_OUT: &[(&[&str], &str)] = &[
    (&["ytd", "year to date", "cumulative", "rolling", "r12"], "year to date: computed from the periods"),
    (&["status", "rag", "rating", "traffic light", "flag", "colour", "color"], "a status: computed from the target"),
    (&["variance", "var", "gap", "diff", "difference", "delta", "change", "trend", "% of target", "vs target", "achievement"], "a difference: computed from value and target"),
    (&["note", "notes", "comment", "comments", "remark", "remarks", "commentary", "narrative"], "a note"),
];

/// What a heading stands for by its words, if they say it.
pub fn role_of(heading: &str) -> Option<Role> {
    let plain = plain(heading);
    if plain.is_empty() {
        return None;
    }
    let named = HEADINGS
        .iter()
        .find(|(_, words)| words.contains(&plain.as_str()));
    named.map(|(role, _)| *role)
}

/// Why a total is left out.
pub const TOTAL: &str = "a total: computed where it means something";

/// Why a column with that heading is left out, if it is.
pub fn why_left_out(heading: &str) -> Option<&'static str> {
    if heading.split(" / ").any(heads_totals) {
        return Some(TOTAL);
    }
    LEFT_OUT
        .iter()
        .find(|(words, _)| has_any(heading, words))
        .map(|(_, reason)| *reason)
}

/// Whether a text stands for a value that is not there.
pub fn is_missing(text: &str) -> bool {
    #[rustfmt::skip]
    const MISSING: &[&str] = &[
        "", "-", "--", "–", "—", "n/a", "na", "n.a.", "n.a", "#n/a", "none", "null", "nil", "tbc", "tbd", "tba", ".",
        "..", "...", "?", "x", "not available", "no data", "missing", "pending", "not reported", "not applicable",
        "nan", "k. a.", "k.a.",
    ];
    MISSING.contains(&text.trim().to_lowercase().as_str())
}

/// Whether a text says that there is no value and none to come: it does not apply.
pub fn says_none(text: &str) -> bool {
    const NONE: &[&str] = &["n/a", "na", "n.a.", "n.a", "not applicable", "none"];
    NONE.contains(&text.trim().to_lowercase().as_str())
}

/// Whether the label of a row says that it is a total.
pub fn is_total(label: &str) -> bool {
    let plain = plain(label);
    #[rustfmt::skip]
    let starts = [
        "total", "sum", "grand total", "subtotal", "sub-total", "average", "avg", "overall total",
    ];
    starts.iter().any(|start| {
        plain.strip_prefix(start).is_some_and(|rest| {
            let rest = rest.trim_start_matches([' ', '/', '-', '&']);
            rest.is_empty() || starts.contains(&rest) || rest == "all units" || rest == "all"
        })
    })
}

/// Whether a heading says that totals stand below it: a word for them, alone or at the end. What begins with one says more:
/// "Average handling time" is a measure.
fn heads_totals(heading: &str) -> bool {
    const WORDS: &[&str] = &[
        "total", "totals", "sum", "average", "avg", "mean", "overall",
    ];
    let plain = plain(heading);
    let said = plain.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> = said
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic))
        .collect();
    let all = words
        .iter()
        .all(|word| WORDS.contains(word) || ["grand", "all", "units", "fy"].contains(word));
    !words.is_empty()
        && (all && words.iter().any(|word| WORDS.contains(word))
            || words.last().is_some_and(|last| WORDS.contains(last)))
}

/// Whether a label begins as notes do.
pub fn is_note(label: &str) -> bool {
    let plain = plain(label);
    #[rustfmt::skip]
    let starts = [
        "nb ", "note", "notes", "source", "* ", "n b ", "key ", "legend", "prepared by", "last updated", "updated",
    ];
    starts
        .iter()
        .any(|start| plain == start.trim() || plain.starts_with(&format!("{} ", start.trim())))
}

/// The direction that a cell names; `Some(None)` says that there is none.
#[rustfmt::skip]
pub fn better_named(text: &str) -> Option<Option<Better>> {
    let plain = plain(text);
    let is = |words: &[&str]| words.contains(&plain.as_str());
    if is(&["up", "u", "higher", "high", "increase", "increasing", "more", "+", "↑", "▲", "maximise", "maximize", "max", "higher is better", "bigger is better", ">=", "≥", "positive"]) {
        return Some(Some(Better::Higher));
    }
    if is(&["down", "d", "lower", "low", "decrease", "decreasing", "less", "fewer", "↓", "▼", "minimise", "minimize", "min", "lower is better", "smaller is better", "<=", "≤", "negative"]) {
        return Some(Some(Better::Lower));
    }
    if is(&["neutral", "n", "none", "information", "info", "for information", "-", "n/a"]) {
        return Some(None);
    }
    None
}

/// The direction that the name of a measure suggests.
pub fn better_of_name(name: &str) -> Option<Better> {
    #[rustfmt::skip]
    const LOWER: &[&str] = &[
        "complaint*", "defect*", "error*", "fail*", "absence*", "absen*", "sickness", "delay*", "late", "lateness",
        "wait*", "cost*", "injur*", "accident*", "incident*", "leakage", "leak*", "interruption*", "turnover rate",
        "staff turnover", "attrition", "churn", "overdue", "backlog", "days to", "time to", "cycle time", "lead time",
        "emission*", "waste", "spend", "repeat*", "downtime", "reject*", "vacanc*", "lost", "outstanding", "outage*",
        "low pressure", "arrears", "debt*", "cancel*", "crime*", "fatal*", "collision*", "no shows", "energy use",
        "handling time", "response time", "aht", "ltifr", "scrap", "rework", "burst*", "breach*", "overtime", "opex",
        "mins*", "minutes", "missed", "shrinkage", "returns", "near miss*", "dropped", "abandon*",
    ];
    #[rustfmt::skip]
    const HIGHER: &[&str] = &[
        "on time", "satisf*", "revenue", "sales", "income", "profit*", "margin", "fix*", "kept", "uptime",
        "availability", "retention", "resolved", "complet*", "productiv*", "quality", "complian*", "coverage",
        "attend*", "ridership", "nps", "engage*", "yield", "trained", "training", "answered", "utilisation",
        "utilization", "occupancy", "pass*", "achiev*", "delivered", "within target", "in time", "punctual*", "growth",
        "promoter", "accuracy", "mean distance between failures", "conversion", "orders", "users", "customers",
        "recycl*", "first time", "met", "share of",
    ];
    // "Mean distance between failures" has both; what is named in full says more than one of its words.
    if has_any(
        name,
        &[
            "between failures",
            "failure free",
            "accident free",
            "defect free",
            "cancelled avoided",
        ],
    ) {
        return Some(Better::Higher);
    }
    // Complaints that are resolved are good, and jobs completed late are not: what comes last is said of what comes before.
    #[rustfmt::skip]
    const DONE_WITH: &[&str] = &[
        "resolved", "fixed", "answered", "completed", "closed", "prevented", "avoided", "handled", "repaired", "corrected",
        "recovered", "saved", "within target", "in time", "on time", "met",
    ];
    if has_any(name, &["satisf*"]) || last_of(name, DONE_WITH) > last_of(name, LOWER) {
        return Some(Better::Higher);
    }
    match (has_any(name, LOWER), has_any(name, HIGHER)) {
        (true, _) => Some(Better::Lower),
        (false, true) => Some(Better::Higher),
        (false, false) => None,
    }
}

/// The place of the last word from which on one of the phrases stands in a text.
fn last_of(text: &str, phrases: &[&str]) -> Option<usize> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (0..words.len())
        .rev()
        .find(|start| has_any(&words[*start..].join(" "), phrases))
}

/// Names of sheets that name no unit.
pub fn is_general_sheet_name(name: &str) -> bool {
    #[rustfmt::skip]
    const GENERAL: &[&str] = &[
        "sheet*", "table*", "data", "kpi", "kpis", "scorecard", "dashboard", "measures", "indicators", "metrics",
        "summary", "input", "values", "tabelle*", "export", "report", "all", "raw", "monthly", "performance",
        "results", "main", "list",
    ];
    /// How often something is observed, and nothing else.
    #[rustfmt::skip]
    const OFTEN: &[&str] = &[
        "days", "daily", "weeks", "weekly", "months", "quarters", "quarterly", "years", "yearly", "annual",
    ];
    let plain = plain(name);
    has_any(name, GENERAL)
        || OFTEN.contains(&plain.as_str())
        || plain.chars().all(|character| !character.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole() {
        assert!(has_any("Repeat contacts 14d", &["repeat*"]));
        assert!(!has_any("Latency", &["late"]));
        assert!(has_any("PERIOD_YTD", &["ytd"]));
        assert!(has_any("Year to date", &["year to date"]));
        assert_eq!(role_of("INDICATOR_NAME"), Some(Role::Measure));
        assert_eq!(role_of("Tgt"), Some(Role::Target));
        assert_eq!(role_of("Something"), None);
    }

    #[test]
    fn totals_and_notes_are_told_from_measures() {
        assert!(is_total("Total / avg"));
        assert!(is_total("TOTAL"));
        assert!(!is_total("Total paratransit ridership"));
        assert!(is_note("NB red = bad month"));
        assert!(is_note("Note: see email"));
        assert!(!is_note("Notebooks repaired"));
    }

    #[test]
    fn a_name_says_the_direction() {
        assert_eq!(better_of_name("Complaints per 1,000"), Some(Better::Lower));
        assert_eq!(better_of_name("First visit fix %"), Some(Better::Higher));
        assert_eq!(
            better_of_name("Mean Distance Between Failures"),
            Some(Better::Higher)
        );
        assert_eq!(better_of_name("Headcount"), None);
        let higher = [
            "Complaints resolved in 5 days %",
            "Incidents prevented",
            "Satisfaction with waiting time",
            "Errors corrected on time",
        ];
        for name in higher {
            assert_eq!(better_of_name(name), Some(Better::Higher), "{name}");
        }
        for name in [
            "Jobs completed late",
            "Calls answered, mean wait",
            "Cost of training",
        ] {
            assert_eq!(better_of_name(name), Some(Better::Lower), "{name}");
        }
    }
}
