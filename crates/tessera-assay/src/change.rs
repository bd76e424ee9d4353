//! What promoting would change, against the release that is live.

use super::facts::Facts;
use super::sections::table;
use super::text::{counted, escape, percent, position, thousands};
use std::fmt::Write;
use tessera_checks::difference::{Change, CollectionChange, Comparison, LayerChange};

/// Names of places that are listed one by one; the JSON has them all.
const NAMED_MAX: usize = 20;

/// One sentence for the head of the page.
pub(super) fn verdict(comparison: &Comparison) -> String {
    match comparison {
        Comparison::First => "nothing is live yet: this would be the first release".to_owned(),
        Comparison::Unknown(why) => format!("not known: {why}"),
        Comparison::Compared(change) => {
            let changed = change.layers.iter().filter(|layer| layer.changed > 0);
            let layers: Vec<String> = changed
                .map(|layer| format!("{} {}", name(layer), percent(layer.changed, layer.shared)))
                .collect();
            match (change.shared, layers.as_slice()) {
                (0, _) => "another grid or box: no zone is shared".to_owned(),
                (_, []) => "no zone changes".to_owned(),
                (_, layers) => format!("zones that change: {}", layers.join(", ")),
            }
        }
    }
}

fn name(layer: &LayerChange) -> String {
    layer.layer.replace('_', " ")
}

pub(super) fn section(facts: &Facts<'_>) -> String {
    match facts.comparison {
        Comparison::Compared(change) => compared(change),
        other => format!("<p>Against the live release: {}.</p>", escape(&verdict(other))),
    }
}

fn compared(change: &Change) -> String {
    let mut page = format!(
        "<p>Against <em>{}</em>, which is live: {} in both, {} new, {} gone. Of the zones in both:</p>",
        escape(&change.title),
        counted(change.shared, "zone"),
        thousands(change.new),
        thousands(change.gone)
    );
    let rows: Vec<String> = change.layers.iter().map(row).collect();
    page += &table(&["Layer", "#Zones that change", "#Share", "The greatest"], &rows.concat());
    page += &names("new", &change.places_new);
    page += &names("gone", &change.places_gone);
    let rows: Vec<String> = change.collections.iter().map(collection).collect();
    if !rows.is_empty() {
        page += &table(
            &["Collection", "#Features live", "#Here", "#New", "#Gone", "#Told otherwise"],
            &rows.concat(),
        );
    }
    page
}

fn row(layer: &LayerChange) -> String {
    let mut greatest = String::new();
    for (zone, what) in &layer.largest {
        // Writing to a String cannot fail.
        _ = write!(
            greatest,
            "<li>{}, <code>{zone}</code>: {}</li>",
            position(zone.centre()),
            escape(what)
        );
    }
    format!(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td><ul class=\"greatest\">{greatest}</ul></td></tr>",
        escape(&name(layer)),
        thousands(layer.changed),
        percent(layer.changed, layer.shared)
    )
}

fn collection(change: &CollectionChange) -> String {
    let CollectionChange { collection, live, here, new, gone, changed } = change;
    let figures = [live, here, new, gone, changed]
        .map(|figure| format!("<td class=\"number\">{}</td>", thousands(*figure)));
    let name = escape(&collection.replace('_', " "));
    format!("<tr><th scope=\"row\">{name}</th>{}</tr>", figures.concat())
}

fn names(which: &str, places: &[String]) -> String {
    if places.is_empty() {
        return String::new();
    }
    let named: Vec<String> = places.iter().take(NAMED_MAX).map(|id| escape(id)).collect();
    let more = places.len().saturating_sub(NAMED_MAX);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("<p>Places that are {which}: {}{more}.</p>", named.join(", "))
}
