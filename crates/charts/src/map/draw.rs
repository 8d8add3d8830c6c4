//! The drawing of the map: rows and their names, links from the least to the best known, nodes on top.
//!
//! Nodes come in reading order, so that the Tab key goes through rows from the top and each from left to right.

use super::boxes::{self, BoxText};
use super::order::Layers;
use super::picked::StandsOut;
use super::place::{self, Places};
use super::route::{self, Band, Piece, Route, STUB, Spot, Wish};
use super::{LinkKind, MapLink, MapNode, MapRow, StrategyMap};
use crate::chart::Chart;
use crate::glyph::Evidence;
use crate::svg::{Anchor, Coordinate, Frame, Path, Rect, Svg, escape};
use crate::text::{Style, wrap};

/// The width of the usual map, which a page of 1,440 pixels has room for; more nodes in a row make it wider.
const WIDTH: f64 = 1132.0;
/// Where the rows begin; their names stand before.
const ROWS_LEFT: f64 = 140.0;
const ROWS_RIGHT: f64 = 16.0;
const MARGIN: f64 = 12.0;
/// Between rows: a base, and some more for each link that passes.
const CHANNEL: f64 = 25.0;
const CHANNEL_PER_LINK: f64 = 1.25;
const CHANNEL_MAX: f64 = 110.0;
const SIGN_RADIUS: f64 = 7.5;

/// The most lines of a row's name, and of what it is about.
const NAME_LINES: usize = 2;
const ABOUT_LINES: usize = 4;
const NAME_LINE: f64 = 15.0;
const ABOUT_LINE: f64 = 14.0;
/// From a row's name to the edge of the drawing, and to the line to the next row.
const LABEL_TO_EDGE: f64 = 8.0;
const LABEL_TO_LINE: f64 = 4.0;

/// The name of a row and what it is about, broken into lines.
struct RowLabel {
    names: Vec<String>,
    about: Vec<String>,
}

impl RowLabel {
    fn of(row: &MapRow) -> Self {
        let room = ROWS_LEFT - 34.0;
        Self {
            names: wrap(&row.name, Style::RowName, room, NAME_LINES),
            about: wrap(&row.about, Style::RowAbout, room, ABOUT_LINES),
        }
    }

    fn height(&self) -> f64 {
        self.names.len() as f64 * NAME_LINE + self.about.len() as f64 * ABOUT_LINE
    }

    /// How far it stands out above its row's boxes, and below them.
    fn stands_out(&self, (top, bottom): Band) -> f64 {
        ((self.height() - (bottom - top)) / 2.0).max(0.0)
    }

    fn draw(&self, svg: &mut Svg, middle: f64) {
        let mut y = middle - self.height() / 2.0 + 11.0;
        for name in &self.names {
            svg.whole_label(Style::RowName, Anchor::Start, 20.0, y, name);
            y += NAME_LINE;
        }
        for line in &self.about {
            svg.whole_label(Style::RowAbout, Anchor::Start, 20.0, y, line);
            y += ABOUT_LINE;
        }
    }
}

/// Everything placed, in pixels of the drawing.
struct Plan<'a> {
    nodes: Vec<&'a MapNode>,
    texts: Vec<BoxText>,
    labels: Vec<RowLabel>,
    layers: Layers,
    places: Places,
    bands: Vec<Band>,
    links: Vec<(&'a MapLink, usize, usize)>,
    routes: Vec<Route>,
    stands_out: Option<StandsOut>,
}

/// The drawing of a map, in an order that belongs to its shape.
pub(super) fn draw(map: &StrategyMap, layers: Layers) -> String {
    let plan = Plan::new(map, layers);
    let mut svg = Svg::new();
    plan.rows(&mut svg);
    let mut order: Vec<usize> = (0..plan.links.len()).collect();
    order.sort_by_key(|link| strength(plan.links[*link].0.kind));
    for link in order {
        plan.link(&mut svg, link);
    }
    for vertex in plan
        .layers
        .rows
        .iter()
        .flatten()
        .filter(|vertex| !plan.layers.is_bend(**vertex))
    {
        plan.node(&mut svg, *vertex);
    }
    svg.finish(&Frame {
        class: if plan.stands_out.is_some() {
            "map dim"
        } else {
            "map"
        },
        width: plan.width(),
        height: plan.height(),
        title: &map.title(),
        description: &map.description(),
        parts: true,
    })
}

