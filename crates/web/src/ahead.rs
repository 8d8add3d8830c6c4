//! What pages need of the newest state, made before it is asked for: at the start and after each commit, first where people
//! looked lately, then at other units. One page after the other by somebody who has all the time, each after a moment in which
//! nobody asks for anything; what pages wait for is never held longer than they would take to make it themselves.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use throughline_app::words::sentence;
use throughline_app::{AppError, ReadScorecard, Snapshot};
use throughline_engine::Scorecard;
use throughline_model::observation::CommitNumber;

use crate::address::Query;
use crate::error::{PageResult, WebError};
use crate::pages;
use crate::parts::scorecard::TableState;
use crate::place::Place;
use crate::server::Server;
use crate::viewer::Viewer;

/// At how many places that were asked for lately pages are made.
const ASKED_MAX: usize = 24;
/// At how many units in all, of those places and others.
const PLACES_MAX: usize = 64;
/// The share of what may be remembered of scorecards, trends and outlooks that these take: the rest is for whoever looks elsewhere.
const SHARE_MAX: f64 = 0.5;
/// How long it takes until it is looked whether a new day has begun, of which other things are due.
const LOOKED_AFTER: Duration = Duration::from_secs(60);
/// How long it rests where there was a newer state before what people looked at lately was made, and how long nothing must be
/// recorded before other units are made again: where one commit follows another, it is not begun anew with each.
const RESTS: Duration = Duration::from_secs(1);
/// How long it waits after a commit: whoever recorded something mostly looks at it at once, and has the machine for that.
const AFTER_NEWS: Duration = Duration::from_millis(100);
/// How often it is looked whether requests were answered, and how often at most, so that a page is made now and then also where
/// somebody always asks.
const YIELDS: (Duration, usize) = (Duration::from_millis(10), 200);

/// The places that were asked for lately, the latest first, and how many requests are being answered.
#[derive(Default)]
pub(crate) struct Asked {
    places: Mutex<VecDeque<Place>>,
    answered: AtomicUsize,
}

/// A request that is being answered, until it is dropped.
pub(crate) struct Answering<'a>(&'a AtomicUsize);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Asked {
    /// A request is being answered.
    pub fn answering(&self) -> Answering<'_> {
        self.answered.fetch_add(1, Ordering::Relaxed);
        Answering(&self.answered)
    }

    /// Waits until no request is being answered, or for so long that it is its turn.
    async fn yields(&self) {
        let (each, most) = YIELDS;
        for _ in 0..most {
            if self.answered.load(Ordering::Relaxed) == 0 {
                return;
            }
            tokio::time::sleep(each).await;
        }
    }

    /// Somebody looks at a place; what was known before is of the past, and not made again.
    pub fn look(&self, place: &Place) {
        let place = Place {
            theme: None,
            ..place.clone()
        };
        if place.as_of_now() != place {
            return;
        }
        let mut asked = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|other| *other != place);
        asked.push_front(place);
        asked.truncate(ASKED_MAX);
    }

    fn places(&self) -> Vec<Place> {
        let asked = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().cloned().collect()
    }
}

impl Server {
    /// Makes pages ahead for as long as the server answers. That it does not succeed is said once, until it does again; it is
    /// tried again with the next commit, or after a while.
    pub async fn keep_making_ahead(self, say: impl Fn(&str)) {
        let mut news = self.live().news();
        let (mut made, mut has_failed) = (None, false);
        loop {
            // What came until now is in the state that is read after it.
            news.borrow_and_update();
            let day = Viewer::of_job(&self, &Place::default(), "/").today();
            let state = (self.live().snapshot().position, day);
            let mut rests = AFTER_NEWS;
            if made != Some(state) {
                let mut making = Making::of(state.0);
                self.make(&mut making, self.places_lately()).await;
                if self.is_newest(&making) {
                    let is_quiet = made.is_none()
                        || tokio::time::timeout(RESTS, news.changed()).await.is_err();
                    if is_quiet {
                        self.make(&mut making, self.places()).await;
                    }
                } else {
                    rests = RESTS;
                }
                if let (Err(why), false) = (&making.done, has_failed) {
                    say(&format!("Some pages are not made ahead. {why}."));
                }
                has_failed = making.done.is_err();
                made = Some(state).filter(|_| !has_failed);
            }
            if self.live().snapshot().position == state.0 {
                let _ = tokio::time::timeout(LOOKED_AFTER, news.changed()).await;
            }
            tokio::time::sleep(rests).await;
        }
    }

    /// Makes what pages need of the state that is the newest now, until there is a newer one.
    ///
    /// # Errors
    /// Why a page could not be made, in a sentence; the others are made nevertheless.
    pub async fn make_ahead(&self) -> Result<(), String> {
        let mut making = Making::of(self.live().snapshot().position);
        self.make(&mut making, self.places()).await;
        making.done
    }

    /// Whether what is made is still of the newest state.
    fn is_newest(&self, making: &Making) -> bool {
        self.live().snapshot().position == making.position
    }

    /// Makes what pages need of some places, as long as there is no newer state and room for it.
    async fn make(&self, making: &mut Making, places: Vec<Place>) {
        for place in places {
            if !self.is_newest(making) || making.share > SHARE_MAX {
                break;
            }
            match self.make_pages(&place, making.position).await {
                Ok(Some(read)) => making.count(&read),
                Ok(None) => {}
                Err(why) if making.done.is_ok() => making.done = Err(why),
                Err(_) => {}
            }
        }
    }

    /// The topmost unit and the places that were asked for lately.
    fn places_lately(&self) -> Vec<Place> {
        // The topmost is there without being named.
        let mut places = vec![Place::default()];
        let asked = self.asked().places().into_iter();
        places.extend(asked.filter(|place| *place != Place::default()));
        places
    }

