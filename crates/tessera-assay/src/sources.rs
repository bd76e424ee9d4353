//! Where everything comes from, and under which licences it may be passed on.

#![expect(
    clippy::format_collect,
    reason = "one String a row reads best, and a page is a few hundred rows"
)]

use super::facts::Facts;
use super::sections::{folded, table};
use super::text::{counted, escape, thousands};
use std::collections::BTreeMap;
use tessera_checks::licence::is_free;
use tessera_world::Source;

/// One sentence for the head of the page.
pub(super) fn verdict(sources: &[Source]) -> String {
    let bound: Vec<&str> = licences(sources)
        .into_iter()
        .filter(|(licence, _)| !is_free(licence))
        .map(|(licence, _)| licence)
        .collect();
    let datasets = counted(sources.len() as u64, "dataset");
    if bound.is_empty() {
        format!("{datasets}, all free")
    } else {
        format!("{datasets}; not free, accepted by name: {}", bound.join("; "))
    }
}

/// Every licence, and the datasets under it.
fn licences(sources: &[Source]) -> BTreeMap<&str, Vec<&Source>> {
    let mut licences: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
    for source in sources {
        licences.entry(source.licence.trim()).or_default().push(source);
    }
    licences
}

pub(super) fn section(facts: &Facts<'_>) -> String {
    let licences: String = licences(facts.sources)
        .into_iter()
        .map(|(licence, under)| {
            let (class, word) = if is_free(licence) { ("", "free") } else { (" class=\"broken\"", "accepted by name") };
            let titles: Vec<&str> = under.iter().map(|source| source.title.as_str()).collect();
            format!(
                "<tr><th scope=\"row\">{}</th><td{class}>{word}</td><td class=\"number\">{}</td><td>{}</td></tr>",
                escape(licence),
                thousands(under.len() as u64),
                escape(&titles.join(", "))
            )
        })
        .collect();
    let rows: String = facts
        .sources
        .iter()
        .map(|source| {
            format!(
                "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td><td>{}</td><td><code title=\"{sha}\">{}…</code></td></tr>",
                escape(&source.title),
                escape(&source.attribution),
                escape(&source.licence),
                escape(&source.publisher),
                escape(&source.edition),
                escape(&source.sha256.chars().take(12).collect::<String>()),
                sha = escape(&source.sha256)
            )
        })
        .collect();
    let methods: String = facts
        .provenances
        .iter()
        .map(|provenance| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(&provenance.layer),
                escape(&provenance.source),
                provenance.certainty.as_str(),
                escape(&provenance.method)
            )
        })
        .collect();
    [
        table(&["Licence", "Terms", "#Datasets", "Which"], &licences),
        folded(
            &counted(facts.sources.len() as u64, "dataset"),
            &table(&["Dataset", "Licence", "Publisher", "Edition", "SHA-256"], &rows),
        ),
        folded(
            "How each layer was made",
            &table(&["Layer", "From", "Certainty", "Method"], &methods),
        ),
    ]
    .concat()
}
