//! PostgreSQL is killed in the middle of a load, one of its processes or all of them at once, and comes back: what was
//! acknowledged is there, what was said to have changed nothing is not.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use throughline_testkit::postgres::{Database, Server};

use crate::contents::{Contents, read};
use crate::rig::{FILES, Rig, disturbed, ok, steps_of};
use throughline_testkit::chance::{Chance, count, report, skip};

/// How often the server is killed in the short form.
const KILLS: u64 = 6;

/// How often a server is asked whether it is back, four times a second.
const ASKED: u32 = 480;

#[test]
fn a_killed_server_loses_nothing_that_was_acknowledged() {
    let Some(server) = Server::start() else {
        return skip("there is no PostgreSQL that a test could kill");
    };
    let wanted = count("THROUGHLINE_SERVER_KILLS", KILLS);
    let mut chance = Chance::new("servers");
    let (mut kills, mut acknowledged, mut unknown, mut steps) = (0, 0, 0, 0);
    // Before an acknowledgement and after one.
    let is_done = |kills, acknowledged| kills >= wanted && acknowledged > 0 && acknowledged < kills;
    while !is_done(kills, acknowledged) {
        let database = Database::of(&server);
        let rig = Rig::new("servers").with_database(database.url());
        ok(rig.apply());
        if steps == 0 {
            steps = steps_of(rig.load(0));
        }
        let mut before = contents(&rig);
        while before.files.len() < FILES && !is_done(kills, acknowledged) {
            assert!(kills < 100 + 10 * wanted, "all are acknowledged, or none");
            let file = before.files.len();
            let is_whole = chance.coin();
            let after = chance.below(steps + 1);
            let ended = disturbed(rig.load(file), after, |_| {
                kill(&server.data(), is_whole);
                if is_whole {
                    server.start_again();
                }
            });
            let now = contents(&rig);
            kills += 1;
            acknowledged += u64::from(ended.is_acknowledged());
            let is_there = now.files.contains(&file);
            assert!(is_there || !ended.is_acknowledged(), "lost: {}", ended.out);
            let is_refused = ended.err.contains("othing was changed");
            assert!(!(is_there && is_refused), "it is there: {}", ended.err);
            unknown += u64::from(!ended.is_acknowledged() && !is_refused);
            assert_eq!(now.commits[..before.commits.len()], before.commits);
            before = now;
        }
    }
    report(&format!(
        "PostgreSQL killed: {kills} kills during a load, {acknowledged} acknowledged, {unknown} neither acknowledged nor \
         refused as unchanged; 0 acknowledged writes lost"
    ));
}

/// What is in the ledger, as soon as the server is back.
fn contents(rig: &Rig) -> Contents {
    let mut said = String::new();
    for _ in 0..ASKED {
        match read(rig.location()) {
            Ok(contents) => return contents,
            // It is away, or comes up and lets nobody in yet.
            Err(what) if what.starts_with("Unavailable") => said = what,
            Err(what) => panic!("{what}"),
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    panic!("the server does not come back: {said}");
}

/// Kills every process of a server, or one that serves a connection, if there is any.
fn kill(data: &Path, is_whole: bool) {
    let lock = std::fs::read_to_string(data.join("postmaster.pid")).unwrap();
    let first: u32 = lock.lines().next().unwrap().trim().parse().unwrap();
    let children = children_of(first);
    if is_whole {
        // The first one goes first, so that it starts none again.
        kill_all(&[&[first], children.as_slice()].concat());
        let gone = (0..ASKED).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            children.iter().all(|child| is_gone(*child)) && is_gone(first)
        });
        assert!(gone, "the processes of the server do not end");
        // Where nobody takes leave of the dead, their numbers stay taken, and a new server would take them for living.
        std::fs::remove_file(data.join("postmaster.pid")).unwrap();
        let sockets = data.parent().unwrap().read_dir().unwrap();
        for file in sockets.map(|entry| entry.unwrap().path()) {
            if file
                .extension()
                .is_some_and(|extension| extension == "lock")
            {
                std::fs::remove_file(file).unwrap();
            }
        }
        return;
    }
    let serves = |child: &u32| {
        let command = std::fs::read(process(*child).join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&command).contains("throughline_test")
    };
    let serving: Vec<u32> = children.into_iter().filter(serves).take(1).collect();
    kill_all(&serving);
}

fn kill_all(processes: &[u32]) {
    if processes.is_empty() {
        return;
    }
    let ids = processes.iter().map(u32::to_string);
    // Some have ended by themselves by then.
    drop(Command::new("kill").arg("-9").args(ids).output());
}

fn process(id: u32) -> PathBuf {
    PathBuf::from(format!("/proc/{id}"))
}

/// The state of a process and its parent.
pub fn status(id: u32) -> Option<(char, u32)> {
    let stat = std::fs::read_to_string(process(id).join("stat")).ok()?;
    // The name of the program stands in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut parts = rest.split(' ');
    let state = parts.next()?.chars().next()?;
    Some((state, parts.next()?.parse().ok()?))
}

fn is_gone(id: u32) -> bool {
    status(id).is_none_or(|(state, _)| state == 'Z')
}

fn children_of(parent: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").unwrap();
    let ids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    ids.filter(|id| status(*id).is_some_and(|(_, of)| of == parent))
        .collect()
}
