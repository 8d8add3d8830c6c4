//! Initiatives over time: what was planned is outlined, what is done is solid, and the day that is shown is a line.

mod draw;

use crate::chart::{Chart, Width};
use crate::day::Day;
use crate::words::{count, listed};

/// A step on the way of an initiative.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// What is reached.
    pub name: String,
    /// When it should be.
    pub due: Day,
    /// When it was, if it was.
    pub done: Option<Day>,
}

impl Milestone {
    fn is_late(&self, today: Day) -> bool {
        self.done.is_none() && self.due < today
    }
}

/// One initiative.
#[derive(Clone, Debug)]
pub struct TimelineRow {
    /// Its name.
    pub name: String,
    /// Where a click leads.
    pub href: Option<String>,
    /// Its first day as planned.
    pub from: Day,
    /// Its last day as planned.
    pub to: Day,
    /// Its milestones, in any order.
    pub milestones: Vec<Milestone>,
}

impl TimelineRow {
    /// Up to where it is done: the due day of the last milestone before the first one that is open.
    fn done_to(&self) -> Option<Day> {
        let mut steps: Vec<&Milestone> = self.milestones.iter().collect();
        steps.sort_by_key(|step| step.due);
        if !steps.is_empty() && steps.iter().all(|step| step.done.is_some()) {
            return Some(self.to);
        }
        steps
            .iter()
            .take_while(|step| step.done.is_some())
            .last()
            .map(|step| step.due)
    }

    /// The first milestone that is still to come.
    fn next(&self) -> Option<&Milestone> {
        self.milestones
            .iter()
            .filter(|step| step.done.is_none())
            .min_by_key(|step| step.due)
    }

    /// When something comes next, or since when it is late; the name of the milestone is in the table, as a line beside a bar has no
    /// room for it.
    fn next_words(&self, today: Day) -> String {
        match self.next() {
            Some(step) if step.is_late(today) => format!("Late since {}", step.due),
            Some(step) => format!("Next {}", step.due),
            None if self.milestones.is_empty() => "No milestones".to_owned(),
            None => "All milestones done".to_owned(),
        }
    }
}

/// Initiatives with their milestones on one line of time.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// What it shows, such as "Initiatives".
    pub name: String,
    /// The day as of which it is drawn.
    pub today: Day,
    /// The initiatives, in the order to be shown.
    pub rows: Vec<TimelineRow>,
}

impl Timeline {
    /// Whether its one row leads nowhere: it is what the page is about, and is drawn without its name.
    fn is_alone(&self) -> bool {
        matches!(&self.rows[..], [row] if row.href.is_none())
    }

    fn late(&self) -> Vec<String> {
        let is_late =
            |row: &&TimelineRow| row.milestones.iter().any(|step| step.is_late(self.today));
        self.rows
            .iter()
            .filter(is_late)
            .map(|row| row.name.clone())
            .collect()
    }
}

impl Chart for Timeline {
    fn title(&self) -> String {
        format!("{} on {}", self.name, self.today)
    }

    fn description(&self) -> String {
        let steps = || self.rows.iter().flat_map(|row| &row.milestones);
        let done = steps().filter(|step| step.done.is_some()).count();
        let late = self.late();
        let behind = if late.is_empty() {
            "None is late.".to_owned()
        } else {
            format!("Late: {}.", listed(&late))
        };
        let steps = count(steps().count(), "milestone");
        format!(
            "{}; {done} of {steps} done. {behind}",
            count(self.rows.len(), "initiative")
        )
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heads = ["Initiative", "Milestone", "Due", "Done"]
            .map(str::to_owned)
            .to_vec();
        let day = |day: Option<Day>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        let mut table = vec![heads];
        for row in &self.rows {
            let whole = vec![
                row.name.clone(),
                "Begins".to_owned(),
                day(Some(row.from)),
                String::new(),
            ];
            table.push(whole);
            for step in &row.milestones {
                table.push(vec![
                    row.name.clone(),
                    step.name.clone(),
                    day(Some(step.due)),
                    day(step.done),
                ]);
            }
        }
        table
    }

    fn widths(&self) -> &'static [Width] {
        &[
            Width::Page,
            Width::Full,
            Width::Wide,
            Width::Middle,
            Width::Narrow,
        ]
    }

    fn drawing(&self, width: Width) -> String {
        draw::draw(self, width)
    }
}
