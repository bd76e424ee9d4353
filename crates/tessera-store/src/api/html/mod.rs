//! Pages for people: no scripts, one small style, everything escaped.

mod map;

use super::{
    features::{Feature, FeatureCollection},
    items::path_segment,
    landing::{DESCRIPTION, TITLE},
    params::LIMIT_MAX,
};
use crate::{
    collections::Collection,
    cql::{Column, Kind, Row, Value},
    releases::{Mosaic, OpenRelease},
    years::Years,
};
use std::{fmt::Write, iter};
use tessera_grid::BBox;

const STYLE: &str = include_str!("style.css");

/// Columns of a table of features; the rest is in each feature's own page.
const COLUMNS_MAX: usize = 8;
/// Ends the names of the columns that say who says so.
const SAID: [&str; 4] = ["source", "licence", "certainty", "method"];

pub(crate) fn landing(
    base: &str,
    release: Option<&OpenRelease>,
    mosaic: Option<&Mosaic>,
) -> String {
    let mut body = format!("<p class=\"lead\">{}</p>", escape(DESCRIPTION));
    match (release, mosaic) {
        (Some(release), Some(mosaic)) => {
            body.push_str(&map::draw(mosaic, iter::empty(), "The land of this release"));
            body.push_str(&about(release, base));
        }
        _ => body.push_str("<p>No release has been promoted yet.</p>"),
    }
    let links = [
        (
            "collections?f=html",
            "Collections",
            "zones, places and features, for QGIS, ogr2ogr and notebooks",
        ),
        ("releases", "Releases", "every release that is kept, each also as one file (JSON)"),
        ("conformance?f=html", "Conformance", "the OGC API classes that are kept"),
        ("openapi.json", "OpenAPI", "the whole interface (JSON)"),
    ];
    body.push_str("<h2>Where to go</h2><table>");
    for (path, name, what) in links {
        let base = escape(base);
        push(
            &mut body,
            format_args!("<tr><th><a href=\"{base}/{path}\">{name}</a></th><td>{what}</td></tr>"),
        );
    }
    body.push_str("</table>");
    page(TITLE, base, &[], &body)
}

fn about(release: &OpenRelease, base: &str) -> String {
    let info = release.info();
    let mut text = String::from("<h2>The current release</h2><table>");
    let (base, id) = (escape(base), release.id());
    let years: Vec<String> = info.epochs.iter().map(|year| in_words(*year)).collect();
    for (name, value) in [
        ("Title", escape(&info.title)),
        ("Release", format!("<code>{id}</code>")),
        ("Year shown", in_words(info.epoch)),
        ("Years it was made for", years.join(", ")),
        ("Extent", extent(info.bbox)),
        ("Zones", format!("{} at H3 resolution {}", grouped(info.zones), info.resolution)),
        ("As one file", format!("<a href=\"{base}/releases/{id}/file\">SQLite</a>")),
    ] {
        push(&mut text, format_args!("<tr><th>{name}</th><td>{value}</td></tr>"));
    }
    text.push_str("</table>");
    text.push_str(&sources(release));
    text
}

fn sources(release: &OpenRelease) -> String {
    let mut text = String::from(
        "<h2>Sources and licences</h2><table class=\"stack\">\
         <tr><th>Source</th><th>To be named</th><th>Licence</th></tr>",
    );
    for source in release.sources() {
        let title = escape(&source.title);
        let title = match web_address(&source.url) {
            Some(url) => format!("<a href=\"{}\">{title}</a>", escape(url)),
            None => title,
        };
        let licence = match licence_address(&source.licence) {
            Some(url) => format!("<a href=\"{url}\">{}</a>", escape(&source.licence)),
            None => escape(&source.licence),
        };
        let named = escape(&source.attribution);
        push(
            &mut text,
            format_args!("<tr><td>{title}</td><td>{named}</td><td>{licence}</td></tr>"),
        );
    }
    text.push_str("</table>");
    text
}

/// What a source says of itself becomes a link only where it is one.
fn web_address(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// Where a licence is written, where it is named by its SPDX identifier.
pub(crate) fn licence_address(licence: &str) -> Option<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+');
    let is_id = licence.contains('-') && licence.chars().all(is_word);
    is_id.then(|| format!("https://spdx.org/licenses/{licence}.html"))
}

pub(crate) fn conformance(classes: &[&str], base: &str) -> String {
    let mut body = String::from("<p>Each of these classes is kept by a test.</p><ul>");
    for class in classes {
        push(&mut body, format_args!("<li><code>{class}</code></li>"));
    }
    body.push_str("</ul>");
    page("Conformance", base, &[], &body)
}

