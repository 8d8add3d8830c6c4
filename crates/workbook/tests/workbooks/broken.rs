//! Files that are broken, huge, protected or no workbooks: clear words, and nothing half taken in.

use std::io::{Cursor, Write};

use proptest::prelude::*;
use rust_xlsxwriter::{Formula, Workbook};
use throughline_workbook::{Meaning, WorkbookError, read, understand};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::awkward;

fn refused(name: &str, bytes: &[u8]) -> String {
    let error = read(name, bytes).expect_err("it is refused");
    format!("{error}; {}", error.help())
}

/// An archive of parts, compressed.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(bytes).expect("a part");
    }
    zip.finish().expect("an archive").into_inner()
}

#[test]
fn what_is_no_workbook_is_named() {
    let old = [
        &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..],
        &[0; 600],
    ]
    .concat();
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let protected = [old.as_slice(), &name].concat();
    let told = [
        refused("a.xlsx", b""),
        refused("a.csv", b"\n\n , \n"),
        refused("a.xls", &old),
        refused("dir/a.xlsx", &protected),
        refused("a.xlsb", &archive(&[("xl/workbook.bin", b"x")])),
        refused("a.docx", &archive(&[("word/document.xml", b"x")])),
        refused(
            "a.ods",
            &archive(&[
                ("content.xml", b"x"),
                ("META-INF/manifest.xml", b"<m:encryption-data/>"),
            ]),
        ),
        refused("a.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
    ];
    let expected = [
        "a.xlsx is empty; give a workbook with measures, periods and values",
        "a.csv is empty; give a workbook with measures, periods and values",
        "a.xls is an .xls file of Excel 97 to 2003, or another old office document, which is not read; save it as .xlsx, and import that",
        "a.xlsx is protected with a password; open it in a spreadsheet, save it without a password, and import that",
        "a.xlsb is an .xlsb file, which is not read; save it as .xlsx, and import that",
        "a.docx is no workbook and no table; give a .xlsx, .ods or .csv file",
        "a.ods is protected with a password; open it in a spreadsheet, save it without a password, and import that",
        "a.png is no workbook and no table; give a .xlsx, .ods or .csv file",
    ];
    assert_eq!(told, expected);
}

#[test]
fn half_a_workbook_is_damaged() {
    let whole = awkward::make();
    for part in [whole.len() / 3, whole.len() / 2, whole.len() - 10] {
        let error = read("a.xlsx", &whole[..part]).expect_err("half of it");
        assert!(matches!(error, WorkbookError::Damaged { .. }), "{error}");
    }
}

#[test]
fn what_expands_too_far_is_refused() {
    let nothing = vec![b' '; 8 * 1024 * 1024];
    let bomb = archive(&[
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &nothing),
    ]);
    assert!(bomb.len() < 80 * 1024);
    assert!(matches!(
        read("a.xlsx", &bomb),
        Err(WorkbookError::Bomb { .. })
    ));
    let large = vec![b','; 20 * 1024 * 1024 + 1];
    assert!(matches!(
        read("a.csv", &large),
        Err(WorkbookError::TooLarge { .. })
    ));
}

#[test]
fn a_million_cells_are_enough() {
    let row = format!("{}1\n", "1,".repeat(999));
    let most = row.repeat(1000);
    assert_eq!(
        read("a.csv", most.as_bytes()).expect("a million").cells(),
        1_000_000
    );
    let told = refused("a.csv", format!("{most}1\n").as_bytes());
    assert!(
        told.starts_with(
            "a.csv has more than 1000000 cells with something in them, counted up to a!A1001;"
        ),
        "{told}"
    );
}

#[test]
fn repeated_cells_of_an_open_document_are_counted_and_not_spread() {
    let ods = |content: &str| {
        let content = format!(
            "<office:document-content><table:table table:name=\"A\">{content}</table:table></office:document-content>"
        );
        let manifest = b"application/vnd.oasis.opendocument.spreadsheet";
        archive(&[
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", manifest),
        ])
    };
    let empty = ods(
        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
    );
    assert!(matches!(
        read("a.ods", &empty),
        Err(WorkbookError::Empty { .. })
    ));
    let full = ods(
        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16384\"/></table:table-row>",
    );
    assert!(matches!(
        read("a.ods", &full),
        Err(WorkbookError::TooManyCells { .. })
    ));
}

#[test]
fn one_cell_far_away_costs_one_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "KPI").expect("a cell");
    sheet.write(1_048_575, 16_383, 1.0).expect("a cell");
    let book = read("a.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a workbook");
    assert_eq!(book.cells(), 2);
}

#[test]
fn only_text_makes_no_plan() {
    let book = read(
        "a.csv",
        b"Dear all,\nplease find the KPIs attached,\nregards\n",
    )
    .expect("a table");
    let error = understand(&book, None).nothing.expect("no plan");
    assert_eq!(
        error.to_string(),
        "nothing in a.csv is understood as a value of a measure in a period: no sheet that is read has a table"
    );
}

#[test]
fn formulas_give_what_was_saved_and_errors_are_left_out() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["KPI", "2025-01", "2025-02", "2025-03"]) {
        sheet.write(0, column, heading).expect("a cell");
    }
    sheet.write(1, 0, "Complaints").expect("a cell");
    sheet
        .write(1, 1, Formula::new("=1+1").set_result("2"))
        .expect("a cell");
    sheet
        .write(1, 2, Formula::new("=1/0").set_result("#DIV/0!"))
        .expect("a cell");
    sheet.write(1, 3, 3).expect("a cell");
    let book = read("a.xlsx", &book.save_to_buffer().expect("a workbook")).expect("a workbook");
    let understood = understand(&book, None);
    let values: Vec<f64> = understood
        .draft
        .observations
        .iter()
        .map(|one| one.value)
        .collect();
    assert_eq!(values, [2.0, 3.0]);
    let error = understood
        .cells
        .iter()
        .find(|cell| cell.cell.to_string() == "C2")
        .expect("the cell");
    let because = "the formula gives the error #DIV/0!".to_owned();
    assert_eq!(
        error.meaning,
        Meaning::LeftOut {
            because,
            doubted: None
        }
    );
}

#[test]
fn macros_are_not_run_and_that_is_said() {
    let mut zip = ZipWriter::new_append(Cursor::new(awkward::make())).expect("the workbook");
    zip.start_file("xl/vbaProject.bin", SimpleFileOptions::default())
        .expect("a part");
    zip.write_all(b"macros").expect("a part");
    let bytes = zip.finish().expect("an archive").into_inner();
    let book = read("a.xlsm", &bytes).expect("a workbook");
    let understood = understand(&book, None);
    assert!(
        understood.remarks[0].contains("macros, which are not run"),
        "{:?}",
        understood.remarks
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        if let Ok(book) = read("a.csv", &bytes) {
            drop(understand(&book, None));
        }
    }

    #[test]
    fn any_table_is_understood_or_refused(text in "(KPI|Target|Jan|2025|Q1 25|1,2|[a-z%/]{0,6}|[,;\n\"])*") {
        if let Ok(book) = read("a.csv", text.as_bytes()) {
            drop(understand(&book, None));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_change_of_a_workbook_is_read_or_refused(at in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = awkward::make();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        drop(read("a.xlsx", &bytes));
    }
}
