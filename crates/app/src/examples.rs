//! The bundled examples: plans on real data, part of the program, so that `demo` needs nothing but itself.

use std::fmt;

use throughline_model::text::PlanFile;

/// A bundled example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    /// England's accident and emergency departments, 2016 to 2019.
    NhsAe,
    /// All flights from New York in 2013.
    NyFlights,
}

macro_rules! plan_of {
    ($example:literal) => {
        [
            plan_of!($example, "organisation.yaml"),
            plan_of!($example, "strategy.yaml"),
            plan_of!($example, "map.yaml"),
            plan_of!($example, "measures.yaml"),
            plan_of!($example, "targets.csv"),
        ]
    };
    ($example:literal, $file:literal) => {
        (
            $file,
            include_bytes!(concat!("../../../examples/", $example, "/", $file)).as_slice(),
        )
    };
}

impl Example {
    /// Every example.
    pub const ALL: [Example; 2] = [Example::NhsAe, Example::NyFlights];

    /// Its name: that of its folder in `examples/`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Example::NhsAe => "nhs-ae",
            Example::NyFlights => "ny-flights",
        }
    }

    /// Where its data come from, in one line.
    #[must_use]
    pub const fn attribution(self) -> &'static str {
        match self {
            Example::NhsAe => {
                "Real figures of NHS England (Open Government Licence v3.0); people and targets are invented."
            }
            Example::NyFlights => {
                "Real flights of New York in 2013 (US Bureau of Transportation Statistics); organisation and people are invented."
            }
        }
    }

    /// The files of its plan, by name.
    #[must_use]
    pub fn plan(self) -> Vec<PlanFile> {
        let files: Vec<(&str, &[u8])> = match self {
            Example::NhsAe => plan_of!("nhs-ae").into(),
            Example::NyFlights => {
                let mut files = Vec::from(plan_of!("ny-flights"));
                files.push(plan_of!("ny-flights", "governance.yaml"));
                files
            }
        };
        let owned = |(path, bytes): (&str, &[u8])| PlanFile {
            path: path.to_owned(),
            bytes: bytes.to_vec(),
        };
        files.into_iter().map(owned).collect()
    }

    /// Its observations, as a file of comma separated values.
    #[must_use]
    pub fn observations(self) -> &'static [u8] {
        match self {
            Example::NhsAe => include_bytes!("../../../examples/nhs-ae/observations.csv"),
            Example::NyFlights => include_bytes!("../../../examples/ny-flights/observations.csv"),
        }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
