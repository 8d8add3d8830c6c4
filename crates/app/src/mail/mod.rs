//! Mails: a weekly one with what is due and what the week brings, and reminders; each says why it is sent and how to stop
//! it, and leads to the figures that are due. Nothing is sent unless whoever runs the server names a mail server.

mod days;
mod deliver;
mod letter;
mod links;
mod matters;
mod outbox;
mod smtp;
mod wishes;

use throughline_core::PersonId;
use throughline_ledger::Ledger;

use crate::{AppError, Ctx};

pub use deliver::{Delivered, deliver};
pub use letter::{Addresses, Letter, Section};
pub use links::{
    ByLink, FIGURES_LINK_LASTS, LINK_CELLS_MAX, OFF_LINK_LASTS, by_link, off_link, switch_off,
};
pub(crate) use links::{hash_of_token, new_token};
pub use matters::{MailKind, Matters, Meeting};
pub use smtp::{MailServer, Mailer};
pub use wishes::{Wishes, choose, wishes};

/// Ends what was mailed to a person: no link leads to figures any more.
pub(crate) async fn forget(ctx: &Ctx, ledger: &Ledger, person: PersonId) -> Result<(), AppError> {
    links::end_figures_links(ctx, ledger, person).await
}
