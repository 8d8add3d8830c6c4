//! The examples that stand below each `--help`.

pub const THROUGHLINE: &str = "\
Examples:
  throughline demo                           see it work, on real data
  throughline check plan/                    is the plan sound?
  throughline apply plan/ --reason \"Board of 12 March\"
  throughline import kpis.xlsx               show how a workbook is understood; --yes records it
  throughline load observations.csv
  throughline scorecard --unit ewr --period 2013-06
  throughline explain on-time-arrival --unit ewr --period 2013-06

Exit status: 0 done, 1 findings, 2 wrong usage, 3 failed, 4 not now (try again).
Results are on standard output, everything else on standard error.";

pub const CHECK: &str = "\
Examples:
  throughline check plan/                    errors and warnings, with file and line
  throughline check plan/ --strict           in a pipeline that wants no warnings either
  throughline check plan/ --format json      for an editor
  throughline check --explain objective-without-measure

Exit status: 0 without errors, 1 with errors (with --strict: or warnings).";

pub const DIFF: &str = "\
Examples:
  throughline diff plan/                     against the plan that holds
  throughline diff plan/ --retire            with what would be retired

Exit status: 0 nothing would change, 1 something would.";

pub const APPLY: &str = "\
A folder that was exported is merged with what was changed since then, field by field. What was changed on both sides
is a conflict: it is named with both versions, and nothing is applied.

Examples:
  throughline apply plan/ --reason \"Targets of 2014, agreed on 12 March\" --as r-okafor
  throughline apply plan/ --retire           records that are gone from the files are retired
  throughline apply plan-2012/ --recorded-at 2012-01-15
  throughline apply plan/ --idempotency-key job-17     a repetition changes nothing";

pub const EXPORT: &str = "\
Examples:
  throughline export plan/                   to edit and apply again";

pub const IMPORT: &str = "\
Shows what each measure, unit and owner was taken for, and which cells are left out and why. Nothing is recorded without
--yes; then plan and observations are, all or nothing. What stands in the plan stays, and so do figures that
are recorded and of which the file says something else, unless --replace is given; the same file twice changes nothing.

Examples:
  throughline import kpis.xlsx                                 show how it is understood
  throughline import kpis.xlsx --write-mapping kpis.json       and write that down, to be corrected
  throughline import kpis.xlsx --mapping kpis.json --yes       record it, as corrected
  throughline import kpis-june.xlsx --mapping kpis.json --yes  the file of the month after
  throughline import kpis.xlsx --replace --yes                 where it says otherwise, the file is right
  throughline import indicators.csv values.csv --all           two tables of one export, every cell
  throughline import kpis.xlsx --into plan/                    as a plan folder, for check, apply and load

Exit status: 0 recorded, written or nothing new; 1 something is not recorded: --yes is missing, the plan does
not take it, or another figure is recorded.";

pub const LOAD: &str = "\
The file has a header: measure,unit,period,value and optionally weight,state,note,recorded_at.
One wrong row, and nothing is loaded, unless --keep-good says otherwise. Loading the same file twice changes nothing.

Examples:
  throughline load observations.csv
  throughline load observations.csv --keep-good
  some-export | throughline load -";

pub const SCORECARD: &str = "\
Examples:
  throughline scorecard                      the topmost unit, the latest period with observations
  throughline scorecard --unit ewr --period 2013-06
  throughline scorecard --period 2013-06 --known-at 2013-07-08      what the board saw
  throughline scorecard --period 2013-12 --plan-at 2013-01-31       under the original targets
  throughline scorecard --period 2013 --format json";

pub const EXPLAIN: &str = "\
Examples:
  throughline explain on-time-arrival --unit ewr --period 2013-06
  throughline explain on-time-arrival --unit ewr --period 2013-06 --all
  throughline explain arrive-on-time --unit ewr --period 2013-06     an objective: what it is made of
  throughline explain on-time-arrival --period 2013 --known-at 2013-07-08 --format json";

pub const SIGNALS: &str = "\
Improving and worsening are changes; steady is routine variation, also where the target is missed. Limits are made of
three years at most; what comes back each year is taken off before points are compared.

Examples:
  throughline signals                        every measure of the topmost unit
  throughline signals on-time-arrival --unit ewr --period 2013-12    its points, with limits and reasons
  throughline signals --period 2013-12 --known-at 2014-01-08         by what was known then
  throughline signals on-time-arrival --format json";

pub const FORECAST: &str = "\
What is expected up to the end of the planning year if things go on as they do, how far off forecasts of such measures
were, and the chance to reach the target. A chance from fewer than 30 series is said in words.

Examples:
  throughline forecast                       every measure of the topmost unit
  throughline forecast on-time-arrival --unit ewr --period 2013-12   period by period, with ranges
  throughline forecast --period 2013-09 --known-at 2013-10-08        as it looked then
  throughline forecast --came-true           of the times we said 70 %, how often it came true
  throughline forecast on-time-arrival --format json";

