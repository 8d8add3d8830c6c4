//! Whatever stands in the files of a folder, there is an answer: no panic, and a plan only where there is no error.

use proptest::prelude::*;
use throughline_core::id::SequentialIds;
use throughline_model::Model;
use throughline_model::text::{DIAGNOSTICS_LIMIT, PlanFile, read};

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        answer(&bytes);
    }

    #[test]
    fn any_pieces_are_answered(
        pieces in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..60),
    ) {
        answer(pieces.concat().as_bytes());
    }
}

/// What YAML and plans are made of, to be put together at random.
const PIECES: [&str; 48] = [
    "objectives:\n",
    "units:\n",
    "organisation:\n",
    "targets:\n",
    "measures:",
    "links: ",
    "- ",
    "  - ",
    "    ",
    "key: ",
    "a",
    "was: ",
    "name: ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "\n",
    "\r\n",
    "\t",
    "'",
    "\"",
    "|\n",
    ">\n",
    "? ",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "#x\n",
    "~",
    "é",
    "\u{feff}",
    "from: a",
    "parents: ",
    "period: 2013\n",
    "value: 1e400\n",
    "measure,unit,period,value\n",
    "m,u,2013,1\n",
    ",",
    "\"\"",
    "base: 3\n",
    "\u{0}",
    "formula: a / (b\n",
];

fn answer(bytes: &[u8]) {
    for path in [
        "organisation.yaml",
        "strategy.yaml",
        "map.yaml",
        "measures/a.yaml",
        "targets.csv",
    ] {
        let files = [PlanFile {
            path: path.to_string(),
            bytes: bytes.to_vec(),
        }];
        let reading = read(
            &files,
            &Model::default(),
            &Model::default(),
            &mut SequentialIds::new(),
        );
        assert_eq!(reading.plan.is_none(), reading.diagnostics.has_errors());
        assert!(reading.diagnostics.iter().count() <= DIAGNOSTICS_LIMIT);
    }
}
