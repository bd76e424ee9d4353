//! The tables of the page.

#![expect(
    clippy::format_collect,
    reason = "one String a row reads best, and a page is a few hundred rows"
)]

use super::facts::{Facts, RuleOutcome};
use super::text::{self, counted, escape, percent, position, thousands};
use std::collections::BTreeMap;
use tessera_checks::LISTED_MAX;
use tessera_checks::finding::{Finding, Severity};
use tessera_grid::Zone;

/// Rows of the quarantine that are shown: a person reads no more, and the JSON has them all.
const QUARANTINE_SHOWN_MAX: usize = 200;
/// Rules in the head of the page, and letters of the worst finding of each: what is read in a minute.
const FIRST_LOOK_MAX: usize = 6;
const WORST_LETTERS_MAX: usize = 140;
/// Findings of one rule that are shown, for the same reason.
const FINDINGS_SHOWN_MAX: usize = 60;

/// How many of each severity, large.
pub(super) fn tally(facts: &Facts<'_>) -> String {
    let found = &facts.findings;
    let entry = |class: &str, number: u64, noun: &str| {
        let plural = if number == 1 { "" } else { "s" };
        format!("<li class=\"{class}\"><b>{}</b> {noun}{plural}</li>", thousands(number))
    };
    let left_out = facts.rows_left_out;
    format!(
        "<ul class=\"tally\">{}{}{}{}</ul>",
        entry("error", found.errors, "error"),
        entry("warning", found.warnings, "warning"),
        entry("note", found.notes, "note"),
        entry("kept", left_out, "row").replace("</li>", " in quarantine</li>")
    )
}

/// What a person who decides looks at first: the broken rules that weigh most, each with its worst.
pub(super) fn first_look(facts: &Facts<'_>) -> String {
    let mut broken: Vec<&RuleOutcome<'_>> = facts
        .findings
        .rules
        .iter()
        .filter(|rule| !rule.findings.is_empty() && rule.severity != Severity::Note)
        .collect();
    broken.sort_by_key(|rule| (rule.severity, std::cmp::Reverse(rule.findings.len())));
    let rows: String = broken.iter().take(FIRST_LOOK_MAX).map(|rule| first_row(rule)).collect();
    if rows.is_empty() {
        return String::new();
    }
    let rest = broken.len().saturating_sub(FIRST_LOOK_MAX) as u64;
    let rest = if rest == 0 {
        String::new()
    } else {
        format!("<li><a href=\"#findings\">and {} more</a></li>", counted(rest, "rule"))
    };
    format!("<h2>Look at first</h2><ol class=\"first\">{rows}{rest}</ol>\n")
}

fn first_row(rule: &RuleOutcome<'_>) -> String {
    let worst = rule.findings.first().map_or("", |finding| finding.message.as_str());
    // A rule lists so many one by one; the rest it counts.
    let count = if rule.findings.len() > LISTED_MAX {
        format!("more than {LISTED_MAX} findings")
    } else {
        counted(rule.findings.len() as u64, "finding")
    };
    format!(
        "<li>{} <a href=\"#rule-{code}\"><code>{code}</code></a> {count}: {}</li>",
        badge(rule.severity),
        escape(&text::cut(worst, WORST_LETTERS_MAX)),
        code = escape(rule.code),
    )
}

/// Rule by rule, the gravest first and open.
pub(super) fn findings(facts: &Facts<'_>) -> String {
    let broken = facts.findings.rules.iter().filter(|rule| !rule.findings.is_empty());
    broken.map(broken_rule).collect()
}

fn broken_rule(rule: &RuleOutcome<'_>) -> String {
    let open = if rule.severity == Severity::Error { " open" } else { "" };
    let shown = rule.findings.iter().take(FINDINGS_SHOWN_MAX);
    let rows: String = shown.map(|finding| finding_row(finding)).collect();
    let rest = rule.findings.len().saturating_sub(FINDINGS_SHOWN_MAX);
    let rest = if rest == 0 {
        String::new()
    } else {
        format!("<p>{} more; all are in the JSON.</p>", counted(rest as u64, "finding"))
    };
    let why = if rule.why.is_empty() {
        String::new()
    } else {
        format!("<p class=\"why\">{}</p>", escape(rule.why))
    };
    format!(
        "<details class=\"rule\" id=\"rule-{code}\"{open}><summary>{badge}<code>{code}</code> <span class=\"sentence\">{sentence}</span>\
         <span class=\"count\">{count}</span></summary>{why}{table}{rest}</details>\n",
        badge = badge(rule.severity),
        code = escape(rule.code),
        sentence = escape(rule.sentence),
        count = thousands(rule.findings.len() as u64),
        table = table(&["What was found", "Where", "Zone"], &rows)
    )
}

fn finding_row(finding: &Finding) -> String {
    let place = finding.position.or_else(|| finding.zone.map(Zone::centre));
    let place = place.map_or_else(|| "–".to_owned(), position);
    let zone = finding.zone.map_or_else(|| "–".to_owned(), |zone| format!("<code>{zone}</code>"));
    format!(
        "<tr><td>{}</td><td class=\"place\">{place}</td><td>{zone}</td></tr>",
        escape(&finding.message)
    )
}

fn badge(severity: Severity) -> String {
    let word = severity.as_str();
    format!("<span class=\"badge {word}\">{word}</span>")
}

pub(super) fn coverage(facts: &Facts<'_>) -> String {
    let world = &facts.world;
    let rows: String = facts
        .coverage
        .iter()
        .map(|layer| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>",
                layer.layer,
                thousands(layer.zones),
                percent(layer.zones, world.zones),
                percent(layer.land_zones, world.land_zones),
                layer.meant
            )
        })
        .collect();
    table(
        &["Layer", "#Zones with a fact", "#Of all zones", "#Of zones with land", "Meant to cover"],
        &rows,
    )
}

