//! A block: up to [`BLOCK_ROWS`] observations of one commit, packed by column and compressed (Arrow IPC stream, LZ4).
//!
//! The same observations give the same bytes: rows are sorted by cell, and the dictionaries of measures and units are
//! in the order of their ids. A period is kept as its first and last day; its frequency is told from its length.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{
    Date32Builder, Float64Builder, Int8Builder, Int32Builder, StringBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int8Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, RecordBatch, StringArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use jiff::SignedDuration;
use jiff::civil::Date;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};
use throughline_model::observation::{Cell, Observation, ObservationState};
use uuid::Uuid;

use crate::extent::Extent;

/// The most rows of one block.
pub const BLOCK_ROWS: usize = 65_536;

pub use throughline_model::observation::NOTE_LENGTH_LIMIT;

/// How many words of states stand in each block, used or not.
const STATES_IN_EACH_BLOCK: usize = 2;

/// The day from which days are counted, as Arrow does.
const DAY_ZERO: Date = Date::constant(1970, 1, 1);

const HOURS_PER_DAY: i64 = 24;

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let dictionary =
        |key: DataType, value: DataType| DataType::Dictionary(Box::new(key), Box::new(value));
    let id = || dictionary(DataType::Int32, DataType::FixedSizeBinary(16));
    let fields = vec![
        Field::new("measure", id(), false),
        Field::new("unit", id(), false),
        Field::new("first_day", DataType::Date32, false),
        Field::new("last_day", DataType::Date32, false),
        Field::new("value", DataType::Float64, true),
        Field::new("weight", DataType::Float64, true),
        Field::new("state", dictionary(DataType::Int8, DataType::Utf8), true),
        Field::new("note", DataType::Utf8, true),
    ];
    let metadata = HashMap::from([("throughline.block".to_owned(), "1".to_owned())]);
    Arc::new(Schema::new_with_metadata(fields, metadata))
});

/// What a block of these observations, which are sorted by cell, is stored as.
///
/// # Errors
/// What Arrow says; with valid observations and at most [`BLOCK_ROWS`] of them there is nothing that it could say.
pub(crate) fn encode(observations: &[Observation]) -> Result<Vec<u8>, ArrowError> {
    let batch = RecordBatch::try_new(SCHEMA.clone(), columns(observations)?)?;
    let options =
        IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &SCHEMA, options)?;
    writer.write(&batch)?;
    writer.finish()?;
    writer.into_inner()
}

fn columns(observations: &[Observation]) -> Result<Vec<ArrayRef>, ArrowError> {
    let rows = observations.len();
    let mut first_days = Date32Builder::with_capacity(rows);
    let mut last_days = Date32Builder::with_capacity(rows);
    let mut values = Float64Builder::with_capacity(rows);
    let mut weights = Float64Builder::with_capacity(rows);
    let mut states = Int8Builder::with_capacity(rows);
    let mut notes = StringBuilder::new();
    for observation in observations {
        first_days.append_value(day_number(observation.cell.period.first));
        last_days.append_value(day_number(observation.cell.period.last));
        values.append_option(observation.value);
        weights.append_option(observation.weight);
        states.append_option(observation.state.map(|state| state as i8));
        notes.append_option(observation.note.as_deref());
    }
    let words = StringArray::from_iter_values(state_words(observations));
    let measures = observations
        .iter()
        .map(|observation| observation.cell.measure.as_uuid());
    let units = observations
        .iter()
        .map(|observation| observation.cell.unit.as_uuid());
    Ok(vec![
        id_column(measures)?,
        id_column(units)?,
        Arc::new(first_days.finish()),
        Arc::new(last_days.finish()),
        Arc::new(values.finish()),
        Arc::new(weights.finish()),
        Arc::new(DictionaryArray::try_new(states.finish(), Arc::new(words))?),
        Arc::new(notes.finish()),
    ])
}

/// The words of the states. The first two stand in each block, as they did when there were no others; those after them up to
/// the last one that a block uses, so that blocks without them keep their bytes.
fn state_words(observations: &[Observation]) -> impl Iterator<Item = &'static str> {
    let states = observations.iter().filter_map(|one| one.state);
    let used = states.map(|state| state as usize + 1).max().unwrap_or(0);
    let all = ObservationState::ALL.iter().map(|state| state.word());
    all.take(used.max(STATES_IN_EACH_BLOCK))
}

