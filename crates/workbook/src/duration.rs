//! Times of a clock that say how long something took: `00:15`, `1:05:30`.

use crate::book::rounded;

/// Reads a text as a duration, in seconds: hours and minutes, or all three. `in_minutes`: two parts are minutes and seconds.
#[must_use]
pub fn read(text: &str, in_minutes: bool) -> Option<f64> {
    let parts: Vec<&str> = text.trim().split(':').collect();
    let is_number = |part: &&str| {
        (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !parts.iter().all(is_number) || parts.iter().skip(1).any(|part| part.len() != 2) {
        return None;
    }
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let (hours, minutes, seconds) = match numbers.as_slice() {
        [minutes, seconds] if in_minutes => (0, *minutes, *seconds),
        [hours, minutes] if *minutes < 60 => (*hours, *minutes, 0),
        [hours, minutes, seconds] if *minutes < 60 => (*hours, *minutes, *seconds),
        _ => return None,
    };
    (seconds < 60)
        .then(|| f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + f64::from(seconds))
}

/// How a duration is written: `0:15`, with its seconds if it has some.
#[must_use]
pub fn shown(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let all = seconds.abs().round() as u64;
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    match seconds {
        0 => format!("{sign}{hours}:{minutes:02}"),
        seconds => format!("{sign}{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// How many seconds a unit of time has, by its first word: `hours`, `hours (hh:mm)`, `mins/call`; nothing if it is none.
#[must_use]
pub fn seconds_of(unit: &str) -> Option<f64> {
    let unit = unit.trim().to_lowercase();
    match unit
        .split([' ', '(', '/', ':', '.'])
        .next()
        .unwrap_or_default()
    {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60.0),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(3600.0),
        "d" | "day" | "days" => Some(86_400.0),
        _ => None,
    }
}

/// A duration in the unit of its measure; in minutes where that is no unit of time.
#[must_use]
pub fn in_unit(seconds: f64, unit: Option<&str>) -> f64 {
    let of_unit = unit.and_then(seconds_of).unwrap_or(60.0);
    rounded(seconds / of_unit)
}

/// The ways to say in a heading how a time is written.
const CLOCKS: &[&str] = &["hh:mm:ss", "h:mm:ss", "hh:mm", "h:mm", "mm:ss", "m:ss"];

/// A name without how its times are written, `Mean wait (hh:mm)`, and whether they are minutes and seconds.
#[must_use]
pub fn without_clock(name: &str) -> (String, bool) {
    let lower = name.to_lowercase();
    let clock = CLOCKS.iter().find(|clock| lower.contains(**clock));
    let Some((clock, at)) = clock.and_then(|clock| Some((clock, lower.find(clock)?))) else {
        return (name.to_owned(), false);
    };
    let parts = (name.get(..at), name.get(at + clock.len()..));
    let (Some(before), Some(behind)) = parts else {
        return (name.to_owned(), false);
    };
    let before = before.trim_end_matches([' ', '(', '[', ',', '-']);
    let behind = behind.trim_start_matches([')', ']']);
    let is_minutes = clock.starts_with('m');
    (format!("{before}{behind}").trim().to_owned(), is_minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_shown() {
        assert_eq!(read("00:15", false), Some(900.0));
        assert_eq!(read("1:05:30", false), Some(3930.0));
        assert_eq!(read("05:30", true), Some(330.0));
        assert_eq!(read("125:00", false), Some(450_000.0));
        for text in [
            "15",
            "1:5",
            "1:75",
            "a:10",
            "10:00 to 12:00",
            "1:02:03:04",
            "",
        ] {
            assert_eq!(read(text, false), None, "{text}");
        }
        assert_eq!(
            (shown(900.0), shown(3930.0)),
            ("0:15".to_owned(), "1:05:30".to_owned())
        );
    }

    #[test]
    fn how_a_time_is_written_is_no_part_of_a_name() {
        let of = |name: &str| without_clock(name);
        assert_eq!(of("Mean wait (hh:mm)"), ("Mean wait".to_owned(), false));
        assert_eq!(of("Call length mm:ss"), ("Call length".to_owned(), true));
        assert_eq!(of("Mean wait"), ("Mean wait".to_owned(), false));
    }
}