/// Province by province, the share of its land that each layer speaks of.
pub(super) fn provinces(facts: &Facts<'_>) -> String {
    let Some(first) = facts.provinces.first() else {
        return "<p>No province of this epoch is drawn in this world.</p>".to_owned();
    };
    let asked: Vec<String> =
        first.layers.iter().map(|(layer, _)| format!("#{}", layer.replace('_', " "))).collect();
    let headings: Vec<&str> = ["Province"]
        .into_iter()
        .chain(asked.iter().map(String::as_str))
        .chain(["#Places"])
        .collect();
    let rows: String = facts
        .provinces
        .iter()
        .map(|reached| {
            let shares: String = reached
                .layers
                .iter()
                .map(|(layer, count)| {
                    let silent = reached.silent().any(|silent| silent == *layer);
                    let broken = if silent { " broken" } else { "" };
                    let share = percent(u64::from(*count), u64::from(reached.points));
                    format!("<td class=\"number{broken}\">{share}</td>")
                })
                .collect();
            let part = if reached.inside { "" } else { "<small>partly outside the world</small>" };
            format!(
                "<tr><th scope=\"row\">{}{part}</th>{shares}<td class=\"number\">{}</td></tr>",
                escape(&reached.province),
                thousands(reached.places as u64)
            )
        })
        .collect();
    let count = counted(facts.provinces.len() as u64, "province");
    format!(
        "<p>{count}, each asked at the points of its land among 576 spread over the box around it.</p>{}",
        table(&headings, &rows)
    )
}

pub(super) fn quarantine(facts: &Facts<'_>) -> String {
    let all = facts.quarantine;
    if facts.rows_left_out == 0 {
        return "<p>Every row of every file was used.</p>".to_owned();
    }
    let rows: String = all
        .iter()
        .take(QUARANTINE_SHOWN_MAX)
        .map(|row| {
            format!(
                "<tr><td>{}</td><td>{}</td><td class=\"number\">{}</td><td><code>{}</code></td><td>{}</td></tr>",
                escape(&row.dataset),
                escape(&row.file),
                thousands(row.row),
                escape(&row.rule),
                escape(&row.reason)
            )
        })
        .collect();
    let shown = all.len().min(QUARANTINE_SHOWN_MAX) as u64;
    let kept = all.len() as u64;
    let kept = if kept == facts.rows_left_out {
        String::new()
    } else {
        format!(" The quarantine keeps {} of them, the first of each dataset.", thousands(kept))
    };
    format!(
        "<p>{} left out of the world.{kept}</p>{}{}",
        counted(facts.rows_left_out, "row"),
        quarantined_by_rule(facts),
        folded(
            &format!("Row by row: {} shown here, the JSON has all that are kept", thousands(shown)),
            &table(&["Dataset", "File", "#Row", "Rule", "Reason"], &rows)
        )
    )
}

/// How many rows of each dataset each rule kept out, the most first, with the reason of the first.
fn quarantined_by_rule(facts: &Facts<'_>) -> String {
    let mut kept: BTreeMap<(&str, &str), (u64, &str)> = BTreeMap::new();
    for row in facts.quarantine {
        kept.entry((&row.dataset, &row.rule)).or_insert((0, &row.reason)).0 += 1;
    }
    let mut kept: Vec<_> = kept.into_iter().collect();
    kept.sort_by_key(|(of, (count, _))| (std::cmp::Reverse(*count), *of));
    let rows: String = kept
        .iter()
        .map(|((dataset, rule), (count, reason))| {
            format!(
                "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td><code>{}</code></td><td>{}</td></tr>",
                escape(dataset),
                thousands(*count),
                escape(rule),
                escape(reason)
            )
        })
        .collect();
    table(&["Dataset", "#Rows", "Rule", "The first for"], &rows)
}

/// What only a few readers want, closed until it is asked for.
pub(super) fn folded(title: &str, body: &str) -> String {
    format!("<details class=\"more\"><summary>{title}</summary>{body}</details>")
}

pub(super) fn rules(facts: &Facts<'_>) -> String {
    let rows: String = facts
        .findings
        .rules
        .iter()
        .map(|rule| {
            let count = match rule.findings.len() as u64 {
                0 => "<td class=\"number\">kept</td>".to_owned(),
                count => format!("<td class=\"number broken\">{}</td>", thousands(count)),
            };
            format!(
                "<tr><td>{}</td><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td>{count}</tr>",
                badge(rule.severity),
                escape(rule.code),
                escape(rule.layer),
                escape(rule.sentence)
            )
        })
        .collect();
    let broken =
        facts.findings.rules.iter().filter(|rule| !rule.findings.is_empty()).count() as u64;
    format!(
        "<p>{} run, {} broken at least once.</p>{}",
        counted(facts.findings.rules.len() as u64, "rule"),
        thousands(broken),
        folded(
            "All of them",
            &table(&["Severity", "Rule", "Layer", "What holds", "#Findings"], &rows)
        )
    )
}

/// A heading that begins with `#` stands over numbers.
pub(super) fn table(headings: &[&str], rows: &str) -> String {
    let cells: String = headings
        .iter()
        .map(|heading| match heading.strip_prefix('#') {
            Some(heading) => format!("<th scope=\"col\" class=\"number\">{heading}</th>"),
            None => format!("<th scope=\"col\">{heading}</th>"),
        })
        .collect();
    format!(
        "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table: {}\"><table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table></div>",
        headings.join(", ").replace('#', "")
    )
}
