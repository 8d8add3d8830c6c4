//! A small plan with its observations, for the stories.

use crate::bench::Bench;

const ORGANISATION: &str = "\
organisation:
  key: harbour
  name: Harbour Airports
  time_zone: America/New_York
units:
  - { key: harbour, name: Harbour Airports }
  - { key: ewr, name: Newark, parent: harbour }
  - { key: jfk, name: Kennedy, parent: harbour }
people:
  - { key: r-okafor, name: Ruth Okafor, email: ruth@example.org, unit: harbour, level: executive }
  - { key: a-lima, name: Ana Lima, unit: ewr, level: manager, reports_to: r-okafor }
";

const STRATEGY: &str = "\
strategy: { key: to-2017, name: The airline people set their watch by, from: 2013, to: 2017 }
perspectives:
  - { key: customers, name: Customers }
  - { key: money, name: Financial }
objectives:
  - { key: arrive, name: Flights arrive on time, perspective: customers, owner: r-okafor, measures: [on-time, { measure: delay, weight: 2 }], due: 2017 }
  - { key: earn, name: Each flight earns, perspective: money, owner: r-okafor, measures: [per-flight], due: 2017 }
";

const MAP: &str = "\
outcomes:
  - { key: leave, name: Flights leave on time, owner: a-lima, measures: [on-time] }
links:
  - { from: leave, to: arrive, effect: raises, lag: 0 weeks, strength: moderate, why: Who leaves late arrives late., review_by: 2014-12-31 }
";

const MEASURES: &str = "\
measures:
  - key: on-time
    name: On-time arrivals
    kind: ratio
    shown_as: \"%\"
    decimals: 1
    better: higher
    frequency: month
    indicator: leading
    owner: r-okafor
    steward: a-lima
    validator: r-okafor
    due: 5 days
  - { key: delay, name: Mean delay, kind: mean, shown_as: min, decimals: 1, better: lower, frequency: month, indicator: lagging, owner: r-okafor, steward: a-lima }
  - { key: revenue, name: Revenue, kind: sum, shown_as: USD, frequency: month, financial: true, owner: r-okafor, steward: a-lima }
  - { key: flights, name: Flights, kind: sum, frequency: month, owner: r-okafor, steward: a-lima }
  - { key: per-flight, name: Revenue per flight, kind: formula, formula: revenue / flights, shown_as: USD, decimals: 0, better: higher, frequency: month, financial: true, owner: r-okafor }
targets:
  - { measure: on-time, unit: harbour, baseline: { period: 2012, value: 0.70 }, points: [{ period: 2013-01, value: 0.74 }, { period: 2013-12, value: 0.80 }], joined: line }
  - { measure: delay, unit: harbour, points: [{ period: 2013-01, value: 12 }], floor: 15 }
  - { measure: per-flight, unit: harbour, points: [{ period: 2013-01, value: 100 }] }
";

/// The observations of the first half of 2013.
pub const OBSERVATIONS: &str = "\
measure,unit,period,value,weight
on-time,ewr,2013-05,0.72,1000
on-time,jfk,2013-05,0.78,1200
on-time,ewr,2013-06,0.70,1100
on-time,jfk,2013-06,0.80,1300
delay,ewr,2013-06,16,1100
delay,jfk,2013-06,11.5,1300
revenue,ewr,2013-06,110000,
revenue,jfk,2013-06,143000,
flights,ewr,2013-06,1100,
flights,jfk,2013-06,1300,
";

/// A bench with the plan in `plan` and its observations in `observations.csv`.
pub fn bench(name: &str) -> Bench {
    let bench = Bench::new(name);
    bench.write("plan/organisation.yaml", ORGANISATION);
    bench.write("plan/strategy.yaml", STRATEGY);
    bench.write("plan/map.yaml", MAP);
    bench.write("plan/measures.yaml", MEASURES);
    bench.write("observations.csv", OBSERVATIONS);
    bench
}

/// A bench with a ledger that has the plan since 15 June and the observations since 8 July 2013. `plan` is as it was written
/// by hand, and `applied` has the base that was written into it.
pub fn with_ledger(name: &str) -> Bench {
    let bench = bench(name);
    bench.copy("plan", "applied");
    bench.transcript(
        "@ 2013-06-15T12:00:00Z
        apply applied --reason 'First plan' --as r-okafor
        @ 2013-07-08T12:00:00Z
        load observations.csv --reason 'First half of 2013' --as a-lima",
    );
    bench
}
