//! The example plans: they read without a word, all of them, and have no errors.

mod folders;

use throughline_model::{Kind, check};

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
    check("ny-flights", 99, 14, 33);
    check("nhs-ae", 304, 3, 7);
}

#[test]
fn the_examples_have_no_errors() {
    for name in ["ny-flights", "nhs-ae"] {
        let model = folders::model(&folders::example(name));
        assert_eq!(check(&model), [], "{name}");
    }
}
