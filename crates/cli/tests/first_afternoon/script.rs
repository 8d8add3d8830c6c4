//! The script: who does what, page by page. It presses what the pages offer; where that takes too much, the page is mended.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::acts::{Count, Person};
use crate::chromium::{Chromium, chromium};
use crate::guide::picture;
use crate::site::Site;
use crate::tab::Tab;

/// How many acts it may take, of all three together.
const ACTS_MAX: u32 = 60;
/// How many it takes. The guide says so, too.
const ACTS: u32 = 45;

const DESK: u32 = 1440;
const PHONE: u32 = 390;
const DECISION: &str = "Call back every customer within a day of a first visit";
const FIRST_ACTION: &str = "Find out what the repeat contacts of October were about";
const SECOND_ACTION: &str = "Write down what the call centre changed in March";
const PASSWORD: &str = "kettle window granite lamp";

fn workbook() -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    // A browser takes no path that leads up.
    let examples = examples.canonicalize().expect("the examples");
    examples.join("kpi-workbook/ops-kpis-v7.xlsx")
}

fn sit_down(chromium: &'static Chromium, site: &Arc<Site>, width: u32, count: &Count) -> Person {
    Person::at(Tab::open(chromium, Arc::clone(site), width), count)
}

#[test]
fn a_workbook_becomes_a_held_review_in_one_afternoon() {
    let Some(chromium) = chromium() else { return };
    let site = Arc::new(Site::start());
    let count = Count::default();
    let mut ruth = sit_down(chromium, &site, DESK, &count);
    begins(&mut ruth, &site);
    let (sues, anas) = brings_the_figures_in(&mut ruth);
    plans_the_review(&mut ruth);
    let mut sue = sit_down(chromium, &site, PHONE, &count);
    enters_a_figure(&mut sue, &sues);
    let mut ana = sit_down(chromium, &site, DESK, &count);
    holds_the_review(&mut ana, &anas);
    let acts = count.get();
    assert!(acts <= ACTS_MAX, "{acts} acts");
    assert_eq!(acts, ACTS, "the guide says how many acts it takes");
}

/// The strategist opens the link of the console, and names the organisation and herself.
fn begins(ruth: &mut Person, site: &Site) {
    ruth.open(&site.link);
    ruth.fill("#organisation", "Calder Water");
    ruth.fill("#name", "Ruth Okafor");
    ruth.fill("#password", PASSWORD);
    picture(&mut ruth.tab, "1-begin");
    ruth.press_on("Begin");
    ruth.sees("No figures yet");
    picture(&mut ruth.tab, "2-empty");
}

/// She brings in the workbook, looks at what was understood, records it, and invites the owners that it names. Gives the
/// links of an owner and of who will lead the review.
fn brings_the_figures_in(ruth: &mut Person) -> (String, String) {
    ruth.press_on("Import a workbook");
    ruth.bring("#file", &workbook());
    ruth.press_on("Read it");
    ruth.sees("Nothing is saved yet");
    picture(&mut ruth.tab, "3-check");
    ruth.press_on("Record it");
    ruth.sees("What comes next");
    ruth.sees("852");
    picture(&mut ruth.tab, "4-recorded");
    let recorded = ruth.tab.address();
    ruth.press_on("Look at the scorecard");
    ruth.sees("12 measures");
    picture(&mut ruth.tab, "5-scorecard");
    let recorded = format!("{}{recorded}", ruth.tab.origin);
    ruth.open(&recorded);
    ruth.press_on("Invite the owners");
    ruth.press_on("Invite them");
    picture(&mut ruth.tab, "6-invited");
    (
        ruth.copy("The link of Sue Bell"),
        ruth.copy("The link of Ana Lima"),
    )
}

/// She founds the body that meets, with somebody else to lead it, and prepares its first review.
fn plans_the_review(ruth: &mut Person) {
    ruth.press_on("Plan a review");
    ruth.choose("#chair", "Ana Lima");
    picture(&mut ruth.tab, "7-body");
    ruth.press_on("Found it");
    ruth.press_on("Prepare it");
    ruth.sees("Real changes");
    picture(&mut ruth.tab, "8-agenda");
}

/// An owner comes in on her phone, and enters a figure that is due.
fn enters_a_figure(sue: &mut Person, link: &str) {
    sue.open(link);
    sue.fill("#password", PASSWORD);
    sue.click("main button");
    sue.sees("Sickness days per FTE");
    // November is over for three days: its figures are due, and not late.
    assert!(!sue.words().contains("Late"), "{}", sue.words());
    picture(&mut sue.tab, "9-due");
    sue.fill("main input[inputmode=decimal]", "3.3");
    sue.click(".entry-foot .btn.primary");
    assert_eq!(
        sue.tab
            .see("Boolean(document.querySelector('.recorded-now'))"),
        true,
        "{}",
        sue.words()
    );
    picture(&mut sue.tab, "10-entered");
}

/// The chair freezes the figures, opens the review, records what is decided, and closes it.
fn holds_the_review(ana: &mut Person, link: &str) {
    ana.open(link);
    ana.fill("#password", PASSWORD);
    ana.click("main button");
    ana.press_on("Reviews");
    ana.click("main table tbody th a");
    ana.click(".step button");
    ana.click(".step button");
    let opened = ana.tab.address();
    records_in_three_acts(ana, "d", DECISION);
    ana.sees("is recorded");
    records_in_three_acts(ana, "a", FIRST_ACTION);
    picture(&mut ana.tab, "11-decided");
    ana.key("w");
    picture(&mut ana.tab, "12-wall");
    ana.key("j");
    records_in_three_acts(ana, "a", SECOND_ACTION);
    ana.click(".step button");
    assert!(
        ana.tab
            .address()
            .starts_with(opened.split('?').next().unwrap_or_default())
    );
    ana.sees("Closed");
    picture(&mut ana.tab, "13-closed");
    looks_at_the_pack(ana);
}

/// The letter, the sentence, Control and Enter.
fn records_in_three_acts(ana: &mut Person, letter: &str, sentence: &str) {
    // On the page of the review the form is there already; from the wall a letter leads to it.
    match ana.tab.address().contains("/wall") {
        true => ana.key(letter),
        false => ana.presses(letter),
    }
    ana.write(sentence);
    ana.key("Control+Enter");
}

/// The pack is there, as a PDF, and the minutes say what was decided.
fn looks_at_the_pack(ana: &mut Person) {
    let pack = ana.fetches("Pack");
    assert!(pack.starts_with("%PDF-"), "{:.40}", pack);
    let minutes = ana.fetches("Minutes");
    for sentence in [DECISION, FIRST_ACTION, SECOND_ACTION] {
        assert!(minutes.contains(sentence), "{minutes}");
    }
}
