//! Pages for people: no scripts, one small style, everything escaped.

use super::{
    collections::{Collection, Kind},
    features::FeatureCollection,
};
use crate::releases::{OpenRelease, ReadError};
use serde_json::Value;
use std::fmt::Write;

const STYLE: &str = "body{font:17px/1.55 Georgia,'Times New Roman',serif;color:#2b2118;background:#f7f1e4;\
max-width:62rem;margin:2.5rem auto;padding:0 1.2rem}\
h1{font-weight:normal;letter-spacing:.04em;border-bottom:3px double #8c2f1b;padding-bottom:.4rem}\
h2{font-weight:normal;color:#8c2f1b;margin-top:2rem}a{color:#7a2816}\
nav{font-size:.9rem}table{border-collapse:collapse;width:100%;font-size:.92rem}\
th,td{text-align:left;padding:.35rem .7rem;border-bottom:1px solid #d9ccb0;vertical-align:top}\
th{font-weight:normal;color:#6d5c44}code{font-size:.85em;overflow-wrap:anywhere}.wide{overflow-x:auto}";

/// What a person wants to see first; the rest is in the GeoJSON.
const PLACE_COLUMNS: &[&str] =
    &["latin", "modern", "province", "harbour", "rank", "certainty", "citation", "note"];
const CELL_COLUMNS: &[&str] = &[
    "surface_kind",
    "land_permille",
    "elevation_mean_m",
    "slope_permille",
    "river_name",
    "koppen",
    "terrain_source",
];

pub(crate) fn landing(
    title: &str,
    description: &str,
    base: &str,
    release: Option<&OpenRelease>,
) -> String {
    let mut body = format!("<p>{}</p>", escape(description));
    match release {
        None => body.push_str("<p>No release has been promoted yet.</p>"),
        Some(release) => body.push_str(&about(release, base)),
    }
    let links = [
        (
            "collections?f=html",
            "Collections",
            "places and cells as features, for QGIS, ogr2ogr and notebooks",
        ),
        ("releases", "Releases", "every release that is kept, each also as one file (JSON)"),
        ("conformance", "Conformance", "the OGC API classes that are kept (JSON)"),
        ("openapi.json", "OpenAPI", "the whole interface (JSON)"),
    ];
    body.push_str("<h2>Where to go</h2><table>");
    for (path, name, what) in links {
        push(
            &mut body,
            format_args!(
                "<tr><td><a href=\"{}/{path}\">{name}</a></td><td>{what}</td></tr>",
                escape(base)
            ),
        );
    }
    body.push_str("</table>");
    page(title, "", &body)
}

fn about(release: &OpenRelease, base: &str) -> String {
    let info = release.info();
    let mut text = String::new();
    let (base, id) = (escape(base), release.id());
    push(&mut text, format_args!("<h2>The current release</h2><table>"));
    for (name, value) in [
        ("Title", escape(&info.title)),
        ("Release", format!("<code>{id}</code>")),
        ("Year shown", info.epoch.to_string()),
        ("Extent", format!("{} (west, south, east, north)", info.bbox)),
        ("Zones", format!("{} at H3 resolution {}", info.zones, info.resolution)),
        ("Places", info.places.to_string()),
        ("As one file", format!("<a href=\"{base}/releases/{id}/file\">SQLite</a>")),
    ] {
        push(&mut text, format_args!("<tr><th>{name}</th><td>{value}</td></tr>"));
    }
    text.push_str("</table><h2>Sources</h2><table>");
    for source in release.sources() {
        let (title, licence) = (escape(&source.title), escape(&source.licence));
        push(
            &mut text,
            format_args!(
                "<tr><td>{title}</td><td>{}</td><td>{licence}</td></tr>",
                escape(&source.attribution)
            ),
        );
    }
    text.push_str("</table>");
    text
}

pub(crate) fn collections(list: &[Collection], base: &str) -> String {
    let mut body = String::from("<table>");
    for collection in list {
        push(
            &mut body,
            format_args!(
                "<tr><td><a href=\"{}/collections/{}?f=html\">{}</a></td><td>{}</td></tr>",
                escape(base),
                collection.id,
                collection.title,
                collection.description
            ),
        );
    }
    body.push_str("</table>");
    page("Collections", base, &body)
}

pub(crate) fn collection(collection: &Collection, base: &str) -> String {
    let [west, south, east, north] =
        collection.extent.spatial.bbox.first().copied().unwrap_or_default();
    let here = format!("{}/collections/{}", escape(base), collection.id);
    let body = format!(
        "<p>{}</p><table><tr><th>Extent</th><td>{west}, {south}, {east}, {north}</td></tr>\
         <tr><th>Features</th><td><a href=\"{here}/items?f=html&amp;limit=100\">as a table</a>, \
         <a href=\"{here}/items?f=json\">as GeoJSON</a></td></tr>\
         <tr><th>GDAL</th><td><code>ogr2ogr -f GPKG {id}.gpkg OAPIF:{} {id}</code></td></tr></table>",
        collection.description,
        escape(base),
        id = collection.id
    );
    page(collection.title, base, &body)
}

pub(crate) fn items(
    kind: Kind,
    collection: &FeatureCollection,
    base: &str,
) -> Result<String, ReadError> {
    let columns = match kind {
        Kind::Places => PLACE_COLUMNS,
        Kind::Cells => CELL_COLUMNS,
    };
    let (returned, matched) = (collection.number_returned, collection.number_matched);
    let mut body = format!("<p>{returned} of {matched} features.");
    if let Some(next) = collection.links.iter().find(|link| link.rel == "next") {
        let href = next.href.replace("?f=json", "?f=html");
        push(&mut body, format_args!(" <a href=\"{}\">The next page</a>", escape(&href)));
    }
    body.push_str("</p><div class=\"wide\"><table><tr><th>id</th>");
    for column in columns {
        push(&mut body, format_args!("<th>{}</th>", column.replace('_', " ")));
    }
    body.push_str("</tr>");
    for feature in &collection.features {
        let properties = serde_json::to_value(&feature.properties)?;
        let id = escape(&feature.id);
        let href = format!("{}/collections/{}/items/{id}", escape(base), kind.as_str());
        push(&mut body, format_args!("<tr><td><a href=\"{href}\">{id}</a></td>"));
        for column in columns {
            let text = match properties.get(column) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => escape(text),
                Some(other) => escape(&other.to_string()),
            };
            push(&mut body, format_args!("<td>{text}</td>"));
        }
        body.push_str("</tr>");
    }
    body.push_str("</table></div>");
    Ok(page(kind.title(), base, &body))
}

fn page(title: &str, base: &str, body: &str) -> String {
    let title = escape(title);
    let nav = if base.is_empty() {
        String::new()
    } else {
        let base = escape(base);
        format!(
            "<nav><a href=\"{base}?f=html\">TESSERA</a> · <a href=\"{base}/collections?f=html\">Collections</a></nav>"
        )
    };
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>{STYLE}</style></head><body>{nav}<h1>{title}</h1>{body}</body></html>\n"
    )
}

fn push(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("writing to a string does not fail");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
