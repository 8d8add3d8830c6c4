//! The lines of the scorecard: groups with their nodes, and below an open one its measures, siblings in the order that the
//! address asks for.

use std::collections::{HashMap, HashSet};

use throughline_core::{MeasureId, PerspectiveId};
use throughline_engine::{ChildKey, ChildReading, NodeKey, NodeReading};

use super::{Depth, Line, Maker};

impl<'a> Maker<'a> {
    /// Every line that is open, in the order of the table.
    pub(super) fn lines(&self) -> Vec<Line<'a>> {
        let nodes = &self.read.scorecard.nodes;
        let mut lines = Vec::new();
        let mut of_perspectives: HashMap<Option<PerspectiveId>, Vec<&NodeReading>> = HashMap::new();
        for node in nodes.iter() {
            if let NodeKey::Objective(id) = node.node
                && let Some(objective) = self.model.objectives().get(id)
            {
                let of_it = of_perspectives.entry(objective.perspective).or_default();
                of_it.push(node);
            }
        }
        let mut objectives_of = |perspective| {
            let found = of_perspectives.remove(&perspective);
            found.unwrap_or_default().into_iter()
        };
        for perspective in self.model.perspectives() {
            let id = perspective.id();
            let reading = self.read.scorecard.node(NodeKey::Perspective(id));
            let name = &perspective.record.name;
            self.group(&mut lines, name, reading, objectives_of(Some(id)));
        }
        let none = "Objectives of no perspective";
        self.group(&mut lines, none, None, objectives_of(None));
        if self.depth == Depth::Objectives {
            return lines;
        }
        let outcomes = |node: &&NodeReading| matches!(node.node, NodeKey::Outcome(_));
        self.group(&mut lines, "Outcomes", None, nodes.iter().filter(outcomes));
        let behaviours = |node: &&NodeReading| matches!(node.node, NodeKey::Behaviour(_));
        self.group(
            &mut lines,
            "Behaviours",
            None,
            nodes.iter().filter(behaviours),
        );
        self.other_measures(&mut lines);
        lines
    }

    fn group(
        &self,
        lines: &mut Vec<Line<'a>>,
        name: &'a str,
        reading: Option<&'a NodeReading>,
        nodes: impl Iterator<Item = &'a NodeReading>,
    ) {
        let before = lines.len();
        lines.push(Line::Group(name, reading));
        let key = |node: &&NodeReading, column| self.key_of_node(node, column);
        for node in self.sort.order(nodes.collect(), key) {
            lines.push(Line::Node(node));
            if self.is_open(node) {
                let measures = node.children.iter().filter_map(|child| match child.child {
                    ChildKey::Measure(id) => Some((id, Some(child))),
                    ChildKey::Objective(_) => None,
                });
                self.measures(lines, measures.collect());
            }
        }
        if lines.len() == before + 1 {
            lines.truncate(before);
        }
    }

    /// Measures that no node of the plan is read by.
    fn other_measures(&self, lines: &mut Vec<Line<'a>>) {
        let nodes = self.read.scorecard.nodes.iter();
        let used: HashSet<ChildKey> = nodes
            .flat_map(|node| node.children.iter().map(|child| child.child))
            .collect();
        let readings = self.read.scorecard.measures.iter();
        let others: Vec<(MeasureId, Option<&ChildReading>)> = readings
            .filter(|reading| !used.contains(&ChildKey::Measure(reading.measure)))
            .map(|reading| (reading.measure, None))
            .collect();
        if !others.is_empty() {
            lines.push(Line::Group("Other measures", None));
            self.measures(lines, others);
        }
    }

    fn measures(
        &self,
        lines: &mut Vec<Line<'a>>,
        measures: Vec<(MeasureId, Option<&'a ChildReading>)>,
    ) {
        let key = |(id, _): &(MeasureId, _), column| self.key_of_measure(*id, column);
        let sorted = self.sort.order(measures, key).into_iter();
        lines.extend(sorted.map(|(id, child)| Line::Measure(id, child)));
    }
}
