//! Makes the awkward workbook of `examples/kpi-workbook`, and knows what is in it.

use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet, XlsxError,
};

/// The units, one sheet each.
pub const UNITS: [&str; 3] = ["North", "West", "East"];

/// How many months there are, from November 2024.
pub const MONTHS: usize = 24;

/// How the cells of a measure are typed.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Numbers.
    Plain,
    /// Shares: as percent cells, as texts with %, as percentages without a sign, and as fractions.
    MixedPercent,
    /// Texts with thousands separators.
    Separated,
    /// Minus in brackets, as texts.
    Brackets,
}

/// A measure of the workbook.
pub struct Known {
    /// What the workbook calls it.
    pub label: &'static str,
    /// Its key after the import.
    pub key: &'static str,
    lead: &'static str,
    target: Option<f64>,
    base: f64,
    swing: f64,
    decimals: i32,
    style: Style,
    /// The way that is better.
    pub better: Option<&'static str>,
}

#[rustfmt::skip]
pub const MEASURES: [Known; 12] = [
    Known { label: "First visit fix %", key: "first-visit-fix-percent", lead: "Ana Lima", target: Some(0.82), base: 0.80, swing: 0.03, decimals: 3, style: Style::MixedPercent, better: Some("higher") },
    Known { label: "Supply int. mins/prop", key: "supply-int-mins-prop", lead: "Jo Tan", target: Some(6.0), base: 6.0, swing: 1.5, decimals: 1, style: Style::Plain, better: Some("lower") },
    Known { label: "Repeat contacts 14d %", key: "repeat-contacts-14d-percent", lead: "Ana Lima", target: Some(0.11), base: 0.115, swing: 0.01, decimals: 3, style: Style::MixedPercent, better: Some("lower") },
    Known { label: "Appts kept %", key: "appts-kept-percent", lead: "Ana Lima", target: Some(0.96), base: 0.935, swing: 0.02, decimals: 3, style: Style::MixedPercent, better: Some("higher") },
    Known { label: "Low pressure props", key: "low-pressure-props", lead: "Jo Tan", target: Some(230.0), base: 220.0, swing: 12.0, decimals: 0, style: Style::Plain, better: Some("lower") },
    Known { label: "Leakage Ml/d", key: "leakage-ml-d", lead: "Jo Tan", target: None, base: 150.0, swing: 3.0, decimals: 1, style: Style::Plain, better: Some("lower") },
    Known { label: "Opex variance £m", key: "opex-variance-m", lead: "Mark Doyle", target: Some(0.0), base: 0.05, swing: 0.4, decimals: 1, style: Style::Brackets, better: Some("lower") },
    Known { label: "Sickness days per FTE", key: "sickness-days-per-fte", lead: "Sue Bell", target: Some(3.1), base: 3.1, swing: 0.4, decimals: 1, style: Style::Plain, better: Some("lower") },
    Known { label: "Calls answered", key: "calls-answered", lead: "Ana Lima", target: Some(12_500.0), base: 12_400.0, swing: 900.0, decimals: 0, style: Style::Separated, better: Some("higher") },
    Known { label: "Customer satisfaction score", key: "customer-satisfaction-score", lead: "Ana Lima", target: Some(4.3), base: 4.1, swing: 0.3, decimals: 2, style: Style::Plain, better: Some("higher") },
    Known { label: "Safety incidents", key: "safety-incidents", lead: "Sue Bell", target: Some(2.0), base: 3.0, swing: 2.4, decimals: 0, style: Style::Plain, better: Some("lower") },
    Known { label: "Training completed %", key: "training-completed-percent", lead: "Sue Bell", target: Some(0.9), base: 0.88, swing: 0.05, decimals: 2, style: Style::MixedPercent, better: Some("higher") },
];

impl Known {
    /// The value in a month of a unit, as it is meant; `None` where the workbook says that there is none.
    pub fn value(&self, unit: usize, month: usize) -> Option<f64> {
        if (unit * 7 + month * 3 + self.label.len()).is_multiple_of(53) {
            return None;
        }
        // No chance in it, so that the file is the same whoever makes it: an angle that never repeats.
        let angle = (month as f64) * 2.399 + (unit as f64) * 1.1 + self.base;
        let value = self.base + self.swing * angle.sin() + self.swing * 0.3 * (unit as f64 - 1.0);
        let value = value + self.swing * self.shift(month);
        let scale = 10_f64.powi(self.decimals);
        Some((value * scale).round() / scale)
    }

