//! Where the numbers of a perspective, objective, outcome or behaviour came from: what it is made of, how that adds up, what
//! decided its status, and what it would be otherwise.

use throughline_engine::{ChildKey, ChildReading, NodeDerivation, NodeKey, NodeReading, Status};
use throughline_model::value::Resolver;
use throughline_model::{Kind, Model};
use uuid::Uuid;

use crate::explain::{ExplainedReading, explain_selected, no_measure};
use crate::scorecard::{ReadScorecard, scorecard_of};
use crate::selection::{Selection, gone, select};
use crate::words::names;
use crate::{AppError, Ctx};

/// The kinds of record whose numbers are explained, a measure first: where it shares its key with a node, it is meant.
const EXPLAINED: [Kind; 5] = [
    Kind::Measure,
    Kind::Objective,
    Kind::Outcome,
    Kind::Behaviour,
    Kind::Perspective,
];

/// A number with where it came from.
pub enum Explained {
    /// Of a measure.
    Measure(Box<ExplainedReading>),
    /// Of a node of the strategy.
    Node(Box<ExplainedNode>),
}

/// A node of the strategy with where its numbers came from.
pub struct ExplainedNode {
    /// The scorecard that it stands in.
    pub read: ReadScorecard,
    /// The node.
    pub node: NodeReading,
    /// How it came to its numbers.
    pub derivation: NodeDerivation,
}

/// Why a child takes no part in a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// The measure is not read at the unit.
    NotReadHere,
    /// It has no target there.
    NoTarget,
    /// It rests on too little to be judged.
    TooFew,
    /// Nothing that the objective is made of takes part.
    NothingInIt,
}

impl LeftOut {
    /// The words that are shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            LeftOut::NotReadHere => "not read here",
            LeftOut::NoTarget => "no target",
            LeftOut::TooFew => "too few",
            LeftOut::NothingInIt => "nothing in it takes part",
        }
    }
}

impl ExplainedNode {
    /// Why a child takes no part, if it does not.
    #[must_use]
    pub fn left_out(&self, child: &ChildReading) -> Option<LeftOut> {
        if child.takes_part {
            return None;
        }
        if child.status == Status::NoTarget {
            return Some(LeftOut::NoTarget);
        }
        let ChildKey::Measure(id) = child.child else {
            return Some(LeftOut::NothingInIt);
        };
        let mut measures = self.read.scorecard.measures.iter();
        Some(match measures.any(|reading| reading.measure == id) {
            true => LeftOut::TooFew,
            false => LeftOut::NotReadHere,
        })
    }
}

/// Explains the numbers of a measure or a node, named by its key, or as `kind/key` where several have it.
///
/// # Errors
/// If there is no such record, unit, period or instant, or no ledger.
pub async fn explain_named(
    ctx: &Ctx,
    name: &str,
    asked: &Selection,
) -> Result<Explained, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    let (kind, key, id) = find(&selected.model, name)?;
    if kind == Kind::Measure {
        let explained = explain_selected(ctx, key, selected, &ledger).await?;
        let explained = explained.or_error()?;
        return Ok(Explained::Measure(Box::new(explained)));
    }
    let read = scorecard_of(ctx, selected).await?;
    let is_meant = |node: NodeKey| names::of_node(node) == (kind, id);
    // The scorecard has every node of the plan; the record was found in it.
    let node = {
        let mut nodes = read.scorecard.nodes.iter();
        nodes.find(|node| is_meant(node.node)).cloned()
    };
    let node = node.ok_or_else(|| no_measure(&read.selected.model, key))?;
    let organisation = read.selected.model.organisation();
    let derivation = node.derivation(organisation.map(|organisation| &organisation.record));
    Ok(Explained::Node(Box::new(ExplainedNode {
        read,
        node,
        derivation,
    })))
}

/// The measure or node with that name.
fn find<'n>(model: &Model, name: &'n str) -> Result<(Kind, &'n str, Uuid), AppError> {
    let (kinds, key): (&[Kind], &str) = match name.split_once('/') {
        None => (&EXPLAINED, name),
        Some((word, key)) => match EXPLAINED.iter().position(|kind| kind.word() == word) {
            Some(position) => (&EXPLAINED[position..=position], key),
            None => {
                let words = EXPLAINED.map(|kind| kind.word()).join(", ");
                let message = format!("`{word}` is no kind of record that has numbers");
                let help = format!("the kinds that have numbers are {words}");
                return Err(AppError::bad_request(message).with_help(help));
            }
        },
    };
    let mut found = kinds
        .iter()
        .filter_map(|kind| Some((*kind, key, model.id_of(*kind, key)?)));
    found.next().ok_or_else(|| nothing_named(model, kinds, key))
}

/// That nothing that has numbers has that key, with what is nearest.
fn nothing_named(model: &Model, kinds: &[Kind], key: &str) -> AppError {
    let what = match kinds {
        [kind] => format!("{} `{key}`", kind.word()),
        _ => format!("measure, objective, outcome, behaviour or perspective `{key}`"),
    };
    let error = AppError::bad_request(format!("there is no {what} in the plan"));
    let mut former = kinds.iter();
    if let Some(kind) = former.find(|kind| model.first_user_of(**kind, key).is_some()) {
        return error.with_help(gone(model, *kind, key));
    }
    match model.nearest(kinds, key) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error
            .with_help("`throughline scorecard --format json` has the keys of all that is read"),
    }
}