/// A column of ids, each of which is stored once.
fn id_column(ids: impl ExactSizeIterator<Item = Uuid> + Clone) -> Result<ArrayRef, ArrowError> {
    let mut distinct: Vec<Uuid> = Vec::new();
    let mut last = None;
    // Ids come in runs, so most repetitions are left out before sorting.
    for id in ids.clone() {
        if last.replace(id) != Some(id) {
            distinct.push(id);
        }
    }
    distinct.sort_unstable();
    distinct.dedup();
    let numbers: HashMap<Uuid, i32> = distinct.iter().copied().zip(0..).collect();
    let mut keys = Int32Builder::with_capacity(ids.len());
    let mut known: Option<(Uuid, i32)> = None;
    for id in ids {
        let number = match known {
            Some((same, number)) if same == id => number,
            _ => numbers[&id],
        };
        known = Some((id, number));
        keys.append_value(number);
    }
    let values = FixedSizeBinaryArray::try_from_iter(distinct.iter().map(Uuid::as_bytes))?;
    Ok(Arc::new(DictionaryArray::try_new(
        keys.finish(),
        Arc::new(values),
    )?))
}

/// What was unpacked of a block.
pub(crate) struct Unpacked {
    /// The observations that were asked for, in their stored order: ascending by cell.
    pub(crate) observations: Vec<Observation>,
    /// How many observations the block has.
    pub(crate) rows: usize,
}

/// The observations of a block whose measures, units and days lie within an extent. The others are passed over before
/// anything is made of them.
///
/// # Errors
/// Why the bytes are no such block.
pub(crate) fn decode(bytes: &[u8], wanted: &Extent) -> Result<Unpacked, String> {
    let say = |error: ArrowError| format!("the block does not read: {error}");
    let reader = StreamReader::try_new(bytes, None).map_err(say)?;
    if reader.schema() != *SCHEMA {
        return Err("the block has other columns".to_owned());
    }
    let mut unpacked = Unpacked {
        observations: Vec::new(),
        rows: 0,
    };
    for batch in reader {
        let batch = batch.map_err(say)?;
        rows(&batch, wanted, &mut unpacked.observations)?;
        unpacked.rows += batch.num_rows();
        if unpacked.rows > BLOCK_ROWS {
            return Err(format!("the block has more than {BLOCK_ROWS} rows"));
        }
    }
    let mut pairs = unpacked.observations.windows(2);
    if pairs.all(|pair| pair[0].cell < pair[1].cell) {
        Ok(unpacked)
    } else {
        Err("the observations of the block are not in order".to_owned())
    }
}

fn rows(
    batch: &RecordBatch,
    wanted: &Extent,
    observations: &mut Vec<Observation>,
) -> Result<(), String> {
    let (measure_of, measures) = ids(batch.column(0))?;
    let (unit_of, units) = ids(batch.column(1))?;
    let first_days = batch.column(2).as_primitive::<Date32Type>().values();
    let last_days = batch.column(3).as_primitive::<Date32Type>().values();
    let values = batch.column(4).as_primitive::<Float64Type>();
    let weights = batch.column(5).as_primitive::<Float64Type>();
    let states = batch.column(6).as_dictionary::<Int8Type>();
    let state_words: Vec<Option<ObservationState>> = states
        .values()
        .as_string::<i32>()
        .iter()
        .map(|word| state(word?))
        .collect();
    let notes = batch.column(7).as_string::<i32>();
    // Of an id it is found out once whether it is wanted, and not of each row.
    let with_answer = |ids: Vec<Uuid>, is_wanted: &dyn Fn(Uuid) -> bool| -> Vec<(Uuid, bool)> {
        ids.into_iter().map(|id| (id, is_wanted(id))).collect()
    };
    let measures = with_answer(measures, &|id| wanted.has_measure(id));
    let units = with_answer(units, &|id| wanted.has_unit(id));
    for row in 0..batch.num_rows() {
        let id = |ids: &[(Uuid, bool)], number: i32| {
            ids.get(number as usize)
                .copied()
                .ok_or("the block names an id that it does not have")
        };
        let (measure, is_measure_wanted) = id(&measures, measure_of[row])?;
        let (unit, is_unit_wanted) = id(&units, unit_of[row])?;
        let is_day_wanted = wanted.has_days(i64::from(first_days[row]), i64::from(last_days[row]));
        if !(is_measure_wanted && is_unit_wanted && is_day_wanted) {
            continue;
        }
        let state = states
            .key(row)
            .map(|number| state_words.get(number).copied().flatten());
        if state == Some(None) {
            return Err("the block has a state that does not exist".to_owned());
        }
        observations.push(Observation {
            cell: Cell {
                measure: MeasureId::from_uuid(measure),
                unit: UnitId::from_uuid(unit),
                period: period(first_days[row], last_days[row])?,
            },
            value: values.is_valid(row).then(|| values.value(row)),
            weight: weights.is_valid(row).then(|| weights.value(row)),
            state: state.flatten(),
            note: notes.is_valid(row).then(|| notes.value(row).to_owned()),
        });
    }
    Ok(())
}

