//! Compressed answers. Each encoding is a representation of its own, so its strong ETag is one of its own:
//! `"…-gzip"`. The handlers know only the plain one.

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use tower_http::compression::{
    CompressionLayer, CompressionLevel,
    predicate::{Predicate, SizeAbove},
};

/// Below this a packet carries it either way.
const COMPRESS_BYTES_MIN: u64 = 1_024;
const ENCODINGS: [&str; 2] = ["gzip", "zstd"];

/// Text of ours: what is in files and tiles is compressed already, or read by ranges.
#[derive(Clone, Copy)]
struct IsText;

impl Predicate for IsText {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &http::Response<B>) -> bool {
        is_text(response.headers())
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    is_kind_of_text(
        headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default(),
    )
}

fn is_kind_of_text(kind: &[u8]) -> bool {
    kind.starts_with(b"text/") || kind.windows(4).any(|word| word == b"json")
}

/// Whether an answer is there in several encodings.
pub(crate) fn varies_by_encoding(media_type: &str, body: &[u8]) -> bool {
    is_kind_of_text(media_type.as_bytes()) && body.len() as u64 >= COMPRESS_BYTES_MIN
}

/// Around routes: compresses what is text and large, for whoever accepts it.
pub(crate) fn compressed<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let predicate = SizeAbove::new(COMPRESS_BYTES_MIN).and(IsText);
    let layer = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(predicate);
    routes.layer(layer).layer(middleware::from_fn(tag_by_encoding))
}

async fn tag_by_encoding(mut request: Request, next: Next) -> Response {
    only_ours(request.headers_mut());
    let known = plain_tags(request.headers_mut());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) && response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let Some(etag) = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()) else {
        return response;
    };
    let encoding = response.headers().get(header::CONTENT_ENCODING).and_then(|e| e.to_str().ok());
    let tag = match encoding {
        Some(encoding) => format!("{}-{encoding}\"", etag.trim_end_matches('"')),
        // 304: the one that the caller has.
        None => match known.into_iter().find(|(_, plain)| plain == etag) {
            Some((full, _)) => full,
            None => return response,
        },
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Leaves in `Accept-Encoding` what we encode with. Who refuses the plain form gets it where there is no
/// other, as RFC 9110 allows, and not an answer with the status of a refusal.
fn only_ours(headers: &mut HeaderMap) {
    let asked = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    let ours = asked.flat_map(|value| value.split(',')).map(str::trim).filter(|element| {
        let name = element.split(';').next().unwrap_or_default().trim();
        ENCODINGS.iter().any(|encoding| name.eq_ignore_ascii_case(encoding))
    });
    let ours = ours.collect::<Vec<_>>().join(", ");
    headers.remove(header::ACCEPT_ENCODING);
    if let Ok(value) = HeaderValue::from_str(&ours)
        && !ours.is_empty()
    {
        headers.insert(header::ACCEPT_ENCODING, value);
    }
}

/// Takes the encodings out of `If-None-Match`; gives what stood there beside what stands there now.
fn plain_tags(headers: &mut HeaderMap) -> Vec<(String, String)> {
    let asked: Vec<String> = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().to_owned())
        .collect();
    let plain = |tag: &str| {
        let bare = tag.strip_suffix('"')?;
        let bare = ENCODINGS.iter().find_map(|encoding| bare.strip_suffix(encoding))?;
        Some(format!("{}\"", bare.strip_suffix('-')?))
    };
    let known: Vec<(String, String)> =
        asked.iter().filter_map(|tag| Some((tag.clone(), plain(tag)?))).collect();
    if !known.is_empty() {
        let tags: Vec<String> =
            asked.iter().map(|tag| plain(tag).unwrap_or_else(|| tag.clone())).collect();
        if let Ok(value) = HeaderValue::from_str(&tags.join(", ")) {
            headers.insert(header::IF_NONE_MATCH, value);
        }
    }
    known
}
