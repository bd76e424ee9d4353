//! Days here against days published, both axes logarithmic, as SVG.

use crate::{legs::Kind, measure::Measured};
use std::fmt::Write;

const SIDE: f64 = 640.0;
const MARGIN: f64 = 60.0;
/// From two hours to twenty days.
const LEAST: f64 = 0.08;
const MOST: f64 = 20.0;

const fn colour(kind: Kind) -> &'static str {
    match kind {
        Kind::Coastal => "#2b7a9b",
        Kind::Overseas => "#123f6b",
        Kind::Downstream => "#3c8d40",
        Kind::Upstream => "#8db600",
        Kind::Road => "#b5651d",
        Kind::SlowSea => "#9aa7b0",
        Kind::FastRiver => "#c9b458",
    }
}

fn along(days: f64) -> f64 {
    let share = (days.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln();
    MARGIN + share * (SIDE - 2.0 * MARGIN)
}

fn point(published: f64, here: f64) -> (f64, f64) {
    (along(published), SIDE - along(here))
}

pub(crate) fn svg(measured: &[Measured]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIDE} {SIDE}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>Days here against days published</title>\n<rect width=\"{SIDE}\" height=\"{SIDE}\" fill=\"#fff\"/>\n"
    );
    for days in [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0] {
        let (x, y) = point(days, days);
        let (low, high) = (MARGIN, SIDE - MARGIN);
        let _infallible = write!(
            svg,
            "<path d=\"M{x:.1} {low}V{high}M{low} {y:.1}H{high}\" stroke=\"#ddd\"/>\n<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{days}</text>\n<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{days}</text>\n",
            high + 18.0,
            low - 6.0,
            y + 4.0
        );
    }
    for (factor, style) in [(1.0, "#000"), (1.35, "#999"), (1.0 / 1.35, "#999")] {
        let ((x1, y1), (x2, y2)) = (point(0.12, 0.12 * factor), point(14.0, 14.0 * factor));
        let _infallible = writeln!(
            svg,
            "<path d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\" stroke=\"{style}\" fill=\"none\"/>"
        );
    }
    for leg in measured {
        let Some(found) = leg.found else { continue };
        let (x, y) = point(leg.leg.days, found.days);
        let fill = colour(leg.leg.kind);
        let _infallible = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.2\" fill=\"{fill}\" fill-opacity=\"0.6\"/>"
        );
    }
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let y = MARGIN + 14.0 + 16.0 * index as f64;
        let _infallible = writeln!(
            svg,
            "<circle cx=\"{0}\" cy=\"{1}\" r=\"4\" fill=\"{2}\"/><text x=\"{3}\" y=\"{4}\">{5}</text>",
            MARGIN + 12.0,
            y,
            colour(kind),
            MARGIN + 22.0,
            y + 4.0,
            kind.as_str()
        );
    }
    let middle = SIDE / 2.0;
    let _infallible = write!(
        svg,
        "<text x=\"{middle}\" y=\"{:.1}\" text-anchor=\"middle\">days, published</text>\n<text transform=\"translate(16 {middle}) rotate(-90)\" text-anchor=\"middle\">days, here</text>\n</svg>\n",
        SIDE - 12.0
    );
    svg
}
