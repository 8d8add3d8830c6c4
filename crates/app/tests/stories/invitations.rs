//! Invitations: one is used up by a password that was kept, and by nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use throughline_app::Ctx;
use throughline_app::access::{Door, invitation, invite, join, sign_in};
use throughline_core::{FrozenClock, Origin, Role};
use throughline_testkit::chance::fill_anew;

use crate::bench::{self, acting, folder};

const PLAN: &str = "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: pat, name: Pat, unit: top, role: contributor }]
";

const PASSWORD: &str = "kettle window granite lamp";

/// An administrator with a ledger, on a machine that can be made to give no more random numbers.
async fn begun(name: &str, is_out: Arc<AtomicBool>) -> Ctx {
    let folder = folder(&format!("invitations-{name}"));
    let actor = acting(Role::Administrator, Origin::Server);
    let at = "2014-02-10T12:00:00Z".parse().expect("a timestamp");
    let randomness = Arc::new(move |bytes: &mut [u8]| {
        assert!(!is_out.load(Ordering::Relaxed), "no random numbers");
        fill_anew(bytes);
    });
    let open = async || {
        let clock = Arc::new(FrozenClock(at));
        let ctx = Ctx::open(folder.as_path(), actor, clock, randomness.clone());
        ctx.await.expect("a context")
    };
    let ctx = open().await;
    bench::apply(&ctx, &bench::files([("organisation.yaml", PLAN)])).await;
    open().await
}

#[tokio::test]
async fn a_password_that_is_not_kept_uses_up_nothing() {
    let is_out = Arc::new(AtomicBool::new(false));
    let ctx = Arc::new(begun("kept", Arc::clone(&is_out)).await);
    let door = Arc::new(Door::default());
    let (_, token) = invite(&ctx, "pat").await.expect("an invitation");
    let try_to = async || {
        let (ctx, door, token) = (Arc::clone(&ctx), Arc::clone(&door), token.clone());
        tokio::spawn(async move { join(&ctx, &door, &token, PASSWORD).await.is_ok() }).await
    };
    is_out.store(true, Ordering::Relaxed);
    assert!(try_to().await.is_err(), "the password could not be kept");
    is_out.store(false, Ordering::Relaxed);
    let open = invitation(&ctx, &token).await.expect("an answer");
    assert!(open.is_some(), "the invitation still opens");
    assert!(try_to().await.expect("an answer"));
    assert!(!try_to().await.expect("an answer"), "it opens once");
    sign_in(&ctx, &door, "pat", PASSWORD)
        .await
        .expect("the password");
}

#[tokio::test]
async fn of_two_at_the_same_moment_one_is_let_in() {
    let ctx = begun("two", Arc::default()).await;
    let door = Door::default();
    let (_, token) = invite(&ctx, "pat").await.expect("an invitation");
    let passwords = [PASSWORD, "another quiet orchard ladder"];
    let (one, other) = tokio::join!(
        join(&ctx, &door, &token, passwords[0]),
        join(&ctx, &door, &token, passwords[1]),
    );
    assert_ne!(one.is_ok(), other.is_ok());
    for (password, is_in) in passwords.into_iter().zip([one.is_ok(), other.is_ok()]) {
        let signed_in = sign_in(&ctx, &door, "pat", password).await;
        assert_eq!(signed_in.is_ok(), is_in);
    }
}
