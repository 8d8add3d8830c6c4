//! `serve`: the pages, on this machine, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use throughline_app::access::{begin_ledger, lacks_administrator};
use throughline_app::{AppError, Ctx, PATIENCE};
use throughline_web::{Mode, Server};
use tokio::net::TcpListener;

use super::Outcome;
use crate::arguments::{Common, Serve};
use crate::terminal;
use crate::terminal::progress::Line;
use crate::wiring;

/// Serves the ledger of the data folder; an empty one where there is none.
///
/// # Errors
/// If the ledger cannot be opened or made, or the address cannot be had.
pub async fn run(common: &Common, asked: &Serve) -> Result<Outcome, AppError> {
    let listener = match &asked.public_url {
        Some(_) => bind(asked.listen.listen).await?,
        None => listen(asked.listen.listen).await?,
    };
    let progress = Arc::new(Line::new());
    let ctx = wiring::context(common, &common.location()?, &progress).await?;
    let (ctx, is_new) = begin_ledger(ctx.with_patience(PATIENCE)).await?;
    if is_new {
        let location = ctx.location();
        terminal::say(&format!(
            "There was no ledger in {location}: an empty one was made."
        ));
    }
    let lacks_administrator = lacks_administrator(&ctx).await?;
    let address = listener.local_addr().map_err(stopped_by)?;
    let (server, token) =
        Server::behind(ctx, Mode::Serve, address, asked.public_url.clone()).await?;
    let server = match wiring::mailer(asked, server.origin())? {
        Some(mailer) => server.with_mailer(mailer),
        None => server,
    };
    if lacks_administrator {
        terminal::say(
            "Nobody can sign in yet who gives access. Open this link to become administrator; it works once. Ctrl-C ends the server.\n",
        );
        terminal::print(&format!("  {}\n", server.link(&token))).map_err(stopped_by)?;
    } else {
        terminal::say("Sign in here. Ctrl-C ends the server.\n");
        terminal::print(&format!("  {}/\n", server.origin())).map_err(stopped_by)?;
    }
    answer(server, listener).await
}

/// Takes an address of this machine.
///
/// # Errors
/// If others could reach it, or it cannot be had.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, AppError> {
    if !address.ip().is_loopback() {
        let message = format!("{address} can be reached from other machines");
        return Err(AppError::bad_request(message).with_help(
            "listen on 127.0.0.1: passwords would travel unencrypted; behind a proxy that does TLS, say --public-url https://...",
        ));
    }
    bind(address).await
}

async fn bind(address: SocketAddr) -> Result<TcpListener, AppError> {
    TcpListener::bind(address).await.map_err(|error| {
        AppError::failed(format!("the address {address} could not be had"), error)
            .with_help("name another one with --listen, or leave it out for any that is free")
    })
}

/// Prints the link, and answers until Ctrl-C.
///
/// # Errors
/// If the ledger cannot be read, or the system takes the address away.
pub async fn until_stopped(
    ctx: Ctx,
    mode: Mode,
    listener: TcpListener,
) -> Result<Outcome, AppError> {
    let address = listener.local_addr().map_err(stopped_by)?;
    let ctx = ctx.with_patience(PATIENCE);
    let (server, token) = Server::new(ctx, mode, address).await?;
    terminal::say("Open this link; it works once. Ctrl-C ends the server.\n");
    terminal::print(&format!("  {}\n", server.link(&token))).map_err(stopped_by)?;
    answer(server, listener).await
}

fn stopped_by(error: std::io::Error) -> AppError {
    AppError::failed("the server had to stop", error)
}

/// Answers until Ctrl-C.
async fn answer(server: Server, listener: TcpListener) -> Result<Outcome, AppError> {
    let server = server.with_printer(throughline_pack::print);
    let served = server.run(listener, stopped(), terminal::say);
    served.await.map_err(stopped_by)?;
    terminal::say("\nThe server has ended.");
    Ok(Outcome::Done)
}

/// Waits until the process is told to stop.
async fn stopped() {
    // Where the system cannot tell of it, the process is ended by force, and loses nothing.
    #[cfg(unix)]
    if let Ok(mut ended) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = ended.recv() => {}
        }
        return;
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
