//! The example plans: they read without a word, all of them, and have no errors.

mod folders;

use throughline_core::id::SequentialIds;
use throughline_model::text::{PlanFile, read};
use throughline_model::{Kind, Model, check};

#[test]
fn the_examples_read_without_a_word() {
    let check = |name: &str, keyed: usize, links: usize, targets: usize| {
        let model = folders::model(&folders::example(name));
        let count = |kind: Kind| model.records(kind).len();
        let all_keyed = Kind::ALL.into_iter().filter(|kind| kind.has_key());
        assert_eq!(all_keyed.map(count).sum::<usize>(), keyed, "{name}");
        assert_eq!(count(Kind::Link), links, "{name}");
        assert_eq!(count(Kind::Target), targets, "{name}");
    };
    check("ny-flights", 110, 14, 33);
    check("nhs-ae", 304, 3, 7);
}

#[test]
fn the_examples_have_no_errors() {
    for name in ["ny-flights", "nhs-ae"] {
        let model = folders::model(&folders::example(name));
        assert_eq!(check(&model), [], "{name}");
    }
}

/// The YAML of the format's own page, which names some records that it does not show.
#[test]
fn the_format_says_what_is_read() {
    let page = include_str!("../../../docs/PLAN_FORMAT.md");
    let blocks = page.split("```yaml\n# ").skip(1).filter_map(|block| {
        let (text, _) = block.split_once("```")?;
        let (path, text) = text.split_once('\n')?;
        path.ends_with(".yaml").then(|| PlanFile {
            path: path.to_string(),
            bytes: text.into(),
        })
    });
    let files: Vec<PlanFile> = blocks.collect();
    assert_eq!(files.len(), 5);
    let none = Model::default();
    let reading = read(&files, &none, &none, &mut SequentialIds::new());
    for diagnostic in &reading.diagnostics {
        let code = diagnostic.finding.code;
        assert!(
            matches!(code, "unknown-reference" | "bad-formula"),
            "{diagnostic}"
        );
    }
}