/// Later is drawn on top.
fn strength(kind: LinkKind) -> u8 {
    match kind.evidence() {
        None => 0,
        Some(Evidence::Untested) => 1,
        Some(Evidence::Plausible | Evidence::NotShown) => 2,
        Some(Evidence::Negligible | Evidence::Contradicted) => 3,
        Some(Evidence::Supported | Evidence::Strong) => 4,
    }
}

impl<'a> Plan<'a> {
    fn new(map: &'a StrategyMap, layers: Layers) -> Self {
        let nodes: Vec<&MapNode> = map.nodes().collect();
        let links = map.shown_links();
        let mut places = place::place(&layers, WIDTH - ROWS_LEFT - ROWS_RIGHT);
        for x in &mut places.x {
            *x += ROWS_LEFT;
        }
        let texts: Vec<BoxText> = nodes
            .iter()
            .zip(&places.widths)
            .map(|(node, width)| BoxText::of(node, *width))
            .collect();
        let labels: Vec<RowLabel> = map.rows.iter().map(RowLabel::of).collect();
        let bands = bands(&layers, &texts, &labels);
        let wish = |(link, from, _): &(&MapLink, usize, usize)| Wish {
            from: *from,
            has_sign: link.kind.evidence().and_then(Evidence::sign).is_some(),
        };
        let wishes: Vec<Wish> = links.iter().map(wish).collect();
        let routes = route::routes(&layers, &places, &bands, &wishes);
        Self {
            nodes,
            texts,
            labels,
            layers,
            places,
            bands,
            links,
            routes,
            stands_out: map.stands_out(),
        }
    }

    fn width(&self) -> f64 {
        ROWS_LEFT + self.places.width + ROWS_RIGHT
    }

    fn height(&self) -> f64 {
        // The last channel belongs to links that hang below the last row.
        let hangs = self
            .layers
            .rows
            .last()
            .is_some_and(|row| has_inner_links(&self.layers, row));
        let last = self.bands.last().copied().unwrap_or((MARGIN, MARGIN));
        let label = self.labels.get(self.bands.len().saturating_sub(1));
        let out = label.map_or(0.0, |label| label.stands_out(last));
        last.1 + MARGIN.max(out + LABEL_TO_EDGE) + if hangs { MARGIN } else { 0.0 }
    }

    fn rows(&self, svg: &mut Svg) {
        let bands = self.bands.iter().zip(self.bands.iter().skip(1));
        for ((_, bottom), (top, _)) in bands {
            let y = ((bottom + top) / 2.0).round();
            svg.path("m-sep", Path::new().move_to(0.0, y).across_to(self.width()));
        }
        for (label, (top, bottom)) in self.labels.iter().zip(&self.bands) {
            label.draw(svg, (top + bottom) / 2.0);
        }
    }

    fn node(&self, svg: &mut Svg, vertex: usize) {
        let (top, bottom) = self.bands[self.layers.row_of[vertex]];
        let width = self.places.widths[vertex];
        let frame = Rect {
            x: self.places.x[vertex] - width / 2.0,
            y: top,
            width,
            height: bottom - top,
        };
        let stand = match &self.stands_out {
            Some(out) if out.picked == Some(vertex) => boxes::Stand::Picked,
            Some(out) if out.nodes.contains(&vertex) => boxes::Stand::Out,
            _ => boxes::Stand::Plain,
        };
        boxes::draw(svg, self.nodes[vertex], &self.texts[vertex], (frame, stand));
    }

    fn link(&self, svg: &mut Svg, index: usize) {
        let ((link, from, to), route) = (self.links[index], &self.routes[index]);
        let class = link.kind.evidence().map_or("supports", Evidence::class);
        let known = link
            .kind
            .evidence()
            .map_or_else(String::new, |evidence| format!(": {}", evidence.word()));
        let (from, to) = (self.nodes[from], self.nodes[to]);
        let is_hot = |out: &StandsOut| out.links.contains(&index);
        let hot = match self.stands_out.as_ref().is_some_and(is_hot) {
            true => " hot",
            false => "",
        };
        let title = escape(&format!(
            "{} {} {}{known}",
            from.name,
            link.kind.verb(),
            to.name
        ));
        let before = format!(
            r#"<g class="m-e {class}{hot}" data-a="{}" data-b="{}"><title>{title}</title>"#,
            escape(&from.key),
            escape(&to.key)
        );
        svg.within(&before, "</g>", |svg| {
            svg.path("m-l", &line(&route.pieces));
            if let Some(last) = route.pieces.last() {
                svg.path("hd", &head(*last, link.kind));
            }
            if let (Some(sign), Some(spot)) =
                (link.kind.evidence().and_then(Evidence::sign), route.sign)
            {
                draw_sign(svg, sign, spot);
            }
        });
    }
}

