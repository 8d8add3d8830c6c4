//! Where each vertex stands: above the middle of its neighbours as far as order and gaps allow.

use super::order::Layers;

/// Between two boxes: room for a link from one to the other.
const GAP: f64 = 24.0;
/// On each side of a bend.
const GAP_OF_BEND: f64 = 10.0;
/// How wide a bend is: room for a line, apart from its neighbours.
const BEND_WIDTH: f64 = 6.0;
/// The widest box.
pub(super) const NODE_WIDTH_MAX: f64 = 288.0;
/// The narrowest box in which a status can be read.
pub(super) const NODE_WIDTH_MIN: f64 = 140.0;
/// How much of a row boxes may fill before they get narrower: the rest lets them move to their neighbours.
const FILLED_SHARE: f64 = 0.99;
const ROUNDS: usize = 30;
/// How much neighbours draw a box, against an even spread over the row. Bends follow their neighbours alone.
const PULL: f64 = 0.62;
/// Bends resist more than boxes, so that long links are straight.
const BEND_WEIGHT: f64 = 2.0;

/// Where everything stands from left to right, in pixels from the left end of the rows.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The middle of each vertex.
    pub x: Vec<f64>,
    /// The width of each vertex.
    pub widths: Vec<f64>,
    /// The width of the rows: as asked, or more if a row needs it.
    pub width: f64,
}

/// Places the vertices of ordered rows on a width, or on more if they need it.
pub(super) fn place(layers: &Layers, width: f64) -> Places {
    let mut widths = vec![BEND_WIDTH; layers.row_of.len()];
    let mut needed = width;
    for row in &layers.rows {
        let nodes = row
            .iter()
            .filter(|vertex| !layers.is_bend(**vertex))
            .count();
        let bends = row.len() - nodes;
        let rest = width * FILLED_SHARE - bends as f64 * BEND_WIDTH - gaps(layers, row);
        let node = (rest / nodes.max(1) as f64)
            .clamp(NODE_WIDTH_MIN, NODE_WIDTH_MAX)
            .floor();
        for vertex in row.iter().filter(|vertex| !layers.is_bend(**vertex)) {
            widths[*vertex] = node;
        }
        needed = needed.max(total(layers, row, &widths));
    }
    let mut places = Places {
        x: vec![0.0; layers.row_of.len()],
        widths,
        width: needed,
    };
    places.settle(layers);
    places.fill();
    places
}

/// The width that a row needs.
fn total(layers: &Layers, row: &[usize], widths: &[f64]) -> f64 {
    row.iter().map(|vertex| widths[*vertex]).sum::<f64>() + gaps(layers, row)
}

/// What lies between the vertices of a row.
fn gaps(layers: &Layers, row: &[usize]) -> f64 {
    row.windows(2).map(|two| gap(layers, two)).sum()
}

/// What lies between two vertices; nothing behind the last one.
fn gap(layers: &Layers, two: &[usize]) -> f64 {
    match two {
        [one, other] if layers.is_bend(*one) || layers.is_bend(*other) => GAP_OF_BEND,
        [_, _] => GAP,
        _ => 0.0,
    }
}

impl Places {
    /// Moves each row to its neighbours, downwards and upwards in turn.
    fn settle(&mut self, layers: &Layers) {
        let even = |row: &[usize], index: usize, width: f64| {
            width * (index as f64 + 0.5) / row.len() as f64
        };
        for row in &layers.rows {
            for (index, vertex) in row.iter().enumerate() {
                self.x[*vertex] = even(row, index, self.width);
            }
        }
        for round in 0..ROUNDS {
            let mut order: Vec<&Vec<usize>> = layers.rows.iter().collect();
            if round % 2 == 0 {
                order.reverse();
            }
            for row in order {
                let wanted = |(index, vertex): (usize, &usize)| {
                    let even = even(row, index, self.width);
                    let near = layers.neighbours(*vertex).map(|end| self.x[end]);
                    let (sum, count) =
                        near.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
                    let pull = if layers.is_bend(*vertex) { 1.0 } else { PULL };
                    if count > 0.0 {
                        sum / count * pull + even * (1.0 - pull)
                    } else {
                        even
                    }
                };
                let wanted: Vec<f64> = row.iter().enumerate().map(wanted).collect();
                self.place_row(layers, row, &wanted);
            }
        }
    }

    /// Sets a row as near to what is wanted as order and gaps allow: least squares by pooling neighbours that would
    /// overlap (isotonic regression).
    fn place_row(&mut self, layers: &Layers, row: &[usize], wanted: &[f64]) {
        struct Pool {
            sum: f64,
            weight: f64,
            count: usize,
        }
        let mean = |pool: &Pool| pool.sum / pool.weight;
        let mut pools: Vec<Pool> = Vec::new();
        let mut offset = 0.0;
        let after = |place: usize| gap(layers, row.get(place..place + 2).unwrap_or_default());
        for (place, (vertex, wanted)) in row.iter().zip(wanted).enumerate() {
            let width = self.widths[*vertex];
            let weight = if layers.is_bend(*vertex) {
                BEND_WEIGHT
            } else {
                1.0
            };
            pools.push(Pool {
                sum: (wanted - offset - width / 2.0) * weight,
                weight,
                count: 1,
            });
            offset += width + after(place);
            while let [.., left, right] = pools.as_slice()
                && mean(left) > mean(right)
            {
                let joined = Pool {
                    sum: left.sum + right.sum,
                    weight: left.weight + right.weight,
                    count: left.count + right.count,
                };
                pools.truncate(pools.len() - 2);
                pools.push(joined);
            }
        }
        let room = (self.width - total(layers, row, &self.widths)).max(0.0);
        let starts = pools
            .iter()
            .flat_map(|pool| std::iter::repeat_n(mean(pool).clamp(0.0, room), pool.count));
        let mut offset = 0.0;
        for (place, (vertex, start)) in row.iter().zip(starts).enumerate() {
            let width = self.widths[*vertex];
            self.x[*vertex] = start + offset + width / 2.0;
            offset += width + after(place);
        }
    }

    /// Spreads everything from its middle until the widest row reaches an end. Gaps only grow.
    fn fill(&mut self) {
        let sides = || self.x.iter().zip(&self.widths);
        let left = sides()
            .map(|(x, width)| x - width / 2.0)
            .fold(f64::INFINITY, f64::min);
        let right = sides()
            .map(|(x, width)| x + width / 2.0)
            .fold(f64::NEG_INFINITY, f64::max);
        let middle = (left + right) / 2.0;
        let most =
            |(x, width): (&f64, &f64)| (self.width - width) / 2.0 / (x - middle).abs().max(1.0);
        let factor = sides().map(most).fold(f64::INFINITY, f64::min).max(1.0);
        for x in &mut self.x {
            *x = self.width / 2.0 + (*x - middle) * if factor.is_finite() { factor } else { 1.0 };
        }
    }
}
