//! What pages need of the newest state, made before it is asked for: at the start and after each commit, first where people
//! looked lately, then at other units. One page after the other by somebody who has all the time; what pages wait for is never
//! held longer than they would take to make it themselves.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use throughline_model::observation::CommitNumber;

use crate::address::Query;
use crate::pages;
use crate::parts::scorecard::TableState;
use crate::place::Place;
use crate::server::Server;
use crate::viewer::Viewer;

/// At how many places that were asked for lately pages are made.
const ASKED_MAX: usize = 24;
/// At how many units in all, of those places and others.
const PLACES_MAX: usize = 64;
/// The share of what may be remembered of scorecards that these take: the rest is for whoever looks elsewhere.
const SHARE_MAX: f64 = 0.5;
/// How long it takes until it is looked whether a new day has begun, of which other things are due.
const LOOKED_AFTER: Duration = Duration::from_secs(60);

/// The places that were asked for lately, the latest first.
#[derive(Default)]
pub(crate) struct Asked(Mutex<VecDeque<Place>>);

impl Asked {
    /// Somebody looks at a place; what was known before is of the past, and not made again.
    pub fn look(&self, place: &Place) {
        let place = Place {
            theme: None,
            ..place.clone()
        };
        if place.as_of_now() != place {
            return;
        }
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|other| *other != place);
        asked.push_front(place);
        asked.truncate(ASKED_MAX);
    }

    fn places(&self) -> Vec<Place> {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().cloned().collect()
    }
}

impl Server {
    /// Makes pages ahead for as long as the server answers.
    pub async fn keep_making_ahead(self) {
        let mut news = self.live().news();
        let mut made = None;
        loop {
            let day = Viewer::of_job(&self, &Place::default(), "/").today();
            let state = (self.live().snapshot().position, day);
            if made == Some(state) {
                let _ = tokio::time::timeout(LOOKED_AFTER, news.changed()).await;
            } else {
                made = Some(state);
                self.make_ahead().await;
            }
        }
    }

    /// Makes what pages need of the state that is the newest now, until there is a newer one.
    pub async fn make_ahead(&self) {
        let position = self.live().snapshot().position;
        let mut share = 0.0;
        for place in self.places() {
            if self.live().snapshot().position != position || share > SHARE_MAX {
                return;
            }
            share += self.make_pages(&place, position).await.unwrap_or_default();
        }
    }

    /// The topmost unit, the places that were asked for lately, and other units.
    fn places(&self) -> Vec<Place> {
        let asked = self.asked().places().into_iter();
        let model = self.live().snapshot().model.clone();
        let units = model.units().iter();
        let units = units.map(|unit| Place::default().at_unit(unit.key.as_str()));
        let mut places: Vec<Place> = Vec::with_capacity(PLACES_MAX);
        for place in std::iter::once(Place::default()).chain(asked).chain(units) {
            if places.len() == PLACES_MAX {
                break;
            }
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    /// Makes the pages of a place, and says how much of what is remembered they take; none where there is no such place.
    async fn make_pages(&self, place: &Place, position: CommitNumber) -> Option<f64> {
        let viewer = |path: &str| Viewer::of_job(self, place, path);
        let read = viewer("/strategy").scorecard().await.ok()?;
        let table = || Query(TableState::default());
        let is_newest = || self.live().snapshot().position == position;
        if is_newest() {
            let _ = pages::strategy::get(viewer("/strategy"), table()).await;
        }
        if is_newest() {
            let _ = pages::scorecard::get(viewer("/scorecard"), table()).await;
        }
        if is_newest() {
            let _ = pages::measures::get(viewer("/measures"), Query(Default::default())).await;
        }
        Some(read.share())
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
}