    /// These, and other units.
    fn places(&self) -> Vec<Place> {
        let model = self.live().snapshot().model.clone();
        let topmost = model.index().units_on(Date::MAX).roots().first().copied();
        let units = model.units().iter();
        let units = units.filter(|unit| Some(unit.id()) != topmost);
        let units = units.map(|unit| Place::default().at_unit(unit.key.as_str()));
        let mut places = self.places_lately();
        for place in units {
            if places.len() == PLACES_MAX {
                break;
            }
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// Makes the pages of a place, unless they were made and nothing of it has changed since, and returns its scorecard; none
    /// where there is no such place.
    async fn make_pages(
        &self,
        place: &Place,
        position: CommitNumber,
    ) -> Result<Option<ReadScorecard>, String> {
        let viewer = |path: &str| Viewer::of_job(self, place, path);
        let of_job = viewer("/strategy");
        self.asked().yields().await;
        let read = apart(async move {
            let read = of_job.scorecard().await?;
            // It is of all places, and mostly changes by itself.
            of_job.evidence(&read.selected).await?;
            Ok((read, of_job.ctx.snapshot().map(Arc::clone)))
        });
        let Some((read, snapshot)) = read.await? else {
            return Ok(None);
        };
        let is_made = |snapshot: &Arc<Snapshot>| snapshot.is_made(&read.selected);
        if snapshot.as_ref().is_some_and(is_made) {
            return Ok(Some(read));
        }
        let table = || Query(TableState::default());
        let all = Query(Default::default());
        self.make_page(position, pages::strategy::get(viewer("/strategy"), table()))
            .await?;
        self.make_page(
            position,
            pages::scorecard::get(viewer("/scorecard"), table()),
        )
        .await?;
        self.make_page(position, pages::measures::get(viewer("/measures"), all))
            .await?;
        if let Some(snapshot) = snapshot.filter(|one| one.position == position) {
            snapshot.tell_made(&read.selected);
        }
        Ok(Some(read))
    }

    /// Makes a page when nobody asks for anything, unless there is a newer state.
    async fn make_page(
        &self,
        position: CommitNumber,
        page: impl Future<Output = PageResult> + Send + 'static,
    ) -> Result<(), String> {
        self.asked().yields().await;
        if self.live().snapshot().position == position {
            apart(page).await?;
        }
        Ok(())
    }
}

/// What was made ahead of one state.
struct Making {
    position: CommitNumber,
    /// Which share it takes of what may be remembered.
    share: f64,
    /// Places of one unit and period have one scorecard, with one share.
    counted: Vec<Arc<Scorecard>>,
    done: Result<(), String>,
}

impl Making {
    /// Nothing yet.
    fn of(position: CommitNumber) -> Making {
        Making {
            position,
            share: 0.0,
            counted: Vec::new(),
            done: Ok(()),
        }
    }

    fn count(&mut self, read: &ReadScorecard) {
        let is_known = |one: &Arc<Scorecard>| Arc::ptr_eq(one, &read.scorecard);
        if !self.counted.iter().any(is_known) {
            self.share += read.share();
            self.counted.push(Arc::clone(&read.scorecard));
        }
    }
}

/// What comes of work that may end by a fault of ours; none where there is no such place.
///
/// # Errors
/// Why nothing came of it, in a sentence without a full stop.
async fn apart<T: Send + 'static>(
    work: impl Future<Output = Result<T, WebError>> + Send + 'static,
) -> Result<Option<T>, String> {
    match tokio::spawn(work).await {
        Ok(Ok(made)) => Ok(Some(made)),
        Ok(Err(WebError::App(AppError::NotFound { .. } | AppError::BadRequest { .. }))) => Ok(None),
        Ok(Err(WebError::App(error))) => Err(sentence(&error.to_string())),
        Ok(Err(error)) => Err(error.told().title),
        Err(error) => Err(sentence(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_that_were_asked_for_lately_are_few_and_each_there_once() {
        let asked = Asked::default();
        let at = |unit: usize| Place::default().at_unit(format!("u{unit}"));
        for unit in (0..ASKED_MAX + 3).chain([7]) {
            asked.look(&at(unit));
        }
        let places = asked.places();
        assert_eq!(places.len(), ASKED_MAX);
        assert_eq!(places[..2], [at(7), at(ASKED_MAX + 2)]);
        assert_eq!(places.iter().filter(|place| **place == at(7)).count(), 1);
        // As it was known then nothing changes any more.
        asked.look(&Place {
            known_at: Some("2013-06-30".to_owned()),
            ..at(99)
        });
        assert_eq!(asked.places(), places);
    }
    #[tokio::test]
    async fn work_that_ends_by_a_fault_says_so_and_a_place_that_is_none_does_not() {
        let panics = async { panic!("a fault") };
        assert!(apart::<()>(panics).await.is_err());
        let failed = async { Err(WebError::App(AppError::failed("it failed", "a fault"))) };
        assert_eq!(apart::<()>(failed).await, Err("It failed".to_owned()));
        let nowhere = async { Err(WebError::App(AppError::unknown_name("no such unit"))) };
        assert_eq!(apart::<()>(nowhere).await, Ok(None));
        assert_eq!(apart(async { Ok(1) }).await, Ok(Some(1)));
    }

    #[tokio::test]
    async fn requests_go_first() {
        let asked = Asked::default();
        let goes_on = async || {
            tokio::select! {
                biased;
                () = asked.yields() => true,
                () = std::future::ready(()) => false,
            }
        };
        let answering = asked.answering();
        assert!(!goes_on().await);
        drop(answering);
        assert!(goes_on().await);
    }
}
