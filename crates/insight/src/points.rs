//! The points of a series that are there, with their places, after the series was found fit to calculate with.

/// The longest series that is read; a century of days is below it.
pub const POINTS_MAX: usize = 40_000;

/// A point that is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Present {
    /// Its place in the series, missing points counted.
    pub(crate) index: usize,
    pub(crate) value: f64,
}

/// Why a series cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    TooMany { have: usize },
    NotFinite { index: usize },
}

/// The points that are there, in order.
pub(crate) fn present(values: &[Option<f64>]) -> Result<Vec<Present>, Unreadable> {
    if values.len() > POINTS_MAX {
        return Err(Unreadable::TooMany { have: values.len() });
    }
    let mut points = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) if !value.is_finite() => return Err(Unreadable::NotFinite { index }),
            Some(value) => points.push(Present {
                index,
                value: *value,
            }),
            None => {}
        }
    }
    Ok(points)
}
