//! Histograms as inline SVG.

use super::facts::Distribution;
use super::text::{counted, thousands};
use std::fmt::Write;

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 150.0;
/// Room below the bars for the numbers of the axis, and above them for the largest count.
const BELOW: f64 = 22.0;
const ABOVE: f64 = 16.0;
/// So few bars are single values, and each bears its own.
const NAMED_BARS_MAX: usize = 6;

pub(super) fn histogram(distribution: &Distribution) -> String {
    let Distribution { title, of, unit, counts, .. } = distribution;
    let total: u64 = counts.iter().sum();
    let largest = counts.iter().copied().max().unwrap_or(0).max(1);
    let alt = match (distribution.minimum, distribution.median, distribution.maximum) {
        (Some(minimum), Some(median), Some(maximum)) => format!(
            "{of}: {} from {} to {}, median {} {unit}",
            counted(total, "value"),
            number(minimum),
            number(maximum),
            number(median)
        ),
        _ => format!("{of}: no values"),
    };
    let floor = HEIGHT - BELOW;
    let step = WIDTH / counts.len() as f64;
    let mut bars = String::new();
    for (index, count) in counts.iter().enumerate() {
        let height = (floor - ABOVE) * *count as f64 / largest as f64;
        let (x, y) = (index as f64 * step + 0.5, floor - height);
        // Writing to a String cannot fail.
        _ = write!(
            bars,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{:.1}" height="{height:.1}"><title>{} to {} {unit}: {}</title></rect>"#,
            step - 1.0,
            number(distribution.first + index as f64 * distribution.width),
            number(distribution.first + (index + 1) as f64 * distribution.width),
            thousands(*count)
        );
    }
    let end = distribution.first + counts.len() as f64 * distribution.width;
    let ticks: Vec<(f64, f64, &str)> = if counts.len() <= NAMED_BARS_MAX {
        let middle = |index: usize| (index as f64 + 0.5) / counts.len() as f64;
        let value = |index: usize| distribution.first + index as f64 * distribution.width;
        (0..counts.len()).map(|index| (middle(index), value(index), "middle")).collect()
    } else {
        let middle = f64::midpoint(distribution.first, end);
        vec![(0.0, distribution.first, "start"), (0.5, middle, "middle"), (1.0, end, "end")]
    };
    let mut labels = String::new();
    for (share, value, anchor) in ticks {
        _ = write!(
            labels,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="{anchor}">{}</text>"#,
            share * WIDTH,
            HEIGHT - 6.0,
            number(value)
        );
    }
    format!(
        r#"<figure class="chart"><figcaption><strong>{title}</strong> <span>{unit}</span></figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}. {alt}">{bars}<line x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>{labels}<text x="{WIDTH}" y="11" text-anchor="end">tallest bar {}</text></svg><p>{alt}</p></figure>"#,
        thousands(largest)
    )
}

/// Short, and without a sign on zero.
fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let size = if rounded.fract() == 0.0 {
        thousands(rounded.abs() as u64)
    } else {
        decimal(rounded.abs())
    };
    if rounded < 0.0 { format!("−{size}") } else { size }
}

fn decimal(value: f64) -> String {
    let fraction = format!("{:.2}", value.fract());
    let digits = fraction.trim_start_matches('0').trim_end_matches('0');
    format!("{}{digits}", thousands(value as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_bar_fills_the_chart_and_the_others_their_share() {
        let chart = histogram(&Distribution {
            title: "Elevation",
            of: "zones",
            unit: "m",
            first: -500.0,
            width: 1000.0,
            counts: vec![1, 4],
            minimum: Some(-12.0),
            median: Some(700.0),
            maximum: Some(1234.5),
        });
        assert!(
            chart.contains(
                r#"y="16.0" width="159.0" height="112.0"><title>500 to 1,500 m: 4</title>"#
            ),
            "{chart}"
        );
        assert!(chart.contains(r#"height="28.0"><title>−500 to 500 m: 1</title>"#), "{chart}");
        assert!(chart.contains("zones: 5 values from −12 to 1,234.5, median 700 m"), "{chart}");
    }
}