/// Top and bottom of each row: as high as its fullest box, apart by a channel for the links between, and so far that their names
/// have room.
fn bands(layers: &Layers, texts: &[BoxText], labels: &[RowLabel]) -> Vec<Band> {
    let heights: Vec<f64> = layers
        .rows
        .iter()
        .map(|vertices| {
            let texts = vertices.iter().filter_map(|vertex| texts.get(*vertex));
            texts.map(BoxText::height).fold(boxes::HEIGHT_MIN, f64::max)
        })
        .collect();
    let out = |row: usize| match (labels.get(row), heights.get(row)) {
        (Some(label), Some(height)) => label.stands_out((0.0, *height)),
        _ => 0.0,
    };
    let mut top = MARGIN.max(out(0) + LABEL_TO_EDGE);
    let mut bands = Vec::new();
    for (row, (vertices, height)) in layers.rows.iter().zip(&heights).enumerate() {
        bands.push((top, top + height));
        let inner = if has_inner_links(layers, vertices) {
            MARGIN
        } else {
            0.0
        };
        let passing = layers.rows.get(row + 1).map_or(0, |next| next.len());
        let channel = CHANNEL + passing.max(vertices.len()) as f64 * CHANNEL_PER_LINK + inner;
        // The line between two rows lies at the middle of their channel.
        let for_labels = 2.0 * (out(row).max(out(row + 1)) + LABEL_TO_LINE);
        top += height + channel.min(CHANNEL_MAX).max(for_labels);
    }
    bands
}

/// Whether a link of this row hangs below it.
fn has_inner_links(layers: &Layers, row: &[usize]) -> bool {
    let order = layers.places();
    layers.chains.iter().any(|chain| match chain[..] {
        [a, b] => {
            layers.row_of[a] == layers.row_of[b]
                && order[a].abs_diff(order[b]) > 1
                && row.contains(&a)
        }
        _ => false,
    })
}

/// The line up to where the head begins.
fn line(pieces: &[Piece]) -> Path {
    let mut path = Path::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index == 0 {
            let (x, y) = piece.at(0.0);
            path.move_to(x, y);
        }
        let is_last = index + 1 == pieces.len();
        match *piece {
            Piece::Line(start, end) => {
                let (x, y) = if is_last {
                    before_head(start, end)
                } else {
                    end
                };
                path.line_to(x, y);
            }
            Piece::Curve(_, a, b, end) => {
                path.curve_to(a, b, end);
            }
        }
    }
    path
}

/// The point one head before the end of a straight piece.
fn before_head(start: Spot, end: Spot) -> Spot {
    let (x, y) = (end.0 - start.0, end.1 - start.1);
    let length = x.hypot(y).max(1e-6);
    (
        end.0 - x / length * (STUB - 1.0),
        end.1 - y / length * (STUB - 1.0),
    )
}

/// The head of the arrow: filled for what drives, open for the cascade.
fn head(last: Piece, kind: LinkKind) -> Path {
    let (start, end) = (last.at(0.0), last.end());
    let base = before_head(start, end);
    let (x, y) = (
        (end.0 - base.0) / (STUB - 1.0),
        (end.1 - base.1) / (STUB - 1.0),
    );
    // A pixel of air before the box.
    let tip = (end.0 - x, end.1 - y);
    let side = |sign: f64| (base.0 - y * 4.5 * sign, base.1 + x * 4.5 * sign);
    let mut path = Path::new();
    path.move_to(side(1.0).0, side(1.0).1)
        .line_to(tip.0, tip.1)
        .line_to(side(-1.0).0, side(-1.0).1);
    if kind != LinkKind::Supports {
        path.close();
    }
    path
}

fn draw_sign(svg: &mut Svg, sign: &str, (x, y): Spot) {
    svg.circle("m-sign", x, y, SIGN_RADIUS);
    let (x, y) = (Coordinate(x), Coordinate(y));
    svg.raw(&format!(r#"<path class="ig" d="M{x} {y}{sign}"/>"#));
}
