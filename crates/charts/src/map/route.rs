//! How links run: from port to port, as curves that stand upright where they leave and arrive.
//!
//! Between two rows all curves begin and end at the same heights, so that two of them cross only where their ends are
//! in opposite order: what `order` counted is what is drawn. Inside rows links run in the gaps kept for their bends.

use super::order::Layers;
use super::place::Places;

/// How far a link runs straight before it arrives: the length of an arrow's head.
pub(super) const STUB: f64 = 8.0;
/// How far it runs straight where it leaves.
const LEAVE: f64 = 3.0;
/// The part of a box's edge at each end that has no ports.
const EDGE_MARGIN: f64 = 30.0;
/// The distance between ports, where there is room.
const PORT_GAP: f64 = 54.0;
/// How deep a link inside a row hangs below it.
const HANG: f64 = 30.0;
/// Points at which a curve is looked at when a place for its sign is sought.
const SAMPLES: usize = 12;

/// A point of the drawing.
pub(super) type Spot = (f64, f64);

/// A piece of a link.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece {
    /// A straight line.
    Line(Spot, Spot),
    /// A curve with its two handles.
    Curve(Spot, Spot, Spot, Spot),
}

impl Piece {
    pub(super) fn end(self) -> Spot {
        match self {
            Piece::Line(_, end) | Piece::Curve(_, _, _, end) => end,
        }
    }

    fn start(self) -> Spot {
        match self {
            Piece::Line(start, _) | Piece::Curve(start, ..) => start,
        }
    }

    /// The point at a share of the way, from 0 to 1.
    pub(super) fn at(self, share: f64) -> Spot {
        let rest = 1.0 - share;
        match self {
            Piece::Line(a, b) => (a.0 * rest + b.0 * share, a.1 * rest + b.1 * share),
            Piece::Curve(a, b, c, d) => {
                let weights = [
                    rest.powi(3),
                    3.0 * rest * rest * share,
                    3.0 * rest * share * share,
                    share.powi(3),
                ];
                let sum = |of: fn(Spot) -> f64| {
                    [a, b, c, d]
                        .into_iter()
                        .zip(weights)
                        .map(|(spot, weight)| of(spot) * weight)
                        .sum()
                };
                (sum(|spot| spot.0), sum(|spot| spot.1))
            }
        }
    }

    fn reversed(self) -> Self {
        match self {
            Piece::Line(a, b) => Piece::Line(b, a),
            Piece::Curve(a, b, c, d) => Piece::Curve(d, c, b, a),
        }
    }
}

/// The way of a link, from what acts to what is acted on.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub pieces: Vec<Piece>,
    /// Where its sign stands, if it has one: apart from other links.
    pub sign: Option<Spot>,
}

/// Top and bottom of each row.
pub(super) type Band = (f64, f64);

/// The ports of all links: where each leaves its lower node and where it reaches its upper one.
struct Ports {
    low: Vec<f64>,
    high: Vec<f64>,
}

/// One end of a link at one edge of a node.
struct End {
    node: usize,
    /// Whether it is at the top edge.
    is_top: bool,
    link: usize,
    /// Where it comes from.
    towards: f64,
    is_low: bool,
}

/// A link to be routed, in the order of the chains.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// The node that acts.
    pub from: usize,
    /// Whether it carries a sign.
    pub has_sign: bool,
}

/// The ways of all links.
pub(super) fn routes(
    layers: &Layers,
    places: &Places,
    bands: &[Band],
    wishes: &[Wish],
) -> Vec<Route> {
    let ports = ports(layers, places);
    let order = layers.places();
    let mut routes: Vec<Route> = Vec::new();
    for (link, (chain, wish)) in layers.chains.iter().zip(wishes).enumerate() {
        let (low, high) = (chain[0], chain[chain.len() - 1]);
        let mut pieces = if layers.row_of[low] != layers.row_of[high] {
            up(
                layers,
                places,
                bands,
                chain,
                (ports.low[link], ports.high[link]),
            )
        } else if order[low].abs_diff(order[high]) == 1 {
            across(places, bands[layers.row_of[low]], low, high)
        } else {
            hanging(
                bands[layers.row_of[low]].1,
                ports.low[link],
                ports.high[link],
            )
        };
        if wish.from != low {
            pieces = pieces.into_iter().rev().map(Piece::reversed).collect();
        }
        routes.push(Route { sign: None, pieces });
    }
    place_signs(&mut routes, wishes);
    routes
}

