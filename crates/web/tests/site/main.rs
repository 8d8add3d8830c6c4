//! The site from outside: what every page shows, and what nobody gets past.

mod again;
mod api;
mod api_description;
mod api_hidden;
mod api_pages;
mod api_shapes;
mod api_standing;
mod api_writes;
mod beginning;
mod bench;
mod calendar;
mod corrected;
mod doors;
mod due;
mod edits;
mod fields;
mod forecasts;
mod imports;
mod mails;
mod measures;
mod notes;
mod outages;
mod owner_first;
mod pages;
mod places;
mod records;
mod reviews;
#[path = "../routes/mod.rs"]
mod routes;
mod sign_in;
mod slips;
mod sorting;
mod state;
mod unusual;
