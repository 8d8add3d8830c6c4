//! How often each status occurs: counted in one way for pages and programs.

use throughline_engine::{NodeKey, Status};

use crate::ReadScorecard;

/// The statuses in the order in which they are counted.
pub const STATUS_ORDER: [Status; 5] = [
    Status::OnTrack,
    Status::AtRisk,
    Status::OffTrack,
    Status::NoData,
    Status::NoTarget,
];

/// How often each status occurs, in the order of [`STATUS_ORDER`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatusCounts([usize; STATUS_ORDER.len()]);

impl StatusCounts {
    /// Counts the objectives of a scorecard.
    #[must_use]
    pub fn of_objectives(read: &ReadScorecard) -> StatusCounts {
        let nodes = read.scorecard.nodes.iter();
        nodes
            .filter(|node| matches!(node.node, NodeKey::Objective(_)))
            .map(|node| node.status)
            .collect()
    }

    /// Counts the measures of a scorecard.
    #[must_use]
    pub fn of_measures(read: &ReadScorecard) -> StatusCounts {
        let measures = read.scorecard.measures.iter();
        measures.map(|reading| reading.status).collect()
    }

    /// Each status with how often it occurs.
    pub fn each(self) -> impl Iterator<Item = (Status, usize)> {
        STATUS_ORDER.into_iter().zip(self.0)
    }

    /// How often a status occurs.
    #[must_use]
    pub fn count(self, status: Status) -> usize {
        self.each()
            .find_map(|(one, count)| (one == status).then_some(count))
            .unwrap_or_default()
    }

    /// How many there are in all.
    #[must_use]
    pub fn all(self) -> usize {
        self.0.iter().sum()
    }
}

impl FromIterator<Status> for StatusCounts {
    fn from_iter<I: IntoIterator<Item = Status>>(statuses: I) -> StatusCounts {
        let mut counts = StatusCounts::default();
        for status in statuses {
            for (one, count) in STATUS_ORDER.into_iter().zip(&mut counts.0) {
                *count += usize::from(one == status);
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_counted_once() {
        let counts: StatusCounts = STATUS_ORDER.into_iter().chain([Status::OffTrack]).collect();
        assert_eq!(counts.all(), 6);
        assert_eq!(counts.count(Status::OffTrack), 2);
        assert_eq!(counts.count(Status::NoTarget), 1);
        assert_eq!(StatusCounts::default().count(Status::OnTrack), 0);
    }
}