pub const EVIDENCE: &str = "\
A link states direction, lag and strength; the data of all units up to the period then say how far it holds.

Examples:
  throughline evidence                       all links, as of the latest period with observations
  throughline evidence --period 2013-06      as of the end of June
  throughline evidence 'brief-each-shift>punctual-departures'     one link, with its checks
  throughline evidence --known-at 2013-12-31 --format json
  throughline evidence --record              keep the grades of the period, once";

pub const DRIVERS: &str = "\
The parts add up to the difference: arithmetic, not causes. Where the difference is routine variation, it says so instead.

Examples:
  throughline drivers on-time-arrival --unit ewr --period 2013-06
  throughline drivers on-time-arrival --period 2013-07 --against before
  throughline drivers delay-cost-per-flight --period 2013-07 --format json";

pub const HISTORY: &str = "\
Examples:
  throughline history                        the latest commits
  throughline history r-okafor               the versions of a record
  throughline history unit/ewr               where several kinds have the key
  throughline history on-time-arrival --unit ewr --period 2013-W23  each value that was recorded
  throughline history --restatements 2013-07-08..2013-12-31 --period 2013-06
  throughline history --target-drift         targets that are not what was first agreed
  throughline history on-time-arrival --target-drift";

pub const ERASE: &str = "\
Name, key and address of the person can be read by nobody afterwards, and the ledger still verifies. There is no way back.

Examples:
  throughline erase a-lima --reason \"Request of 3 May\" --as r-okafor";

pub const INVITE: &str = "\
The link is shown once, opens once, and ends after seven days; a new one replaces the one before. It serves as well where
somebody forgot a password. The role is a commit of the plan; what shows who somebody is stands outside of it, and in no backup.

Examples:
  throughline invite r-okafor --role administrator
  throughline invite a-lima --role steward --at ewr --url https://throughline.example.org";

pub const VERIFY: &str = "\
Examples:
  throughline verify
  throughline verify --data /srv/throughline --format json
  throughline verify --against checkpoint.txt --public-key auditor.key.pub

Exit status: 0 nothing was altered, 1 something was.";

pub const PACK: &str = "\
The pack is made of what was known when the figures of the review were frozen: its agenda, each item with its figures and
chart, and what is noted without discussion. Made again, it has the same bytes, whatever was corrected since.

Examples:
  throughline pack operations-2014-01-14 --output pack.pdf";

pub const BACKUP: &str = "\
A backup is consistent as of one commit, and each commit is verified on the way. It has no data keys: those go to a file of
their own, which is kept elsewhere and deleted soon.

Examples:
  throughline backup /srv/backups            named by commit and time
  throughline backup ledger.backup           a file that is not there yet
  throughline backup --keys /srv/keys        the data keys of persons
  throughline backup /srv/backups --keys /srv/keys --database postgres://throughline@db/plan";

pub const RESTORE: &str = "\
The backup is restored beside, verified there as a whole, and only then put in its place. What goes wrong before changes
nothing. Persons who were erased stay erased, whatever keys there are.

Examples:
  throughline restore ledger.backup --keys ledger.keys
  throughline restore ledger.backup --data drill              a drill, beside the ledger
  throughline restore ledger.backup --replace                 the ledger that is there is kept aside
  throughline restore ledger.backup --database postgres://throughline@db/plan
  throughline restore --keys ledger.keys                      adds the keys to a ledger without";

pub const CHECKPOINT: &str = "\
What is inside the chain is shown by `verify` alone. That its end was cut off, or that all of it was written anew, shows
against a checkpoint that was kept elsewhere.

Examples:
  throughline checkpoint --new-key auditor.key                and auditor.key.pub
  throughline checkpoint --key auditor.key checkpoint.txt
  throughline checkpoint                                      printed, not signed
  throughline verify --against checkpoint.txt --public-key auditor.key.pub";

pub const DEMO: &str = "\
Examples:
  throughline demo                           all flights from New York in 2013, in a browser
  throughline demo --example nhs-ae          England's accident and emergency departments
  throughline demo --print                   the scorecard, here
  throughline demo --print --period 2013     the whole year
  throughline demo --data demo-data          keep the ledger, to go on with it";

pub const SERVE: &str = "\
People sign in. As long as nobody can who gives access, it prints a link that opens once and makes you the first
administrator. It listens on this machine alone; others reach it through a proxy that does TLS and hands on the name (`Host`).

Examples:
  throughline serve --data demo-data
  throughline serve --data /srv/throughline --listen 127.0.0.1:8080
  throughline serve --listen 127.0.0.1:8080 --public-url https://throughline.example.org
  throughline serve --mail-server smtps://throughline@mail.example.org:465 --mail-from no-reply@example.org";
