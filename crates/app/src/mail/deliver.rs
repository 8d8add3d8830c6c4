//! Sending: each time it is looked, the mails of the day are put into the outbox, and those that wait are handed over.
//!
//! What a mail says is made when it is sent, from the plan and the figures of that moment: what was done meanwhile is not
//! asked for any more.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use throughline_core::{PersonId, UnitId};
use throughline_engine::View;
use throughline_ledger::Ledger;
use throughline_model::records::Person;
use throughline_model::{Entry, Model};

use super::days::{HOUR, begins_week, days_at};
use super::letter::{Addresses, Letter};
use super::links::{self, NewLink};
use super::matters::{MailKind, Matters};
use super::outbox::{self, Row, State, Which};
use super::smtp::{Mailer, NotSent};
use super::wishes;
use crate::access::{Access, access_of};
use crate::policy::{Authorized, Object, RecordObservations, SendMails};
use crate::words;
use crate::{AppError, Ctx};

/// How long after its first hour a mail is still worth sending.
const WORTH_SENDING: SignedDuration = SignedDuration::from_hours(3 * 24);
/// How long a row stays, so that its mail is not made twice.
const ROW_KEPT: SignedDuration = SignedDuration::from_hours(8 * 24);
/// A mail that was being sent for so long was not finished: whoever sent it ended.
const SENDING_MAX: SignedDuration = SignedDuration::from_mins(10);
/// How long is waited after each try in vain, in minutes; the last holds for all that follow.
const PAUSES: [i64; 6] = [1, 5, 15, 60, 180, 360];
/// How many mails are sent before is looked anew what is to be done.
const SENT_AT_ONCE_MAX: usize = 500;

/// What came of looking once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How many mails the mail server took.
    pub sent: usize,
    /// How many wait for another try.
    pub waiting: usize,
    /// What whoever runs the server has to know.
    pub told: Vec<String>,
}

/// Puts the mails of now into the outbox, and sends what waits there. Several servers may do so at the same time.
///
/// # Errors
/// If the actor may not; what the ledger says. A mail that cannot be sent is no error.
pub async fn deliver(ctx: &Ctx, mailer: &Mailer) -> Result<Delivered, AppError> {
    let proof = ctx.authorize::<SendMails>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let (model, observations) = ctx.newest_known(ledger).await?;
    let view = Arc::new(View::new(model, observations, ctx.now()));
    make(ctx, ledger, &view).await?;
    let round = Round {
        ctx,
        ledger,
        view: &view,
        mailer,
    };
    round.send_all().await
}

/// Puts the mails of the days of now into the outbox. Days before today are caught up where mails were made on a day before
/// them, so that whoever begins to send mails does not begin with those of last week.
async fn make(ctx: &Ctx, ledger: &Ledger, view: &Arc<View>) -> Result<(), AppError> {
    let (now, calendar) = (ctx.now(), view.plan.calendar());
    let made = outbox::made(ledger).await?;
    let today = calendar.date_of(now);
    for day in days_at(now, calendar) {
        let was_on = made.iter().any(|(_, earlier)| *earlier < day);
        if day != today && !was_on {
            continue;
        }
        let is_first = begins_week(day, calendar);
        for kind in MailKind::ALL {
            let is_due = kind == MailKind::Reminder || is_first;
            if !is_due || made.contains(&(kind, day)) {
                continue;
            }
            let until = after(now, ROW_KEPT)?;
            for person in recipients(ledger, view, kind, day, now).await? {
                let which = Which { person, kind, day };
                outbox::put(ledger, which, now, until).await?;
            }
            outbox::note_made(ledger, kind, day, until).await?;
        }
    }
    Ok(())
}

/// Who gets a mail of a sort on a day. Whoever gets the weekly mail of a day is not reminded besides: it says all.
async fn recipients(
    ledger: &Ledger,
    view: &Arc<View>,
    kind: MailKind,
    day: Date,
    now: Timestamp,
) -> Result<Vec<PersonId>, AppError> {
    let wishes = wishes::of_all(ledger).await?;
    let is_first = begins_week(day, view.plan.calendar());
    let view = Arc::clone(view);
    let look = move || {
        let people = view.plan.people().iter().filter(|person| {
            let wishes = wishes.get(&person.id()).copied().unwrap_or_default();
            let is_in_digest = kind == MailKind::Reminder && is_first && wishes.digest;
            wishes.want(kind) && !is_in_digest
        });
        let concerned = people.filter(|person| {
            let matters = matters_of(kind, day, &view, person, now);
            matters.is_some_and(|matters| !matters.is_empty())
        });
        concerned.map(|person| person.id()).collect()
    };
    let found = tokio::task::spawn_blocking(look).await;
    found.map_err(|error| AppError::failed("the mails of today could not be made", error))
}

