//! Who stands beside whom: the order in each row that makes links cross least.
//!
//! Each row in turn is sorted by the middle of its neighbours (barycentre), then neighbours are exchanged as long as
//! that helps (transpose). That is started from the order of the plan and from a few shuffled ones; the best is kept,
//! and on a tie the earlier, so that the plan's order wins where it is as good.

/// How often the order is sought anew from another start.
const STARTS: u64 = 10;
/// Sorting downwards and upwards, in turn, from each start.
const SWEEPS: usize = 16;
/// Exchanging neighbours ends by itself; this bounds the work on a large map.
const EXCHANGES_MAX: usize = 12;

/// The rows with their nodes and with the bends of links that pass through.
///
/// A vertex is a number: nodes come first, in the order of the plan; bends follow.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    /// How many vertices are nodes.
    pub nodes: usize,
    /// The vertices of each row from left to right.
    pub rows: Vec<Vec<usize>>,
    /// The row of each vertex.
    pub row_of: Vec<usize>,
    /// Each link as vertices from its lower node up to its upper one; two vertices of one row for a link inside it.
    pub chains: Vec<Vec<usize>>,
    /// The vertices that each is linked to in the row above.
    above: Vec<Vec<usize>>,
    /// The vertices that each is linked to in the row below.
    below: Vec<Vec<usize>>,
    /// The vertices that each is linked to in its own row.
    beside: Vec<Vec<usize>>,
}

impl Layers {
    /// Rows of so many nodes, numbered through, and the links between these numbers.
    pub(super) fn new(row_sizes: &[usize], links: &[(usize, usize)]) -> Self {
        let mut row_of = Vec::new();
        let mut rows = Vec::new();
        for (row, size) in row_sizes.iter().enumerate() {
            rows.push((row_of.len()..row_of.len() + size).collect::<Vec<usize>>());
            row_of.extend(std::iter::repeat_n(row, *size));
        }
        let nodes = row_of.len();
        let mut chains = Vec::new();
        for (from, to) in links.iter().copied() {
            let (low, high) = if row_of[from] >= row_of[to] {
                (from, to)
            } else {
                (to, from)
            };
            let mut chain = vec![low];
            for row in (row_of[high] + 1..row_of[low]).rev() {
                chain.push(row_of.len());
                rows[row].push(row_of.len());
                row_of.push(row);
            }
            chain.push(high);
            chains.push(chain);
        }
        let empty = vec![Vec::new(); row_of.len()];
        let mut layers = Self {
            nodes,
            rows,
            row_of,
            chains,
            above: empty.clone(),
            below: empty.clone(),
            beside: empty,
        };
        layers.link_neighbours();
        layers
    }

    fn link_neighbours(&mut self) {
        for (low, high) in self
            .chains
            .iter()
            .flat_map(|chain| chain.iter().zip(chain.iter().skip(1)))
        {
            if self.row_of[*low] == self.row_of[*high] {
                self.beside[*low].push(*high);
                self.beside[*high].push(*low);
            } else {
                self.above[*low].push(*high);
                self.below[*high].push(*low);
            }
        }
    }

    /// Whether the vertex is a bend of a link and not a node.
    pub(super) fn is_bend(&self, vertex: usize) -> bool {
        vertex >= self.nodes
    }

