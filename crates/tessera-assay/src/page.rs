//! The page from top to bottom.

#![expect(
    clippy::format_collect,
    reason = "one String a row reads best, and a page is a few hundred rows"
)]

use super::canvas::{Canvas, WIDTH};
use super::facts::Facts;
use super::maps::{self, Map};
use super::palette::hex;
use super::sections;
use super::text::{counted, escape, position, thousands};
use super::{change, chart, overlay, sources};
use tessera_grid::Position;
use tessera_stage::staged::Staged;

const STYLE: &str = include_str!("style.css");

pub(super) fn page(staged: &Staged, facts: &Facts<'_>) -> String {
    let canvas = Canvas::of(staged);
    let layers: String =
        maps::layers(staged, &canvas).iter().map(|map| figure(map, &canvas)).collect();
    let charts: String = facts.distributions.iter().map(chart::histogram).collect();
    let pins = figure(&maps::findings(facts, &canvas), &canvas);
    let title = escape(facts.world.title);
    [
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>Assay of {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        ),
        shared(staged, &canvas),
        head(facts),
        "<main>\n".to_owned(),
        section(
            "findings",
            "Findings",
            &format!(
                "{}{}{pins}{}",
                sections::tally(facts),
                intro(facts),
                sections::findings(facts)
            ),
        ),
        section("change", "What would change", &change::section(facts)),
        section(
            "maps",
            "The world, layer by layer",
            &format!("<div class=\"maps\">{layers}</div>"),
        ),
        section("numbers", "Numbers", &format!("<div class=\"charts\">{charts}</div>")),
        section(
            "coverage",
            "Coverage",
            &format!(
                "{}<h3>Province by province</h3>{}",
                sections::coverage(facts),
                sections::provinces(facts)
            ),
        ),
        section("quarantine", "Quarantine", &sections::quarantine(facts)),
        section("sources", "Sources and licences", &sources::section(facts)),
        section("rules", "Rules that were run", &sections::rules(facts)),
        "</main>\n</body>\n</html>\n".to_owned(),
    ]
    .concat()
}

fn section(id: &str, title: &str, body: &str) -> String {
    format!(
        "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\">{title}</h2>\n{body}</section>\n"
    )
}

fn intro(facts: &Facts<'_>) -> String {
    let found = facts.findings.errors + facts.findings.warnings + facts.findings.notes;
    if found == 0 {
        "<p>No rule is broken.</p>".to_owned()
    } else {
        "<p>An error keeps a world from becoming a release; a warning is for a person to judge; a note is for the record.</p>".to_owned()
    }
}

fn head(facts: &Facts<'_>) -> String {
    let world = &facts.world;
    let (class, word) =
        if facts.promotable { ("good", "Promotable") } else { ("bad", "Not promotable") };
    let release = match facts.release {
        Some(release) => format!(
            "<dt>Release</dt><dd><code>{}</code>, {} bytes</dd>",
            escape(&release.id),
            thousands(release.bytes)
        ),
        None => "<dt>Release</dt><dd>none was written</dd>".to_owned(),
    };
    let corner = |latitude, longitude| {
        Position::new(latitude, longitude).map_or_else(|error| error.to_string(), position)
    };
    let bbox = world.bbox;
    let links: String = [
        ("findings", "Findings"),
        ("change", "What would change"),
        ("maps", "Maps"),
        ("numbers", "Numbers"),
        ("coverage", "Coverage"),
        ("quarantine", "Quarantine"),
        ("sources", "Sources"),
        ("rules", "Rules"),
    ]
    .map(|(id, name)| format!("<a href=\"#{id}\">{name}</a>"))
    .concat();
    format!(
        "<header>\n<p class=\"kind\">TESSERA · Assay</p>\n<h1>{title}</h1>\n\
         <p class=\"verdict {class}\"><strong>{word}</strong> <span>{verdict}</span></p>\n\
         {first}<dl>{release}<dt>Played in</dt><dd>{year}</dd>\
         <dt>From</dt><dd>{south_west}</dd><dt>To</dt><dd>{north_east}</dd>\
         <dt>Grid</dt><dd>H3, resolution {resolution}: {zones}, {land} with land</dd>\
         <dt>Holds</dt><dd>{places}, {rivers}</dd><dt>Changes</dt><dd>{change}</dd><dt>Licences</dt><dd>{licences}</dd></dl>\n\
         <nav aria-label=\"Sections\">{links}</nav>\n</header>\n",
        title = escape(world.title),
        verdict = escape(facts.verdict.split_once(": ").map_or("", |(_, why)| why)),
        year = facts.year(),
        south_west = corner(bbox.south(), bbox.west()),
        north_east = corner(bbox.north(), bbox.east()),
        resolution = world.resolution,
        zones = counted(world.zones, "zone"),
        land = thousands(world.land_zones),
        places = counted(world.places, "place"),
        change = escape(&change::verdict(facts.comparison)),
        licences = escape(&sources::verdict(facts.sources)),
        first = sections::first_look(facts),
        rivers = counted(world.river_lines, "river line"),
    )
}

/// The plain map and the coast, drawn once and used by every figure.
fn shared(staged: &Staged, canvas: &Canvas) -> String {
    let height = canvas.projection.height;
    format!(
        "<svg class=\"shared\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
         <image id=\"plain\" width=\"{WIDTH}\" height=\"{height}\" href=\"{}\"/>\
         <path id=\"coast\" d=\"{}\"/></defs></svg>\n",
        maps::plain(staged, canvas),
        overlay::coast(staged, canvas.projection)
    )
}

fn figure(map: &Map, canvas: &Canvas) -> String {
    let height = canvas.projection.height;
    let Map { id, title, alt, picture, overlay, legend } = map;
    let (title, alt) = (escape(title), escape(alt));
    let base = picture.as_ref().map_or_else(
        || "<use href=\"#plain\"/>".to_owned(),
        |picture| format!("<image width=\"{WIDTH}\" height=\"{height}\" href=\"{picture}\"/>"),
    );
    let entries: String = legend
        .iter()
        .map(|(colour, label)| {
            format!("<li><i style=\"background:{}\"></i>{}</li>", hex(*colour), escape(label))
        })
        .collect();
    let legend = if entries.is_empty() {
        String::new()
    } else {
        format!("<ul class=\"legend\">{entries}</ul>")
    };
    format!(
        "<figure class=\"map\" id=\"{id}\"><h3>{title}</h3>\
         <div class=\"pane\" tabindex=\"0\" role=\"region\" aria-label=\"Map: {title}\">\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}. {alt}\">{base}\
         <use href=\"#coast\" class=\"coast\"/>{overlay}</svg></div>\
         <figcaption>{alt}</figcaption>{legend}</figure>\n"
    )
}
