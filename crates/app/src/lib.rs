//! The use cases: each authorises first, then loads and computes, and commits last.
//!
//! Every way in (the command line now, pages and a programming interface later) calls the same functions with a
//! [`Ctx`]: who acts, what time it is, where new ids come from, and the ledger, which is out of reach without a proof
//! from the [policy](crate::policy). Nothing here prints, and nothing here reads a clock by itself.

pub mod access;
pub mod agenda;
mod apply_plan;
mod backup;
mod beside;
mod check_plan;
mod consequences;
mod context;
mod corrections;
mod course;
mod decisions;
mod demo;
mod diff_plan;
pub mod drivers;
pub mod edit;
pub mod entry;
mod erase_person;
mod error;
pub mod evidence;
mod examples;
mod explain;
mod explain_node;
mod export_plan;
mod figures;
pub mod files;
mod find;
pub mod history;
mod import_workbook;
mod initiative_state;
mod initiatives;
pub mod insight;
mod instant;
pub mod json;
mod latest_period;
mod line_of_sight;
pub mod live;
mod load_observations;
mod look_through;
pub mod mail;
mod measure;
mod notes;
mod observations;
mod once;
pub mod pack;
mod person;
mod plan_folder;
pub mod policy;
mod read_values;
mod records;
mod remarks;
pub mod review;
mod scorecard;
pub mod selection;
mod sight;
mod tally;
mod tested_links;
#[cfg(test)]
mod testing;
mod ties;
mod trend;
mod verify_ledger;
mod where_read;
pub mod words;
mod written;

pub use apply_plan::{AppliedPlan, ApplyOptions, apply_plan};
pub use backup::{BackedUpLedger, back_up, checkpoint, new_signing_key, restore, restore_keys};
pub use beside::{PATIENCE, Waiting};
pub use check_plan::{CheckedPlan, check_plan};
pub use context::{Ctx, NoProgress, Progress};
pub use corrections::{Correction, Corrections, ReadCorrections, corrections};
pub use course::{Course, CoursePoint, Reach};
pub use decisions::{Decision, decisions, decisions_so_far};
pub use demo::{Demo, demo};
pub use diff_plan::{PlanDiff, diff_plan};
pub use erase_person::{ErasedPerson, erase_person};
pub use error::{AppError, PlanConflict, RETRY_AFTER};
pub use examples::Example;
pub use explain::{ExplainedReading, Hidden, explain, explain_at};
pub use explain_node::{Explained, ExplainedNode, LeftOut, explain_named};
pub use export_plan::{ExportedPlan, current_plan, export_plan};
pub use figures::{main_measure, node_reading};
pub use find::{FOUND_KINDS, FoundRecord, QUERY_LENGTH_MAX, Words, find};
pub use import_workbook::{
    CellCounts, CellLeftOut, CellsLeftOut, DIFFERING_TOLD_MAX, Differing, FoundMeasure,
    ImportEffect, ImportedWorkbook, KeptMapping, OpenedWorkbook, OutsideFile, PreparedImport,
    Recording, WORKBOOKS_MAX, WaitingFigures, import_workbook, kept_mappings, open_workbook,
    prepare_import, read_mapping,
};
pub use initiative_state::{InitiativeState, done_by, done_count, is_late, next_milestone};
pub use initiatives::{ReadInitiatives, initiatives};
pub use latest_period::Newer;
pub use line_of_sight::{
    Part, PartRole, ReadLineOfSight, Step, line_of_sight, line_through, may_see_line_of,
};
pub use live::{Limits, Live, Remembered, Snapshot};
pub use load_observations::{LoadOptions, LoadedObservations, load_observations};
pub use look_through::{Eyes, eyes, stand_in};
pub use measure::{BELOW_MAX, Below, ReadMeasure, measure, readings_below};
pub use notes::{
    NewNote, Noted, ON_CHART_MAX, add_note, may_confirm, may_note, put_note_back, withdraw_note,
};
pub use observations::{ReadObservations, observations};
pub use once::{ANSWER_KEPT_FOR, IDEMPOTENCY_KEY_LENGTH_LIMIT};
pub use person::{Duty, DutyPart, ReadPerson, duties_of, each_duty, person};
pub use plan_folder::FolderOptions;
pub use records::{ReadPlanRecords, plan_records};
pub use remarks::Remarks;
pub use scorecard::{ReadScorecard, scorecard};
pub use selection::{Selected, Selection, selected};
pub use tally::{STATUS_ORDER, StatusCounts};
pub use tested_links::{initiatives_testing, links_tested_by};
pub use ties::{Tie, Tied, leads_to, led_to_by, strongest};
pub use trend::{TREND_PERIODS, Trend, trends, trends_at, trends_known, trends_so_far};
pub use verify_ledger::{VerifiedLedger, verify_ledger};
pub use where_read::{AtUnit, NotRead};
