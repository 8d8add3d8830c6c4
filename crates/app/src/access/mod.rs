//! Who may come in, and as what: roles stand in the plan, on the person; what shows that somebody is that person (a
//! password, an invitation) stands among the workings, outside of the chain, and is in no backup.

mod attempts;
mod begin;
mod give;
mod invitation;
mod password;
mod rights;
mod sign_in;

pub use attempts::{ATTEMPTS_MAX, ATTEMPTS_WINDOW, Door};
pub use begin::{
    Beginner, Begun, BegunWith, NewOrganisation, begin_as_administrator, begin_ledger,
    lacks_administrator, wrong_beginning,
};
pub use give::{Given, give_role, is_administrator};
pub use invitation::{
    INVITATION_LASTS, INVITED_MAX, Invitation, Invitee, invitation, invite, invite_all, join,
    refuse_no_address,
};
pub use password::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};
pub use rights::{Access, access_of, actor_of};
pub(crate) use rights::{gives_access, refuse_without_right};
pub(crate) use sign_in::forget;
pub use sign_in::{NOT_THE_PASSWORD, change_password, sign_in};
