//! Stories of the use cases: what somebody does to a ledger, and what then is there, without a server or a browser.

mod authorisation;
mod bench;
mod carried;
mod chances;
mod edits;
mod entry;
mod first_plans;
mod history_pages;
mod imports;
mod insight;
mod invitations;
mod live;
mod mails;
mod notes;
mod owner_first;
mod reviews;
mod second_looks;
mod waiting;
mod whole_targets;
mod with_units;