/// What concerns a person; `None` for whoever has no address or may not sign in.
fn matters_of(
    kind: MailKind,
    day: Date,
    view: &View,
    person: &Entry<Person>,
    now: Timestamp,
) -> Option<Matters> {
    person.email.as_ref()?;
    let access = access_of(person)?;
    let may_record = may_record(&view.plan, person.id(), access, now);
    Some(Matters::of(kind, day, view, person, may_record))
}

/// Where a person may record.
fn may_record(
    model: &Model,
    person: PersonId,
    access: Access,
    now: Timestamp,
) -> impl Fn(UnitId) -> bool {
    let actor = access.actor(person);
    let today = model.calendar().date_of(now);
    move |unit| {
        let object = Object::Unit(unit);
        Authorized::<RecordObservations>::prove(&actor, object, model, today).is_some()
    }
}

fn after(now: Timestamp, time: SignedDuration) -> Result<Timestamp, AppError> {
    let after = now.saturating_add(time);
    after.map_err(|error| AppError::failed("the clock is wrong", error))
}

/// The pause after so many tries in vain.
fn pause(tries: u32) -> SignedDuration {
    let place = (tries as usize).saturating_sub(1).min(PAUSES.len() - 1);
    SignedDuration::from_mins(PAUSES.get(place).copied().unwrap_or_default())
}

/// One round of sending.
struct Round<'a> {
    ctx: &'a Ctx,
    ledger: &'a Ledger,
    view: &'a Arc<View>,
    mailer: &'a Mailer,
}

