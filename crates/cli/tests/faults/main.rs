//! What happens to a ledger when the world misbehaves: the process is killed, the power fails, the disk is full, the
//! database goes away, the clock jumps. Everything that was acknowledged is there afterwards, whole and once; what was
//! not is there whole or not at all; and nothing that is there was altered.
//!
//! Each test has a short form and a full one (`throughline_testkit::chance`).

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod clocks;
mod contents;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod full_disk;
mod kills;
#[cfg(target_os = "linux")]
mod power_loss;
#[cfg(target_os = "linux")]
mod recording;
mod restores;
mod rig;
#[cfg(target_os = "linux")]
mod servers;
#[cfg(target_os = "linux")]
mod shim;
#[cfg(target_os = "linux")]
mod swaps;