pub(crate) fn collections<'a>(list: impl Iterator<Item = &'a Collection>, base: &str) -> String {
    let mut body = String::from(
        "<table><tr><th>Collection</th><th>What it holds</th><th class=\"number\">Features</th></tr>",
    );
    for collection in list {
        let (base, id) = (escape(base), &collection.id);
        let count = collection.count.map(grouped).unwrap_or_default();
        push(
            &mut body,
            format_args!(
                "<tr><td><a href=\"{base}/collections/{id}?f=html\">{}</a></td><td>{}</td>\
                 <td class=\"number\">{count}</td></tr>",
                escape(&collection.title),
                escape(&collection.description)
            ),
        );
    }
    body.push_str("</table>");
    page("Collections", base, &[], &body)
}

pub(crate) fn collection(
    collection: &Collection,
    release: &OpenRelease,
    mosaic: Option<&Mosaic>,
    base: &str,
) -> String {
    let here = format!("{}/collections/{}", escape(base), collection.id);
    let mut body = format!("<p class=\"lead\">{}</p>", escape(&collection.description));
    if let Some(mosaic) = mosaic {
        let [west, south, east, north]: [f64; 4] = collection.bbox.into();
        let corner = |x, y| geo_types::Coord { x, y };
        let extent = geo_types::Rect::new(corner(west, south), corner(east, north)).to_polygon();
        // Around the whole map it would show nothing.
        let part = collection.bbox != release.info().bbox;
        let extent = part.then(|| std::borrow::Cow::Owned(extent.into())).into_iter();
        body.push_str(&map::draw(mosaic, extent, "Where the collection lies"));
    }
    body.push_str("<table>");
    let years = collection.years.map(|(a, b)| format!("{} to {}", in_words(a), in_words(b)));
    for (name, value) in [
        ("Features", collection.count.map(grouped).unwrap_or_default()),
        ("Extent", extent(collection.bbox)),
        ("Years", years.unwrap_or_default()),
        (
            "See them",
            format!(
                "<a href=\"{here}/items?f=html&amp;limit=100\">as a table</a>, \
                 <a href=\"{here}/items?f=json&amp;limit=100\">as GeoJSON</a>"
            ),
        ),
        (
            "Properties",
            format!("<a href=\"{here}/queryables?f=html\">what there is to filter by</a>"),
        ),
        ("QGIS", format!("<code>{}</code> as a WFS / OGC API Features connection", escape(base))),
        (
            "GDAL",
            format!(
                "<code>ogr2ogr -f GPKG {0}.gpkg -oo PAGE_SIZE={LIMIT_MAX} OAPIF:{1} {0}</code>",
                collection.id,
                escape(base)
            ),
        ),
    ] {
        if !value.is_empty() {
            push(&mut body, format_args!("<tr><th>{name}</th><td>{value}</td></tr>"));
        }
    }
    body.push_str("</table>");
    body.push_str(&sources(release));
    page(&collection.title, base, &[up()], &body)
}

pub(crate) fn queryables(collection: &Collection, columns: &[Column], base: &str) -> String {
    let mut body = format!(
        "<p>What a <code>filter</code> of {} may name, in CQL2 text: \
         <code>/items?filter=…</code></p><table><tr><th>Property</th><th>Kind</th><th></th></tr>\
         <tr><td><code>geometry</code></td><td>shape</td><td>for S_INTERSECTS</td></tr>",
        escape(&collection.title)
    );
    for column in columns {
        let kind = match column.kind {
            Kind::Integer => "whole number",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Boolean => "TRUE or FALSE",
            Kind::Nested => "list",
        };
        let (name, what) = (escape(&column.name), escape(&column.what));
        push(
            &mut body,
            format_args!("<tr><td><code>{name}</code></td><td>{kind}</td><td>{what}</td></tr>"),
        );
    }
    body.push_str("</table>");
    page(&format!("{}: properties", collection.title), base, &within(collection), &body)
}

pub(crate) fn items(
    collection: &Collection,
    shown: &FeatureCollection<'_>,
    columns: &[Column],
    mosaic: &Mosaic,
    (base, years): (&str, Option<Years>),
) -> String {
    let marks = shown.features.iter().map(Feature::seen);
    let shapes = shown.features.iter().map(Feature::shape);
    let mut body = map::draw(mosaic, shapes, "Where the features of this page lie");
    let said =
        |name: &str| SAID.iter().any(|part| name == *part || name.ends_with(&format!("_{part}")));
    let holds = |index: usize| marks.clone().any(|seen| !seen.value(index).is_null());
    let picked: Vec<(usize, &Column)> = columns
        .iter()
        .enumerate()
        .filter(|(index, column)| {
            column.kind != Kind::Nested && !said(&column.name) && holds(*index)
        })
        .take(COLUMNS_MAX)
        .collect();
    let matched = shown.number_matched.map(|all| format!(" of {}", grouped(all)));
    let matched = matched.unwrap_or_default();
    push(&mut body, format_args!("<p>{}{matched} features.", grouped(shown.number_returned)));
    if let Some(next) = shown.links.iter().find(|link| link.rel == "next") {
        let href = next.href.replace("?f=json", "?f=html");
        push(&mut body, format_args!(" <a href=\"{}\">The next page</a>", escape(&href)));
    }
    body.push_str("</p><div class=\"wide\"><table><tr><th>id</th>");
    for (_, column) in &picked {
        push(&mut body, format_args!("<th>{}</th>", escape(&column.name.replace('_', " "))));
    }
    body.push_str("</tr>");
    let at = years.map(|years| format!("&amp;datetime={years}")).unwrap_or_default();
    for feature in &shown.features {
        let href = format!(
            "{}/collections/{}/items/{}",
            escape(base),
            collection.id,
            path_segment(&feature.id)
        );
        let id = escape(&feature.id);
        push(&mut body, format_args!("<tr><td><a href=\"{href}?f=html{at}\">{id}</a></td>"));
        for (index, _) in &picked {
            push(&mut body, format_args!("<td>{}</td>", say(&feature.seen().value(*index))));
        }
        body.push_str("</tr>");
    }
    body.push_str("</table></div>");
    page(&collection.title, base, &within(collection), &body)
}