    /// All vertices linked to this one in the rows above and below.
    pub(super) fn neighbours(&self, vertex: usize) -> impl Iterator<Item = usize> + '_ {
        self.above[vertex]
            .iter()
            .chain(&self.below[vertex])
            .copied()
    }

    /// The place of each vertex in its row.
    pub(super) fn places(&self) -> Vec<usize> {
        let mut places = vec![0; self.row_of.len()];
        for row in &self.rows {
            for (place, vertex) in row.iter().enumerate() {
                places[*vertex] = place;
            }
        }
        places
    }

    /// How many pairs of links cross between rows.
    pub(super) fn crossings(&self) -> usize {
        let places = self.places();
        let mut crossings = 0;
        for row in &self.rows {
            for (index, left) in row.iter().enumerate() {
                for right in row.iter().skip(index + 1) {
                    crossings += inversions(&self.above[*left], &self.above[*right], &places);
                }
            }
        }
        crossings
    }

    /// How many stand between the ends of links inside a row: each is in the way.
    fn detours(&self) -> usize {
        let places = self.places();
        let of_row = |row: &Vec<usize>| self.detours_of(row, &places);
        self.rows.iter().map(of_row).sum()
    }

    fn detours_of(&self, row: &[usize], places: &[usize]) -> usize {
        let between = |a: usize, b: usize| places[a].abs_diff(places[b]).saturating_sub(1);
        // Each link is seen from both ends.
        row.iter()
            .flat_map(|a| self.beside[*a].iter().map(move |b| between(*a, *b)))
            .sum::<usize>()
            / 2
    }

    fn cost(&self) -> usize {
        self.crossings() + self.detours()
    }

    /// Brings the rows into the best order found.
    pub(super) fn order(&mut self) {
        let given = self.rows.clone();
        let mut best = (usize::MAX, given.clone());
        for start in 0..STARTS {
            self.rows.clone_from(&given);
            shuffle(&mut self.rows, start);
            for sweep in 0..SWEEPS {
                self.sort_by_neighbours(sweep % 2 == 0);
                self.exchange();
                let cost = self.cost();
                if cost < best.0 {
                    best = (cost, self.rows.clone());
                }
            }
            if best.0 == 0 {
                break;
            }
        }
        self.rows = best.1;
    }

    /// One sweep: each row in the order of the middles of its neighbours in the row before it.
    fn sort_by_neighbours(&mut self, upwards: bool) {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        if upwards {
            order.reverse();
        }
        for row in order {
            let share = self.shares();
            let ends = if upwards { &self.below } else { &self.above };
            let middle = |vertex: usize| {
                let near = ends[vertex].iter().chain(&self.beside[vertex]);
                let (sum, count) = near.fold((0.0, 0.0), |(sum, count), end| {
                    (sum + share[*end], count + 1.0)
                });
                if count > 0.0 {
                    sum / count
                } else {
                    share[vertex]
                }
            };
            let mut sorted: Vec<(f64, usize)> = self.rows[row]
                .iter()
                .map(|vertex| (middle(*vertex), *vertex))
                .collect();
            sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.rows[row] = sorted.into_iter().map(|(_, vertex)| vertex).collect();
        }
    }

    /// Where each vertex stands in its row, from 0 at the left to 1 at the right.
    fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.row_of.len()];
        for row in &self.rows {
            for (place, vertex) in row.iter().enumerate() {
                shares[*vertex] = (place as f64 + 0.5) / row.len() as f64;
            }
        }
        shares
    }

    /// Exchanges neighbours as long as that saves crossings.
    fn exchange(&mut self) {
        let mut places = self.places();
        for _ in 0..EXCHANGES_MAX {
            let mut changed = false;
            for row in 0..self.rows.len() {
                for index in 1..self.rows[row].len() {
                    let (left, right) = (self.rows[row][index - 1], self.rows[row][index]);
                    let as_it_is = self.cost_of_pair(left, right, &places)
                        + self.detours_of(&self.rows[row], &places);
                    places.swap(left, right);
                    let exchanged = self.cost_of_pair(right, left, &places)
                        + self.detours_of(&self.rows[row], &places);
                    if exchanged < as_it_is {
                        self.rows[row].swap(index - 1, index);
                        changed = true;
                    } else {
                        places.swap(left, right);
                    }
                }
            }
            if !changed {
                break;
            }
        }
    }

    /// Crossings between the links of two vertices that stand in this order.
    fn cost_of_pair(&self, left: usize, right: usize, places: &[usize]) -> usize {
        inversions(&self.above[left], &self.above[right], places)
            + inversions(&self.below[left], &self.below[right], places)
    }
}

/// How many of the left one's ends lie to the right of the right one's.
fn inversions(left: &[usize], right: &[usize], places: &[usize]) -> usize {
    let before = |end: &usize| {
        right
            .iter()
            .filter(|other| places[*end] > places[**other])
            .count()
    };
    left.iter().map(before).sum()
}

/// Another order to start from, the same in each run; start 0 leaves the order of the plan.
fn shuffle(rows: &mut [Vec<usize>], start: u64) {
    if start == 0 {
        return;
    }
    let mut state = start;
    for row in rows {
        for index in (1..row.len()).rev() {
            // Knuth's constants; its upper bits are even enough to shuffle with.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            row.swap(index, (state >> 33) as usize % (index + 1));
        }
    }
}