    /// How far the last month lies from what is usual, in swings: of one measure for the worse, of one for the better.
    fn shift(&self, month: usize) -> f64 {
        match self.key {
            "repeat-contacts-14d-percent" if month + 1 == MONTHS => 8.0,
            "calls-answered" if month + 1 == MONTHS => 6.0,
            _ => 0.0,
        }
    }

    /// The target.
    pub fn target(&self) -> Option<f64> {
        self.target
    }
}

/// The name of a month, from November 2024.
pub fn month_name(month: usize) -> String {
    let (year, number) = year_and_month(month);
    format!("{year:04}-{number:02}")
}

fn year_and_month(month: usize) -> (u16, u8) {
    let months = 10 + month;
    let year = 2024 + u16::try_from(months / 12).expect("a year");
    (year, u8::try_from(months % 12 + 1).expect("a month"))
}

/// The bytes of the workbook.
pub fn make() -> Vec<u8> {
    built().expect("a workbook")
}

fn built() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 11, 1)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    for (unit, name) in UNITS.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(*name)?;
        match unit {
            0 => months_across(sheet, unit)?,
            1 => years_merged(sheet, unit)?,
            _ => targets_beside(sheet, unit)?,
        }
    }
    let lists = book.add_worksheet().set_name("Lists")?;
    lists.write(0, 0, "Leads")?;
    for (row, lead) in (1..).zip(["Ana Lima", "Jo Tan", "Mark Doyle", "Sue Bell"]) {
        lists.write(row, 0, lead)?;
    }
    let old = book.add_worksheet().set_name("Old")?;
    old.write(0, 0, "KPI")?
        .write(0, 1, "Oct-24")?
        .write(0, 2, "Nov-24")?;
    old.write(1, 0, "First visit fix %")?
        .write(1, 1, 0.5)?
        .write(1, 2, 0.5)?;
    old.set_hidden(true);
    book.save_to_buffer()
}

/// One row a measure, months as dates.
fn months_across(sheet: &mut Worksheet, unit: usize) -> Result<(), XlsxError> {
    let month = Format::new().set_num_format("mmm-yy");
    sheet.merge_range(
        0,
        0,
        0,
        26,
        "OPS KPIs North v7 FINAL",
        &Format::new().set_align(FormatAlign::Center),
    )?;
    sheet
        .write(1, 0, "KPI")?
        .write(1, 1, "Lead")?
        .write(1, 2, "Tgt")?;
    for index in 0..MONTHS {
        let (year, number) = year_and_month(index);
        sheet.write_with_format(
            1,
            column(3 + index),
            ExcelDateTime::from_ymd(year, number, 1)?,
            &month,
        )?;
    }
    let mut row = 2;
    for (index, known) in MEASURES.iter().enumerate() {
        if index == 6 {
            sheet.write(row, 0, "Money and people")?;
            row += 1;
        }
        sheet.write(row, 0, known.label)?;
        sheet.write(row, 1, known.lead)?;
        write_target(sheet, row, 2, known)?;
        for month in 0..MONTHS {
            write_value(sheet, row, column(3 + month), known, unit, month)?;
        }
        row += 1;
    }
    sheet.write(row, 0, "Total / avg")?;
    for month in 0..MONTHS {
        let column = column(3 + month);
        let formula =
            Formula::new("=AVERAGE(A1:A2)").set_result(if month == 4 { "#DIV/0!" } else { "42.1" });
        sheet.write(row, column, formula)?;
    }
    sheet.write(row + 1, 0, "NB red = bad month, see Dave's email")?;
    Ok(())
}

