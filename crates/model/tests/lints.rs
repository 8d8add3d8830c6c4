//! What the lints say of the example plans: held, so that a lint that changes its mind is noticed.

mod folders;

use throughline_model::lint;

#[test]
fn the_lints_of_the_examples() {
    for name in ["ny-flights", "nhs-ae"] {
        let model = folders::model(&folders::example(name));
        let said: Vec<String> = lint(&model).iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(format!("lints-of-{name}"), said.join("\n"));
    }
}
