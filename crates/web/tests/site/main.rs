//! The site from outside: what every page shows, and what nobody gets past.

mod bench;
mod doors;
mod pages;
mod records;
