//! The pack of a review is the same whenever it is made; what was corrected since stands in the next one.

use crate::bench::Bench;
use crate::harbour;

const BODIES: &str = "\
bodies:
  - { key: ops, name: Operations review, unit: harbour, quorum: 1, members: [{ person: r-okafor, role: chair }] }
reviews:
  - { key: ops-june, body: ops, period: 2013-06, on: 2013-07-09, frozen: \"2013-07-08T18:00:00Z\" }
  - { key: ops-july, body: ops, period: 2013-07, on: 2013-08-13, frozen: \"2013-08-12T18:00:00Z\" }
  - { key: ops-august, body: ops, period: 2013-08, on: 2013-09-10 }
";

fn with_reviews(name: &str) -> Bench {
    let bench = harbour::with_ledger(name);
    bench.write("plan/governance.yaml", BODIES);
    bench.transcript(
        "@ 2013-07-08T13:00:00Z
        apply plan --reason 'Reviews' --as r-okafor",
    );
    bench
}

fn pack(bench: &Bench, time: &str, review: &str, file: &str) -> Vec<u8> {
    let written = bench.run_at(time, &["pack", review, "--output", file]);
    assert_eq!(written.status, 0, "{}", written.err);
    std::fs::read(bench.path(file)).expect("the pack")
}

#[test]
fn a_correction_after_the_freeze_leaves_the_bytes_of_the_pack_as_they_are() {
    let bench = with_reviews("packs");
    let first = pack(&bench, "2013-07-09T06:00:00Z", "ops-june", "first.pdf");
    assert!(first.starts_with(b"%PDF-"));
    bench.write(
        "corrected.csv",
        "measure,unit,period,value,weight\non-time,ewr,2013-06,0.60,1100\n",
    );
    bench.replace("plan/governance.yaml", "Operations review", "Another name");
    bench.transcript(
        "@ 2013-07-20T12:00:00Z
        load corrected.csv --reason 'Late job sheets' --as a-lima
        apply plan --reason 'A new name' --as r-okafor",
    );
    let later = "2013-08-13T12:00:00Z";
    let again = pack(&bench, later, "ops-june", "again.pdf");
    assert!(first == again, "the pack changed");
    // The next pack tells of it, and differs from one that has nothing to tell.
    let next = pack(&bench, later, "ops-july", "next.pdf");
    assert!(next.starts_with(b"%PDF-") && next != first);
}

#[test]
fn a_pack_needs_frozen_figures_and_a_file_of_its_own() {
    let bench = with_reviews("no-packs");
    let check = |arguments: &[&str], expected: &str| {
        let refused = bench.run_at("2013-07-09T06:00:00Z", arguments);
        assert_eq!(refused.status, 2, "{}", refused.err);
        assert!(refused.err.contains(expected), "{}", refused.err);
    };
    check(
        &["pack", "ops-august", "--output", "a.pdf"],
        "not frozen yet",
    );
    check(
        &["pack", "none", "--output", "a.pdf"],
        "there is no review `none`",
    );
    bench.write("there.pdf", "a text");
    check(
        &["pack", "ops-june", "--output", "there.pdf"],
        "is there already",
    );
}