/// Spreads the ends of links over the edges of their nodes, in the order of where they come from.
fn ports(layers: &Layers, places: &Places) -> Ports {
    let mut ends = Vec::new();
    for (link, chain) in layers.chains.iter().enumerate() {
        let (low, high) = (chain[0], chain[chain.len() - 1]);
        let is_inside = layers.row_of[low] == layers.row_of[high];
        let end = |node, is_top, towards: usize, is_low| End {
            node,
            is_top,
            link,
            towards: places.x[towards],
            is_low,
        };
        ends.push(end(low, !is_inside, chain[1], true));
        ends.push(end(high, false, chain[chain.len() - 2], false));
    }
    ends.sort_by(|a, b| {
        (a.node, a.is_top)
            .cmp(&(b.node, b.is_top))
            .then(a.towards.total_cmp(&b.towards))
    });
    let mut ports = Ports {
        low: vec![0.0; layers.chains.len()],
        high: vec![0.0; layers.chains.len()],
    };
    for edge in ends.chunk_by(|a, b| (a.node, a.is_top) == (b.node, b.is_top)) {
        for (place, end) in edge.iter().enumerate() {
            let room = places.widths[end.node] - 2.0 * EDGE_MARGIN;
            let gap = (room / edge.len() as f64).min(PORT_GAP);
            let x = places.x[end.node] + (place as f64 - (edge.len() as f64 - 1.0) / 2.0) * gap;
            if end.is_low {
                ports.low[end.link] = x;
            } else {
                ports.high[end.link] = x;
            }
        }
    }
    ports
}

/// From the top of the lower node, through the bends, to the bottom of the upper one.
fn up(
    layers: &Layers,
    places: &Places,
    bands: &[Band],
    chain: &[usize],
    (low, high): (f64, f64),
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut here = (low, bands[layers.row_of[chain[0]]].0);
    for (step, vertex) in chain.iter().enumerate().skip(1) {
        let is_last = step + 1 == chain.len();
        let x = if is_last { high } else { places.x[*vertex] };
        let (top, bottom) = bands[layers.row_of[*vertex]];
        let (leave, arrive) = ((here.0, here.1 - LEAVE), (x, bottom + STUB));
        let half = (leave.1 - arrive.1) / 2.0;
        let handles = ((leave.0, leave.1 - half), (arrive.0, arrive.1 + half));
        pieces.push(Piece::Line(here, leave));
        pieces.push(Piece::Curve(leave, handles.0, handles.1, arrive));
        here = (x, if is_last { bottom } else { top });
        pieces.push(Piece::Line(arrive, here));
    }
    pieces
}

/// Through the gap between two neighbours of a row.
fn across(places: &Places, (top, bottom): Band, low: usize, high: usize) -> Vec<Piece> {
    let y = (top + bottom) / 2.0;
    let side = if places.x[low] < places.x[high] {
        1.0
    } else {
        -1.0
    };
    let start = places.x[low] + side * places.widths[low] / 2.0;
    let end = places.x[high] - side * places.widths[high] / 2.0;
    vec![Piece::Line((start, y), (end, y))]
}

/// Below the row from one node to another that is not its neighbour.
fn hanging(bottom: f64, low: f64, high: f64) -> Vec<Piece> {
    let (leave, arrive) = ((low, bottom + STUB), (high, bottom + STUB));
    let (a, b) = ((low, bottom + STUB + HANG), (high, bottom + STUB + HANG));
    vec![
        Piece::Line((low, bottom), leave),
        Piece::Curve(leave, a, b, arrive),
        Piece::Line(arrive, (high, bottom)),
    ]
}

/// Puts each sign on a curve of its link, where the next other link is farthest.
fn place_signs(routes: &mut [Route], wishes: &[Wish]) {
    let sampled: Vec<Vec<Spot>> = routes
        .iter()
        .map(|route| {
            let along = |piece: &Piece| {
                let piece = *piece;
                (0..=SAMPLES).map(move |step| piece.at(step as f64 / SAMPLES as f64))
            };
            route.pieces.iter().flat_map(along).collect()
        })
        .collect();
    let signed = routes
        .iter_mut()
        .enumerate()
        .zip(wishes)
        .filter(|(_, wish)| wish.has_sign);
    for ((index, route), _) in signed {
        let others = || {
            sampled
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index)
                .flat_map(|(_, spots)| spots)
        };
        let mut best = (
            f64::NEG_INFINITY,
            route
                .pieces
                .first()
                .map_or((0.0, 0.0), |piece| piece.start()),
        );
        for piece in &route.pieces {
            let is_short_line = matches!(piece, Piece::Line(..)) && route.pieces.len() > 1;
            for share in [0.5, 0.4, 0.6, 0.3, 0.7]
                .into_iter()
                .filter(|_| !is_short_line)
            {
                let spot = piece.at(share);
                let room = others()
                    .map(|other| distance(spot, *other))
                    .fold(40.0, f64::min);
                // Enough room is enough: the middle of the first curve is where one looks.
                if room > best.0 + 2.0 {
                    best = (room, spot);
                }
            }
        }
        route.sign = Some(best.1);
    }
}

fn distance(a: Spot, b: Spot) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}
