//! Plan folders that are exported, changed and applied beside what others change.

use crate::harbour;

#[test]
fn a_stale_export_is_merged_and_its_conflicts_are_named() {
    let bench = harbour::with_ledger("stale-export");
    let mut told = bench.transcript("export stale");
    bench.copy("stale", "other");
    bench.replace(
        "other/measures.yaml",
        "name: Mean delay",
        "name: Mean delay on arrival",
    );
    bench.replace(
        "other/strategy.yaml",
        "name: Each flight earns",
        "name: Every flight earns",
    );
    bench.replace(
        "stale/strategy.yaml",
        "name: Flights arrive on time",
        "name: Flights arrive when they should",
    );
    told.push_str(&bench.transcript(
        "@ 2013-08-01T12:00:00Z
        apply other --reason 'Named better' --as r-okafor
        diff stale
        apply stale
        diff stale",
    ));
    bench.replace(
        "stale/measures.yaml",
        "name: Mean delay",
        "name: Average delay",
    );
    told.push_str(&bench.transcript(
        "diff stale
        apply stale
        apply stale --format json
        history measure/delay",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn an_export_over_the_folder_that_a_plan_came_from_names_nothing_twice() {
    let bench = harbour::bench("export-over");
    bench.copy("plan", "own");
    bench.rename("own/measures.yaml", "own/measures/flights.yaml");
    insta::assert_snapshot!(bench.transcript(
        "apply own
        export own
        apply own
        export own --replace
        apply own"
    ));
}

/// What was applied from a folder is what its next change counts from, so that taking a change back is a change.
#[test]
fn a_change_that_is_taken_back_in_the_same_folder_is_taken_back() {
    let bench = harbour::with_ledger("taken-back");
    let mut told = bench.transcript("export own");
    bench.replace("own/targets.csv", "2013-12,0.8", "2013-12,0.9");
    told.push_str(&bench.transcript("apply own"));
    bench.replace("own/targets.csv", "2013-12,0.9", "2013-12,0.8");
    told.push_str(&bench.transcript(
        "apply own
        apply own",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn a_conflict_is_settled_without_undoing_what_others_changed() {
    let bench = harbour::with_ledger("settled");
    bench.transcript("export mine");
    bench.copy("mine", "theirs");
    bench.replace("theirs/targets.csv", "2013-12,0.8", "2013-12,0.82");
    bench.replace(
        "theirs/strategy.yaml",
        "name: Each flight earns",
        "name: Every flight earns",
    );
    bench.replace("mine/targets.csv", "2013-12,0.8", "2013-12,0.78");
    insta::assert_snapshot!(bench.transcript(
        "apply theirs --as r-okafor
        apply mine
        diff mine --folder-wins
        apply mine --folder-wins
        apply mine"
    ));
}

#[test]
fn an_older_folder_brings_no_erased_person_back() {
    let bench = harbour::with_ledger("brought-back");
    bench.transcript("export older");
    bench.replace(
        "older/organisation.yaml",
        "name: Newark",
        "name: Newark Liberty",
    );
    insta::assert_snapshot!(bench.transcript(
        "erase a-lima --reason 'Asked for'
        diff older
        apply older
        check plan
        export newer
        apply newer"
    ));
}

#[test]
fn an_export_replaces_no_work_that_is_not_in_the_ledger() {
    let bench = harbour::with_ledger("unsaved");
    bench.transcript("export own");
    bench.replace("own/strategy.yaml", "name: Each", "name: # ours\n    Each");
    insta::assert_snapshot!(bench.transcript(
        "export own
        export own --replace
        export own"
    ));
}

/// A folder that was written by hand counts its changes from when it was applied, as one that was exported.
#[test]
fn a_folder_that_was_applied_once_takes_back_nothing_of_others() {
    let bench = harbour::with_ledger("applied-once");
    bench.copy("applied", "theirs");
    bench.replace(
        "theirs/measures.yaml",
        "name: On-time arrivals",
        "name: Arrivals in time",
    );
    bench.copy("applied", "ours");
    bench.replace(
        "ours/strategy.yaml",
        "Each flight earns",
        "Every flight earns",
    );
    insta::assert_snapshot!(bench.transcript(
        "apply theirs --as a-lima
        diff ours
        apply ours --as r-okafor
        diff plan
        apply plan
        diff plan"
    ));
}

/// After a restore the numbers of commits are given again, to others.
#[test]
fn a_folder_of_another_ledger_is_told_apart() {
    let bench = harbour::with_ledger("other-ledger");
    bench.transcript("export own");
    let text = bench.ok(&["history", "--format", "json"]);
    assert!(text.contains("\"hash\""), "{text}");
    let organisation =
        std::fs::read_to_string(bench.path("own/organisation.yaml")).expect("a file");
    let base = organisation.lines().next().expect("a line").to_owned();
    let (number, _) = base.split_once('-').expect("a number and a hash");
    bench.replace(
        "own/organisation.yaml",
        &base,
        &format!("{number}-00000000"),
    );
    insta::assert_snapshot!(bench.transcript("apply own"));
}