impl Round<'_> {
    async fn send_all(&self) -> Result<Delivered, AppError> {
        let mut done = Delivered::default();
        let mut is_away = false;
        for row in outbox::rows(self.ledger).await? {
            match row.state {
                State::Sending { since, .. } => self.look_after(&row, since, &mut done).await?,
                State::Waiting { .. } if is_away || done.sent >= SENT_AT_ONCE_MAX => {
                    done.waiting += 1;
                }
                State::Waiting { tries, from } => {
                    is_away = self.try_one(&row, tries, from, &mut done).await?;
                }
                State::Sent | State::Nothing | State::GivenUp | State::Unknown => {}
            }
        }
        Ok(done)
    }

    /// Says of a mail that was not finished that it is not known whether it was sent. It is not sent again.
    async fn look_after(
        &self,
        row: &Row,
        since: i64,
        done: &mut Delivered,
    ) -> Result<(), AppError> {
        let since = Timestamp::from_microsecond(since).unwrap_or(Timestamp::MIN);
        if self.ctx.now().duration_since(since) < SENDING_MAX {
            return Ok(());
        }
        let changed = outbox::change(self.ledger, row, State::Unknown).await?;
        if changed.is_some() {
            let why = "the server ended while it was sent";
            done.told.push(self.unknown(row, why));
        }
        Ok(())
    }

    fn unknown(&self, row: &Row, why: &str) -> String {
        let of = self.name(row);
        format!("It is not known whether {of} was sent: {why}. It is not sent again.")
    }

    /// Which mail, for whoever runs the server: by the key of the person.
    fn name(&self, row: &Row) -> String {
        let person = self.view.plan.people().get(row.which.person);
        let key = person.map_or("somebody who is gone", |person| person.key.as_str());
        let (kind, day) = (row.which.kind.word(), row.which.day);
        format!("the {kind} of {day} to {key}")
    }

    /// Sends a mail that waits, if it is its turn. Returns whether the mail server is away.
    async fn try_one(
        &self,
        row: &Row,
        tries: u32,
        from: i64,
        done: &mut Delivered,
    ) -> Result<bool, AppError> {
        let now = self.ctx.now();
        if from > now.as_microsecond() {
            done.waiting += 1;
            return Ok(false);
        }
        if !self.is_worth_sending(row.which.day) {
            if outbox::change(self.ledger, row, State::GivenUp)
                .await?
                .is_some()
            {
                let of = self.name(row);
                done.told
                    .push(format!("Gave up {of}: it is too late for it."));
            }
            return Ok(false);
        }
        let since = now.as_microsecond();
        // From here on the mail is this server's alone.
        let Some(row) = outbox::change(self.ledger, row, State::Sending { tries, since }).await?
        else {
            return Ok(false);
        };
        let sent = match self.written(&row.which).await {
            Ok(None) => {
                outbox::change(self.ledger, &row, State::Nothing).await?;
                return Ok(false);
            }
            Ok(Some((letter, link))) => self.hand_over(&row, &letter, link).await?,
            // Nothing was handed over, so that it can be tried again.
            Err(error) => {
                self.wait(&row, tries, done).await?;
                return Err(error);
            }
        };
        self.note(&row, tries, sent, done).await
    }

    async fn hand_over(
        &self,
        row: &Row,
        letter: &Letter,
        link: Option<NewLink>,
    ) -> Result<Result<(), NotSent>, AppError> {
        let sent = self.mailer.send(letter).await;
        if let (Ok(()), Some(link)) = (&sent, &link) {
            links::figures_link_was_mailed(self.ledger, row.which.person, link).await?;
        }
        Ok(sent)
    }

    /// Notes what became of a mail. Returns whether the mail server is away.
    async fn note(
        &self,
        row: &Row,
        tries: u32,
        sent: Result<(), NotSent>,
        done: &mut Delivered,
    ) -> Result<bool, AppError> {
        let of = self.name(row);
        match sent {
            Ok(()) => {
                outbox::change(self.ledger, row, State::Sent).await?;
                done.sent += 1;
                Ok(false)
            }
            Err(NotSent::Refused(why)) => {
                outbox::change(self.ledger, row, State::GivenUp).await?;
                done.told
                    .push(format!("The mail server refuses {of}: {why}."));
                Ok(false)
            }
            Err(NotSent::Unknown(why)) => {
                outbox::change(self.ledger, row, State::Unknown).await?;
                done.told.push(self.unknown(row, &why));
                Ok(false)
            }
            Err(NotSent::NotNow(why)) => {
                self.wait(row, tries, done).await?;
                let told =
                    format!("The mail server does not take {of} now: {why}. It is tried again.");
                done.told.push(told);
                Ok(false)
            }
            Err(NotSent::Away(why)) => {
                self.wait(row, tries, done).await?;
                let told = format!("The mail server cannot be used: {why}. Mails wait.");
                done.told.push(told);
                Ok(true)
            }
        }
    }

    /// Lets a mail wait for the next try.
    async fn wait(&self, row: &Row, tries: u32, done: &mut Delivered) -> Result<(), AppError> {
        let tries = tries.saturating_add(1);
        let from = after(self.ctx.now(), pause(tries))?.as_microsecond();
        outbox::change(self.ledger, row, State::Waiting { tries, from }).await?;
        done.waiting += 1;
        Ok(())
    }

    fn is_worth_sending(&self, day: Date) -> bool {
        let zone = self.view.plan.calendar().time_zone();
        let first = zone.to_timestamp(day.at(HOUR, 0, 0, 0));
        let now = self.ctx.now();
        first.is_ok_and(|first| now.duration_since(first) < WORTH_SENDING)
    }

    /// A mail as it is to be sent now, with the link to figures in it; `None` if nothing is left to say or nobody wants it.
    async fn written(&self, which: &Which) -> Result<Option<(Letter, Option<NewLink>)>, AppError> {
        let (plan, now) = (&self.view.plan, self.ctx.now());
        let Some(person) = plan.people().get(which.person) else {
            return Ok(None);
        };
        let wishes = wishes::of(self.ledger, which.person).await?;
        let matters = matters_of(which.kind, which.day, self.view, person, now);
        let matters = matters.filter(|matters| wishes.want(which.kind) && !matters.is_empty());
        let (Some(matters), Some(to)) = (matters, &person.email) else {
            return Ok(None);
        };
        let link = match matters.figures.is_empty() {
            true => None,
            false => Some(self.figures_link(which.person, &matters).await?),
        };
        let off = links::new_off_link(self.ctx, self.ledger, which.person, which.kind).await?;
        let origin = &self.mailer.origin;
        let addresses = Addresses {
            origin: origin.clone(),
            figures: link.as_ref().map(|link| {
                let until = words::instant(link.until, plan.calendar());
                (format!("{origin}/figures/{}", link.token), until)
            }),
            off: format!("{origin}/mails/off/{off}"),
        };
        let person = (person.as_ref(), to.as_str());
        let of = (which.id(), now);
        let letter = Letter::of(which.kind, plan, person, &matters, &addresses, of);
        Ok(Some((letter, link)))
    }

    async fn figures_link(&self, person: PersonId, matters: &Matters) -> Result<NewLink, AppError> {
        let cells = matters.figures.iter().map(|figure| figure.cell);
        links::new_figures_link(self.ctx, self.ledger, &self.view.plan, person, cells).await
    }
}
