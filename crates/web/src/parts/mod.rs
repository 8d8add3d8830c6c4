//! Partials: pieces of pages with a template of their own. A page struct holds them, and its template writes them with
//! `|safe`, because they have escaped what is in them themselves.

pub mod changes;
pub mod course_chart;
pub mod decisions;
pub mod difference;
pub mod due_cell;
pub mod import_measures;
pub mod import_summary;
pub mod initiatives;
pub mod lineage;
pub mod measures;
pub mod meeting;
pub mod observations;
pub mod pages;
pub mod people_of_measure;
pub mod person_mark;
pub mod place_bar;
pub mod problems;
pub mod readings;
pub mod record_fields;
pub mod recorded;
pub mod review_item;
pub mod review_notes;
pub mod scorecard;
pub mod sent_cells;
pub mod sheet;
pub mod sight;
pub mod signal;
pub mod status;
pub mod steps;
pub mod strategy_map;
pub mod tally;
pub mod ties;
pub mod told_changes;
pub mod waiting_figure;
