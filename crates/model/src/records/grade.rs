//! How far a link held when it was last graded. The system works it out once per period and keeps it as a record, so that
//! what was known of a link at an instant can be asked for as of everything else. No file and no form has it.

use throughline_core::id::{LinkId, MeasureId};
use throughline_core::period::Period;

use super::{Effect, Silence};
use crate::fields::{Element, words};
use crate::kind::Kind;
use crate::record::{group, record};
use crate::value::Names;

words! {
    /// How far a link holds.
    Held {
        /// The data are too few to tell.
        Untested = "untested",
        /// The data could tell and do not.
        NotShown = "not shown",
        /// The effect is probably in the claimed direction.
        Plausible = "plausible",
        /// It is useful, by more than chance.
        Supported = "supported",
        /// The same by more, from a design that excludes other causes, or again on later data.
        Strong = "strong",
        /// It is too small to be useful.
        Negligible = "negligible",
        /// It goes the other way.
        Contradicted = "contradicted",
    }
}

words! {
    /// How the data came to be, from the least that it says to the most.
    Design {
        /// A panel with a lag.
        LaggedPanel = "L1",
        /// The same, and its checks hold.
        CheckedPanel = "L2",
        /// A change that came to some before others, with placebos.
        QuasiExperiment = "L3",
        /// Chance decided who did what.
        Randomised = "L4",
    }
}

group! {
    /// A stretch of periods whose data were weighed alone. Evidence of separate stretches multiplies.
    Block {
        /// Its first period.
        public from: Period,
        /// Its last period.
        public until: Period,
        /// How many pairs of values it has.
        public n: f64,
        /// The effect in it, in standard deviations.
        public effect: f64,
        /// Its standard error, widened for few units or periods.
        public error: f64,
        /// Its evidence for the claim over no effect.
        public e: f64,
        /// Its evidence for the opposite of the claim.
        public e_against: f64,
    }
}

impl Element for Block {
    const KEY: &'static [&'static str] = &["until"];
}

record! {
    /// How far a link held when it was last graded.
    Grade(GradeId) {
        /// The link.
        public link: LinkId,
        /// How far it holds.
        public grade: Held,
        /// The period with which it began to hold so far.
        public since: Period,
        /// The last period of the data on which the grade rests.
        public until: Period,
        /// The measure that stood for the cause; none where the link could not be tested.
        public driver: Option<MeasureId>,
        /// The measure that stood for the effect.
        public outcome: Option<MeasureId>,
        /// What more of the one measure was claimed to do to the other, as they are measured.
        public claimed: Option<Effect>,
        /// After how many periods.
        public lag: Option<f64>,
        /// How strong it was claimed to be, in standard deviations.
        public strength: Option<f64>,
        /// How many pairs of values there were.
        public n: Option<f64>,
        /// In how many units.
        public units: Option<f64>,
        /// The effect over all periods, in standard deviations.
        public effect: Option<f64>,
        /// Its standard error, widened for few units or periods.
        public error: Option<f64>,
        /// How the data came to be.
        public design: Option<Design>,
        /// The evidence for the claim: that of all blocks, multiplied.
        public e: Option<f64>,
        /// The evidence of the blocks after the data on which it was first supported.
        public replication: Option<f64>,
        /// The last period of the data on which it was first supported, as long as it is.
        public supported_by: Option<Period>,
        /// The stretches that were weighed alone, the oldest first.
        public blocks: Vec<Block>,
        /// None: no lint looks at what is worked out.
        public silences: Vec<Silence>,
    }
}

impl Grade {
    fn readable_key(&self, names: &dyn Names) -> String {
        names.name(&[Kind::Link], Kind::Link, self.link.as_uuid())
    }
}
