//! Who can be chosen in a review: to do something, and as who decided.

use std::sync::Arc;

use throughline_app::review::{ReadReview, deciders};
use throughline_model::Entry;
use throughline_model::records::Person;

/// How many people who are no members are offered to do something.
const PEOPLE_MAX: usize = 300;

/// The heading of people who are no members of the body.
pub const OTHERS: &str = "Others";

/// People who can be chosen, under a heading: key and name.
pub type PeopleGroup = (&'static str, Vec<(String, String)>);

/// Who can be asked to do something: members of the body, then others of the plan, and how many are not offered.
#[must_use]
pub fn can_do(read: &ReadReview) -> (Vec<PeopleGroup>, usize) {
    let people = read.model.people();
    let members = read.body.members.iter();
    let members = members.filter_map(|member| people.get(member.person).map(named));
    let others = people.iter().filter(|person| !read.body.has(person.id()));
    let mut others: Vec<_> = others.map(named).collect();
    let more = others.len().saturating_sub(PEOPLE_MAX);
    others.truncate(PEOPLE_MAX);
    let groups = [("Members of the body", members.collect()), (OTHERS, others)];
    (groups.into_iter().collect(), more)
}

/// Who can have decided something, the decider of the body first: key and name.
#[must_use]
pub fn can_decide(read: &ReadReview) -> Vec<(String, String)> {
    let people = deciders(read).into_iter();
    let people = people.filter_map(|person| read.model.people().get(person));
    people.map(named).collect()
}

fn named(person: &Arc<Entry<Person>>) -> (String, String) {
    (person.key.to_string(), person.name.clone())
}
