//! Workbooks as people have them, through the import.

mod awkward;
mod broken;
mod cells;
mod kept;
mod nothing;
mod scorecard_of_new_york;
mod series;
mod shapes;
mod small;
mod the_awkward_one;
mod weeks;
