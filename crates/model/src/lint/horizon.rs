//! The lint of time: everything that the strategy wants lies in the years that it spans.

use jiff::civil::Date;
use throughline_core::period::Period;

use super::{Hit, Lint};

pub(super) const OUTSIDE_HORIZON: Lint = Lint {
    code: "outside-horizon",
    title: "Date outside of the strategy's horizon",
    reason: "The horizon says which years the strategy is about. What is due before or after it belongs to another strategy, \
             or the horizon is wrong.",
    find: |survey| {
        let Some(strategy) = survey.model.strategy() else {
            return Vec::new();
        };
        let horizon = Horizon {
            from: strategy.from.0,
            to: strategy.to.0,
        };
        let model = survey.model;
        let mut hits = Vec::new();
        for objective in model.objectives() {
            let due = objective.due.filter(|due| !horizon.has(due));
            hits.extend(due.map(|due| {
                Hit::at(
                    objective,
                    horizon.message(&model.calendar().name(&due)),
                    HELP,
                )
                .field("due")
            }));
        }
        for initiative in model.initiatives() {
            let days = [("from", initiative.from), ("to", initiative.to)];
            for (field, day) in days {
                let day = day.filter(|day| !horizon.has_day(*day));
                hits.extend(
                    day.map(|day| Hit::at(initiative, horizon.message(&day), HELP).field(field)),
                );
            }
            for (index, milestone) in initiative.milestones.iter().enumerate() {
                if !horizon.has_day(milestone.due) {
                    let hit = Hit::at(initiative, horizon.message(&milestone.due), HELP);
                    hits.push(hit.field("milestones").index(index).field("due"));
                }
            }
        }
        for target in model.targets() {
            let outside = target
                .points
                .iter()
                .enumerate()
                .find(|(_, point)| !horizon.has(&point.period));
            hits.extend(outside.map(|(index, point)| {
                let hit = Hit::at(
                    target,
                    horizon.message(&model.calendar().name(&point.period)),
                    HELP,
                );
                hit.field("points").index(index).field("period")
            }));
        }
        hits
    },
};

const HELP: &str = "change the date, or the horizon of the strategy";

/// The years of a strategy, both included.
struct Horizon {
    from: i16,
    to: i16,
}

impl Horizon {
    /// A period belongs to the year of its middle day, as everywhere.
    fn has(&self, period: &Period) -> bool {
        self.has_day(period.middle())
    }

    fn has_day(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day.year())
    }

    fn message(&self, date: &dyn std::fmt::Display) -> String {
        format!(
            "{date} lies outside of the strategy's horizon, {} to {}",
            self.from, self.to
        )
    }
}