/// The numbers in a column of ids, and the ids that they stand for.
fn ids(column: &ArrayRef) -> Result<(&[i32], Vec<Uuid>), String> {
    let column = column.as_dictionary::<Int32Type>();
    let values = column.values().as_fixed_size_binary().iter();
    let ids = values.map(|bytes| bytes.and_then(|bytes| Uuid::from_slice(bytes).ok()));
    let ids = ids
        .collect::<Option<Vec<Uuid>>>()
        .ok_or("the block has an empty id")?;
    Ok((column.keys().values(), ids))
}

fn state(word: &str) -> Option<ObservationState> {
    ObservationState::ALL
        .iter()
        .copied()
        .find(|state| state.word() == word)
}

/// The number of days from 1970-01-01.
pub(crate) fn day_number(date: Date) -> i32 {
    // Dates lie within 9,999 years, which are fewer than four million days.
    (date.duration_since(DAY_ZERO).as_hours() / HOURS_PER_DAY) as i32
}

fn date(day_number: i32) -> Option<Date> {
    DAY_ZERO
        .checked_add(SignedDuration::from_hours(
            i64::from(day_number) * HOURS_PER_DAY,
        ))
        .ok()
}

fn period(first: i32, last: i32) -> Result<Period, String> {
    let frequency = i64::from(last) - i64::from(first) + 1;
    match (frequency_of_length(frequency), date(first), date(last)) {
        (Some(frequency), Some(first), Some(last)) => Ok(Period {
            frequency,
            first,
            last,
        }),
        _ => Err("the block has a period that does not exist".to_owned()),
    }
}

/// The frequency of a period of so many days; `None` if no period has that length. Whether it is a fiscal one does not
/// show in the days, and does not matter: a period is its days.
pub(crate) const fn frequency_of_length(days: i64) -> Option<Frequency> {
    match days {
        1 => Some(Frequency::Day),
        7 => Some(Frequency::Week),
        28..=31 => Some(Frequency::Month),
        89..=92 => Some(Frequency::Quarter),
        181..=184 => Some(Frequency::HalfYear),
        365 | 366 => Some(Frequency::Year),
        _ => None,
    }
}

/// Cuts sorted observations into blocks and encodes them, on as many threads as the machine has.
pub(crate) fn encode_all(observations: &[Observation]) -> Result<Vec<Vec<u8>>, ArrowError> {
    let blocks: Vec<&[Observation]> = observations.chunks(BLOCK_ROWS).collect();
    in_parallel(&blocks, |block| encode(block))
        .into_iter()
        .collect()
}

/// The answers for each of the tasks, in their order.
pub(crate) fn in_parallel<T: Sync, R: Send>(tasks: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(tasks.len().max(1));
    if threads == 1 {
        return tasks.iter().map(work).collect();
    }
    let share = tasks.len().div_ceil(threads);
    let work = &work;
    std::thread::scope(|scope| {
        let shares = tasks
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<R>>()));
        let running: Vec<_> = shares.collect();
        let answers = running.into_iter().map(|thread| match thread.join() {
            Ok(answers) => answers,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        answers.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many observations of as many units, in order.
    fn observations(count: usize) -> Vec<Observation> {
        let period = period(0, 6).expect("a week");
        let observation = |number: u128| Observation {
            cell: Cell {
                measure: MeasureId::from_uuid(Uuid::nil()),
                unit: UnitId::from_uuid(Uuid::from_u128(number)),
                period,
            },
            value: Some(1.0),
            weight: None,
            state: None,
            note: None,
        };
        (0..count as u128).map(observation).collect()
    }

    #[test]
    fn a_block_has_its_most_rows_and_no_more() {
        let full = observations(BLOCK_ROWS);
        let everything = Extent::everything();
        let unpacked = decode(&encode(&full).unwrap(), &everything).unwrap();
        assert_eq!((unpacked.rows, unpacked.observations), (full.len(), full));
        let too_many = encode(&observations(BLOCK_ROWS + 1)).unwrap();
        let refused = decode(&too_many, &everything).err();
        assert_eq!(
            refused.as_deref(),
            Some("the block has more than 65536 rows")
        );
    }

    #[test]
    fn what_is_not_asked_for_is_passed_over() {
        let all = observations(9);
        let bytes = encode(&all).unwrap();
        let wanted = Extent::of([&all[3].cell, &all[5].cell]).unwrap();
        let unpacked = decode(&bytes, &wanted).unwrap();
        assert_eq!(
            (unpacked.rows, unpacked.observations.as_slice()),
            (9, &all[3..=5])
        );
        let mut later = all[3].cell;
        later.period = period(7, 13).unwrap();
        let unpacked = decode(&bytes, &Extent::of([&later]).unwrap()).unwrap();
        assert_eq!((unpacked.rows, unpacked.observations.len()), (9, 0));
    }
}
