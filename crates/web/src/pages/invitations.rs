//! Inviting many at once: who answers for something and cannot sign in yet is chosen already, and the links are shown once.

use std::collections::HashMap;

use askama::Template;
use throughline_app::access::{self, INVITED_MAX, access_of};
use throughline_app::words;
use throughline_core::PersonId;
use throughline_model::records::Person;

use super::sign_in::refuse_demo;
use crate::address::Form;
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "invitations.html")]
pub struct InvitationsPage {
    /// What is around it.
    pub frame: Frame,
    /// Who can be invited.
    pub people: Vec<Invitee>,
    /// How many more there are.
    pub more: usize,
    /// The invitations that were just made: name and link.
    pub made: Vec<(String, String)>,
    /// Until when they open.
    pub until: String,
    /// When the form was opened: what is sent twice from it makes links once.
    pub opened: String,
    /// What is wrong.
    pub problems: Problems,
}

/// Somebody who can be invited.
#[derive(Debug, Clone)]
pub struct Invitee {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// What they answer for, or may do.
    pub about: String,
    /// Whether they are chosen.
    pub is_chosen: bool,
    /// What is written for their e-mail address; none where one is known.
    pub email: Option<String>,
}

/// What the form sends: the keys of those who are chosen, each as a field of its own.
pub type Chosen = Vec<(String, String)>;

/// Shows who can be invited.
///
/// # Errors
/// In the demonstration nobody is invited; what one may not do is not there.
pub async fn get(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    if !viewer.ctx.may_give_access() {
        return Err(WebError::NotThere);
    }
    let nothing = (Problems::default(), &Vec::new());
    shown(&viewer, Vec::new(), String::new(), nothing)
}

/// Invites those who are chosen, and shows their links once.
///
/// # Errors
/// As of the use case, where it is not about who was chosen.
pub async fn post(viewer: Viewer, Form(chosen): Form<Chosen>) -> PageResult {
    refuse_demo(&viewer.server)?;
    let invitees = invitees(&chosen);
    let mut problems = Problems::default();
    if invitees.is_empty() {
        let error = throughline_app::AppError::bad_request("nobody is chosen");
        problems.add("person", &error.with_help("choose somebody"));
    }
    for invitee in &invitees {
        let email = invitee.email.as_deref();
        if let Some(Err(error)) = email.map(access::refuse_no_address) {
            problems.add(email_of(&invitee.key), &error);
        }
    }
    let addresses = chosen.iter().filter(|(_, email)| !email.trim().is_empty());
    let addressed = addresses.filter_map(|(field, _)| field.strip_prefix(EMAIL));
    for key in addressed.filter(|key| !invitees.iter().any(|one| one.key == *key)) {
        let error = throughline_app::AppError::bad_request("this is kept of who is invited alone");
        let error = error.with_help("choose them, too, or clear the address");
        problems.add(email_of(key), &error);
    }
    if !problems.is_empty() {
        return shown(&viewer, Vec::new(), String::new(), (problems, &chosen));
    }
    let viewer = viewer.once(&chosen);
    let (invitations, commit) = access::invite_all(&viewer.ctx, &invitees).await?;
    if let Some(commit) = commit {
        viewer.server.live().reached(commit.number).await?;
    }
    let calendar = viewer
        .ctx
        .snapshot()
        .map(|one| one.model.calendar().clone());
    let until = invitations.first().zip(calendar);
    let until = until.map(|((one, _), calendar)| words::instant(one.until, &calendar));
    let link = |token: &str| format!("{}/join/{token}", viewer.server.origin());
    let made = invitations
        .iter()
        .map(|(one, token)| (one.name.clone(), link(token)));
    let made = made.collect();
    let until = until.unwrap_or_default();
    shown(&viewer, made, until, (Problems::default(), &chosen))
}

/// How the name of the field of somebody's e-mail address begins.
const EMAIL: &str = "email-";

/// The name of the field of somebody's e-mail address.
fn email_of(key: &str) -> String {
    format!("{EMAIL}{key}")
}

/// What was written for somebody's e-mail address.
fn written<'a>(chosen: &'a Chosen, key: &str) -> &'a str {
    let field = email_of(key);
    let found = chosen.iter().find(|(name, _)| *name == field);
    found.map_or("", |(_, email)| email.trim())
}

fn invitees(chosen: &Chosen) -> Vec<access::Invitee> {
    let keys = chosen.iter().filter(|(field, _)| field == "person");
    let invitees = keys.map(|(_, key)| access::Invitee {
        key: key.clone(),
        email: Some(written(chosen, key).to_owned()).filter(|email| !email.is_empty()),
    });
    invitees.collect()
}

fn shown(
    viewer: &Viewer,
    made: Vec<(String, String)>,
    until: String,
    (problems, chosen): (Problems, &Chosen),
) -> PageResult {
    let snapshot = viewer.ctx.snapshot().ok_or(WebError::NotThere)?;
    let model = &snapshot.model;
    let own = viewer.ctx.actor().person;
    let others = model
        .people()
        .iter()
        .filter(|person| Some(person.id()) != own);
    let mut owned: HashMap<PersonId, u64> = HashMap::new();
    for owner in model.measures().iter().filter_map(|measure| measure.owner) {
        *owned.entry(owner).or_default() += 1;
    }
    let owned_by = |person: PersonId| owned.get(&person).copied().unwrap_or(0);
    let mut people: Vec<Invitee> = others
        .map(|person| Invitee::of(person, owned_by(person.id())))
        .collect();
    for person in &mut people {
        if let Some(email) = &mut person.email {
            written(chosen, &person.key).clone_into(email);
        }
        if !problems.is_empty() {
            // Who took all off is not to invite all with the next press.
            let is_chosen =
                |(field, key): &(String, String)| field == "person" && *key == person.key;
            person.is_chosen = chosen.iter().any(is_chosen);
        }
    }
    people.sort_by_key(|person| !person.is_chosen);
    let page = InvitationsPage {
        frame: Frame::new(viewer, Section::People, problems.title("Invite people"))
            .below("Units and people", Some(viewer.place.href("/people")))
            .below("Invite people", None),
        more: people.len().saturating_sub(INVITED_MAX),
        people: people.into_iter().take(INVITED_MAX).collect(),
        made,
        until,
        opened: viewer.ctx.now().to_string(),
        problems,
    };
    form_page(&page, &page.problems)
}

impl Invitee {
    /// A person who answers for so many measures.
    fn of(person: &Person, owned: u64) -> Invitee {
        let owned = (owned > 0).then(|| format!("Answers for {}", words::count(owned, "measure")));
        let has_access = access_of(person).is_some();
        let role = person.role.filter(|_| has_access);
        let role = role.map(|role| format!("{} already", words::sentence(role.word())));
        let about: Vec<String> = owned.iter().cloned().chain(role).collect();
        Invitee {
            key: person.key.to_string(),
            name: person.name.clone(),
            about: about.join(", "),
            is_chosen: owned.is_some() && !has_access,
            email: person.email.is_none().then(String::new),
        }
    }
}
