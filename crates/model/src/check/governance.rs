//! Bodies can decide, reviews go one way, and a predicted effect can be looked at.

use throughline_core::finding::Finding;

use super::place;
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Body, Decision, Review};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    for body in model.bodies() {
        members(model, body, findings);
    }
    for review in model.reviews() {
        order(model, review, findings);
    }
    for decision in model.decisions() {
        effect(model, decision, findings);
    }
}

fn members(model: &Model, body: &Entry<Body>, findings: &mut Vec<Finding>) {
    if body.members.is_empty() {
        let finding = Finding::error("body-without-members", "nobody belongs to this body")
            .at(place(model, body).field("members"))
            .with_help("name them: `members: [{ person: KEY, role: chair }]`");
        findings.push(finding);
        return;
    }
    if let Some(quorum) = body.quorum
        && usize::from(quorum.0) > body.members.len()
    {
        let message = format!(
            "the quorum is {}, and the body has {} members",
            quorum.0,
            body.members.len()
        );
        let finding = Finding::error("quorum-out-of-reach", message)
            .at(place(model, body).field("quorum"))
            .with_help("write a quorum that its members can reach");
        findings.push(finding);
    }
    if let Some(person) = body.decides
        && !body.has(person)
    {
        let finding = Finding::error("decides-from-outside", "who decides is no member")
            .at(place(model, body).field("decides"))
            .with_help("name them among the members too");
        findings.push(finding);
    }
}

fn order(model: &Model, review: &Entry<Review>, findings: &mut Vec<Finding>) {
    let steps = [
        ("opened", review.opened, review.frozen, "frozen"),
        ("closed", review.closed, review.opened, "opened"),
    ];
    for (field, at, before, name) in steps {
        let is_in_order = at.is_none_or(|at| before.is_some_and(|before| before <= at));
        if !is_in_order {
            let message = format!("the review was {field} without being {name} first");
            let finding = Finding::error("review-out-of-order", message)
                .at(place(model, review).field(field))
                .with_help(format!("write `{name}` with an instant that is not later"));
            findings.push(finding);
        }
    }
    if review.called_off.is_some() && review.opened.is_some() {
        let message = "the review was called off after it was opened";
        let finding = Finding::error("held-and-called-off", message)
            .at(place(model, review).field("called_off"))
            .with_help("leave out `called_off`: a review that was held is closed");
        findings.push(finding);
    }
}

fn effect(model: &Model, decision: &Entry<Decision>, findings: &mut Vec<Finding>) {
    let Some(effect) = &decision.effect else {
        return;
    };
    let at = place(model, decision).field("effect");
    if !(effect.least..=effect.most).contains(&effect.change) {
        let message = format!(
            "the predicted change {} lies outside of its range, {} to {}",
            effect.change, effect.least, effect.most
        );
        let finding = Finding::error("effect-outside-its-range", message)
            .at(at.clone().field("change"))
            .with_help("write a range that holds the change");
        findings.push(finding);
    }
    if effect.by.first <= effect.since.first {
        let finding = Finding::error(
            "effect-before-it-begins",
            "the effect is there before it is counted from",
        )
        .at(at.field("by"))
        .with_help("write a later period in `by`, or an earlier one in `since`");
        findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::check as check_all;
    use crate::testing::model;

    fn check(governance: &str, expected: &[&str]) {
        let plan = format!(
            r#"organisation {{"key":"o","name":"O","time_zone":"UTC"}}
            unit {{"key":"u","name":"U"}}
            person {{"key":"p","name":"P"}}
            person {{"key":"q","name":"Q"}}
            measure {{"key":"m","name":"M","kind":"level","frequency":"month","better":"higher"}}
            {governance}"#
        );
        let found = check_all(&model(&plan));
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{found:#?}");
    }

    #[test]
    fn a_body_can_decide() {
        let body = |rest: &str| format!(r#"body {{"key":"b","name":"B",{rest}}}"#);
        let p = r#""members":[{"person":"p","role":"chair"}]"#;
        check(&body(&format!(r#"{p},"quorum":1,"decides":"p""#)), &[]);
        check(&body(r#""quorum":1"#), &["body-without-members"]);
        check(
            &body(&format!(r#"{p},"quorum":2"#)),
            &["quorum-out-of-reach"],
        );
        check(
            &body(&format!(r#"{p},"decides":"q""#)),
            &["decides-from-outside"],
        );
    }

    #[test]
    fn a_review_goes_one_way() {
        let review = |steps: &str| {
            format!(
                r#"body {{"key":"b","name":"B","members":[{{"person":"p"}}]}}
                review {{"key":"r","body":"b","period":"2013-06","on":"2013-07-09",{steps}}}"#
            )
        };
        let frozen = r#""frozen":"2013-07-08T16:00:00Z""#;
        let opened = r#""opened":"2013-07-09T09:00:00Z""#;
        let too_early = r#""closed":"2013-07-09T08:00:00Z""#;
        check(&review(&format!("{frozen},{opened}")), &[]);
        check(&review(opened), &["review-out-of-order"]);
        check(
            &review(&format!("{frozen},{opened},{too_early}")),
            &["review-out-of-order"],
        );
    }

    #[test]
    fn an_effect_can_be_looked_at() {
        let decision = |change: &str, by: &str| {
            format!(
                r#"decision {{"key":"d","what":"W","on":"2013-07-09","effect":{{"measure":"m","change":{change},"least":0.5,"most":3,"since":"2013-06","by":"{by}"}}}}"#
            )
        };
        check(&decision("2", "2013-09"), &[]);
        check(&decision("4", "2013-09"), &["effect-outside-its-range"]);
        check(&decision("2", "2013-06"), &["effect-before-it-begins"]);
    }
}