/// Years merged above the names of months, the headings at the left merged over both rows.
fn years_merged(sheet: &mut Worksheet, unit: usize) -> Result<(), XlsxError> {
    let center = Format::new().set_align(FormatAlign::Center);
    sheet.write(0, 0, "West region, as agreed with Jo")?;
    for (column, heading) in (0..).zip(["KPI", "Lead", "Target"]) {
        sheet.merge_range(2, column, 3, column, heading, &center)?;
    }
    for (first, last, year) in [(3, 4, 2024), (5, 16, 2025), (17, 26, 2026)] {
        sheet.merge_range(2, first, 2, last, "", &center)?;
        sheet.write_with_format(2, first, year, &center)?;
    }
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec",
    ];
    for index in 0..MONTHS {
        let (_, number) = year_and_month(index);
        sheet.write(3, column(3 + index), NAMES[usize::from(number) - 1])?;
    }
    for (row, known) in (4..).zip(&MEASURES) {
        sheet.write(row, 0, known.label)?;
        sheet.write(row, 1, known.lead)?;
        write_target(sheet, row, 2, known)?;
        for month in 0..MONTHS {
            write_value(sheet, row, column(3 + month), known, unit, month)?;
        }
    }
    sheet.write(
        16,
        0,
        "Source: depot returns, collected by hand on the third working day",
    )?;
    Ok(())
}

/// A target beside each value, below months that are merged over both; comments at the end.
fn targets_beside(sheet: &mut Worksheet, unit: usize) -> Result<(), XlsxError> {
    let center = Format::new().set_align(FormatAlign::Center);
    sheet.write(1, 0, "Measure")?.write(1, 1, "Owner")?;
    for index in 0..MONTHS {
        let first = column(2 + index * 2);
        let (year, number) = year_and_month(index);
        sheet.merge_range(
            0,
            first,
            0,
            first + 1,
            &format!("{number:02}/{year}"),
            &center,
        )?;
        sheet
            .write(1, first, "Actual")?
            .write(1, first + 1, "Target")?;
    }
    let end = column(2 + MONTHS * 2);
    sheet.write(1, end, "Comment")?;
    for (row, known) in (2..).zip(&MEASURES) {
        sheet.write(row, 0, known.label)?;
        sheet.write(row, 1, known.lead)?;
        for month in 0..MONTHS {
            let first = column(2 + month * 2);
            write_value(sheet, row, first, known, unit, month)?;
            write_target(sheet, row, first + 1, known)?;
        }
        if row % 4 == 0 {
            sheet.write(row, end, "checked with finance")?;
        }
    }
    sheet.write(14, 0, "TOTAL")?.write(14, 2, 12_345)?;
    Ok(())
}

fn column(number: usize) -> u16 {
    u16::try_from(number).expect("a column")
}

fn write_target(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    known: &Known,
) -> Result<(), XlsxError> {
    let percent = Format::new().set_num_format("0%");
    match (known.target, known.style) {
        (None, _) => sheet.write(row, column, "tbc")?,
        (Some(target), Style::MixedPercent) => {
            sheet.write_with_format(row, column, target, &percent)?
        }
        (Some(target), _) => sheet.write(row, column, target)?,
    };
    Ok(())
}

fn write_value(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    known: &Known,
    unit: usize,
    month: usize,
) -> Result<(), XlsxError> {
    let Some(value) = known.value(unit, month) else {
        match (unit + month) % 3 {
            0 => drop(sheet.write(row, column, "n/a")?),
            1 => drop(sheet.write(row, column, "-")?),
            _ => {}
        }
        return Ok(());
    };
    let fill = if month.is_multiple_of(3) {
        Color::RGB(0xff_c7_ce)
    } else {
        Color::RGB(0xc6_ef_ce)
    };
    let plain = Format::new().set_background_color(fill);
    let percent = Format::new().set_num_format("0.0%");
    let shown = |scale: f64| (value * scale * 1e6).round() / 1e6;
    match (known.style, month % 4) {
        (Style::Plain, _) if month % 5 == 4 => sheet.write(row, column, value.to_string())?,
        (Style::Plain, _) => sheet.write_with_format(row, column, value, &plain)?,
        (Style::MixedPercent, 0) => sheet.write_with_format(row, column, value, &percent)?,
        (Style::MixedPercent, 1) => sheet.write(row, column, format!("{} %", shown(100.0)))?,
        (Style::MixedPercent, 2) => sheet.write(row, column, shown(100.0))?,
        (Style::MixedPercent, _) => sheet.write(row, column, value)?,
        (Style::Separated, _) => sheet.write(row, column, separated(value))?,
        (Style::Brackets, _) if value < 0.0 => sheet.write(row, column, format!("({})", -value))?,
        (Style::Brackets, _) => sheet.write(row, column, format!("{value}"))?,
    };
    Ok(())
}

/// `12,345`
fn separated(value: f64) -> String {
    let whole = value as i64;
    format!("{},{:03}", whole / 1000, whole % 1000)
}