pub(crate) fn item(
    collection: &Collection,
    feature: &Feature<'_>,
    columns: &[Column],
    mosaic: Option<&Mosaic>,
    base: &str,
) -> String {
    let mut body = String::new();
    if let Some(mosaic) = mosaic {
        body.push_str(&map::draw(mosaic, iter::once(feature.shape()), "Where it lies"));
    }
    body.push_str("<table>");
    for (index, column) in columns.iter().enumerate() {
        let value = say(&feature.seen().value(index));
        if !value.is_empty() {
            let (name, what) = (escape(&column.name.replace('_', " ")), escape(&column.what));
            push(
                &mut body,
                format_args!("<tr><th title=\"{what}\">{name}</th><td>{value}</td></tr>"),
            );
        }
    }
    let own = feature.links.iter().find(|link| link.rel == "self");
    let own = own.map(|link| escape(&link.href)).unwrap_or_default();
    push(&mut body, format_args!("</table><p><a href=\"{own}\">As GeoJSON</a></p>"));
    page(&feature.id, base, &within(collection), &body)
}

/// The way back from a page of a collection.
fn within(collection: &Collection) -> [(String, String); 2] {
    [up(), (format!("collections/{}?f=html", collection.id), collection.title.clone())]
}

fn up() -> (String, String) {
    ("collections?f=html".to_owned(), "Collections".to_owned())
}

fn say(value: &Value<'_>) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => match web_address(text) {
            Some(url) => format!("<a href=\"{0}\">{0}</a>", escape(url)),
            None => escape(text),
        },
        Value::Months(months) => months.iter().map(i32::to_string).collect::<Vec<_>>().join(" · "),
        Value::Json(json) => escape(&json.to_string()),
    }
}

/// A box as people read it, to a kilometre, and as a line may break.
fn extent(bbox: BBox) -> String {
    let [west, south, east, north]: [f64; 4] = bbox.into();
    format!("{west:.2}, {south:.2}, {east:.2}, {north:.2} (west, south, east, north)")
}

/// 1234567 as people read it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// An astronomical year as people say it.
fn in_words(year: i32) -> String {
    if year > 0 { format!("AD {year}") } else { format!("{} BC", 1 - i64::from(year)) }
}

fn page(title: &str, base: &str, way: &[(String, String)], body: &str) -> String {
    let (title, base) = (escape(title), escape(base));
    let mut nav = format!("<nav><a href=\"{base}?f=html\">TESSERA</a>");
    for (path, name) in way {
        push(&mut nav, format_args!(" › <a href=\"{base}/{path}\">{}</a>", escape(name)));
    }
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>{nav}</nav><main><h1>{title}</h1>{body}</main></body></html>\n"
    )
}

fn push(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("writing to a string does not fail");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_years_are_written_as_people_say_them() {
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!([grouped(0), grouped(999)], ["0", "999"]);
        assert_eq!([in_words(150), in_words(0), in_words(-199)], ["AD 150", "1 BC", "200 BC"]);
    }

    #[test]
    fn a_box_is_written_so_that_a_line_of_it_may_break() {
        let bbox = BBox::new(-9.123_456_789, 30.0, 45.987_654_321, 60.5).unwrap();
        assert_eq!(extent(bbox), "-9.12, 30.00, 45.99, 60.50 (west, south, east, north)");
    }

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        assert_eq!(say(&"javascript:alert(1)".into()), "javascript:alert(1)");
        assert_eq!(
            say(&"https://a/\"<".into()),
            "<a href=\"https://a/&quot;&lt;\">https://a/&quot;&lt;</a>"
        );
        assert_eq!(
            licence_address("CC-BY-4.0").unwrap(),
            "https://spdx.org/licenses/CC-BY-4.0.html"
        );
        assert_eq!(licence_address("Public domain, \"NOAA\""), None);
    }
}
