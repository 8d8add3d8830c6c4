//! SQL of our store stands in the ledger alone.
//!
//! Whoever changes the schema then knows every statement, and no other room can grow a query that only one engine knows.
//! Our SQL is written in lower case (or, where quoted, in upper case), so that a sentence such as "Select a unit from the
//! list" is none.

use super::Problem;
use super::rooms::Rooms;
use crate::workspace::Workspace;

/// How a statement begins, and what must follow somewhere after it.
const BEGINNINGS: &[(&str, &str)] = &[
    ("select ", " from "),
    ("select count(", ""),
    ("select max(", ""),
    ("select exists", ""),
    ("select 1", ""),
    ("insert into ", ""),
    ("insert or ", ""),
    ("replace into ", ""),
    ("update ", " set "),
    ("delete from ", ""),
    ("with ", " as ("),
    ("create table ", ""),
    ("create index ", ""),
    ("create unique index ", ""),
    ("create trigger ", ""),
    ("create view ", ""),
    ("create temp", ""),
    ("alter table ", ""),
    ("drop table ", ""),
    ("drop index ", ""),
    ("pragma ", ""),
    ("begin immediate", ""),
    ("begin exclusive", ""),
    ("vacuum into ", ""),
];

const MEND: &str = "make it a function of the ledger, and call that";

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    // A table that cannot be read is a problem of the rule `rooms`.
    let Ok(rooms) = Rooms::read(workspace) else {
        return Vec::new();
    };
    let may_hold_sql = |name: Option<&str>| {
        name.and_then(|name| rooms.room(name))
            .is_some_and(|room| room.has_sql)
    };
    let mut problems = Vec::new();
    for file in workspace
        .files
        .iter()
        .filter(|file| !may_hold_sql(file.room()))
    {
        if file.path.ends_with(".sql") {
            problems.push(Problem::new(
                &file.path,
                1,
                "a file of SQL outside the ledger",
                MEND,
            ));
        }
        let literals = file.rust.iter().flat_map(|source| &source.literals);
        let statements = literals.filter(|literal| is_sql(&literal.text));
        problems.extend(
            statements.map(|literal| {
                Problem::new(&file.path, literal.line, "SQL outside the ledger", MEND)
            }),
        );
    }
    problems
}

/// Whether `text` is an SQL statement.
fn is_sql(text: &str) -> bool {
    let without_comments = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    let words: Vec<&str> = without_comments.flat_map(str::split_whitespace).collect();
    let statement = words.join(" ");
    BEGINNINGS.iter().any(|(beginning, later)| {
        let holds = |beginning: &str, later: &str| {
            statement.starts_with(beginning) && statement.contains(later)
        };
        holds(beginning, later) || holds(&beginning.to_uppercase(), &later.to_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ROOMS, check};
    use super::{find, is_sql};

    #[test]
    fn sql_stands_in_the_ledger_alone() {
        let text = "//! App.\nfn f() {\n    run(\"select id from commits\");\n}\n";
        check(
            find,
            &[ROOMS, ("crates/app/src/lib.rs", text)],
            &["crates/app/src/lib.rs:3"],
        );
        check(
            find,
            &[ROOMS, ("crates/app/tests/all.rs", text)],
            &["crates/app/tests/all.rs:3"],
        );
        check(find, &[ROOMS, ("crates/ledger/src/lib.rs", text)], &[]);
        check(
            find,
            &[ROOMS, ("crates/app/src/schema.sql", "")],
            &["crates/app/src/schema.sql:1"],
        );
        check(
            find,
            &[
                ROOMS,
                ("crates/app/src/lib.rs", "// \"select id from commits\"\n"),
            ],
            &[],
        );
    }

    #[test]
    fn statements_are_told_from_sentences() {
        let check = |text: &str, expected: bool| assert_eq!(is_sql(text), expected, "{text}");
        check("select id, hash from commits where number = $1", true);
        check("SELECT id FROM commits", true);
        check("\n    -- the newest\n    select id\n    from commits", true);
        check("select max(number)", true);
        check("insert into commits (id) values ($1)", true);
        check("update head set number = $1", true);
        check("delete from keys", true);
        check("create table commits (id integer)", true);
        check("create unique index a on b (c)", true);
        check("pragma journal_mode = wal", true);
        check("with newest as (select 1) select 2", true);
        check("Select a unit from the list", false);
        check("select", false);
        check("update the target", false);
        check("Delete from the plan", false);
        check("with reason", false);
        check("created", false);
    }
}
