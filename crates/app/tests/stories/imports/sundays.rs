//! Weeks that are named by Sundays, in one file after the other.

use throughline_app::{import_workbook, prepare_import};
use throughline_core::Role;
use throughline_workbook::mapping::Edge;

use super::{context, open};
use crate::bench::{block_on, folder};

/// Which days of their weeks the Sundays of a workbook are is kept beside what the plan says of its measures.
#[test]
fn sundays_of_the_next_file_are_what_those_of_the_file_before_were() {
    let folder = folder("import-sundays");
    block_on(async {
        let ctx = context(&folder, Role::Administrator).await;
        let text = "KPI,22/02/2026,01/03/2026\nTickets closed,38,40\n";
        let first = open(&ctx, "kpis.csv", text.as_bytes()).await;
        let prepared = prepare_import(&ctx, &first, None).await.expect("prepared");
        let mut mapping = prepared.understood.mapping;
        mapping.measures[0].sundays = Some(Edge::Last);
        import_workbook(&ctx, &first, Some(&mapping))
            .await
            .expect("imported");
        ctx.close().await;

        let ctx = context(&folder, Role::Administrator).await;
        let text = "KPI,01/03/2026,08/03/2026\nTickets closed,40,42\n";
        let next = open(&ctx, "kpis.csv", text.as_bytes()).await;
        let prepared = prepare_import(&ctx, &next, Some(&mapping))
            .await
            .expect("prepared");
        let effect = prepared.effect;
        assert_eq!((effect.added, effect.unchanged), (1, 1));
        // Where nothing was kept of them it is asked, though the plan has the measure.
        let prepared = prepare_import(&ctx, &next, None).await.expect("prepared");
        let remarks = &prepared.understood.remarks;
        assert!(
            remarks
                .iter()
                .any(|remark| remark.contains("the weeks of Tickets closed are named by Sundays")),
            "{remarks:?}"
        );
        ctx.close().await;
    });
}
