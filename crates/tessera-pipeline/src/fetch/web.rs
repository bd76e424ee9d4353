//! Single files of public repositories, at a commit: https, with retries that go on where the last one broke off.

use super::{FetchError, at, keep};
use crate::sources::{Dataset, Recipe, SourceFile};
use futures::StreamExt;
use reqwest::{StatusCode, header};
use std::{fs, io::Write, path::Path, time::Duration};

/// The largest file of a source today has 160 MB; more than this is not what the document meant.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// With waits that double from a second: a network that is gone for half a minute is waited for.
const ATTEMPTS: u32 = 6;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A server that sends nothing for so long has forgotten us.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Why an attempt ended.
enum Halt {
    /// Worth another attempt.
    Again(String),
    GiveUp(String),
    Io(FetchError),
}

pub(super) fn bring(
    dataset: &Dataset,
    file: &SourceFile,
    into: &Path,
    base: &str,
    say: &mut dyn FnMut(&str),
) -> Result<(), FetchError> {
    let (Recipe::Github { github, commit, path }, Some(sha256)) = (&file.recipe, &file.sha256)
    else {
        return Ok(());
    };
    let url = format!("{}/{github}/{commit}/{path}", base.trim_end_matches('/'));
    let web = |said: String| FetchError::Web { url: url.clone(), said, sha256: sha256.clone() };
    // Named by what it will be, so that a fetch which was stopped is gone on with.
    let half = into.join(format!(".part-{sha256}"));
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(at(into))?;
    theron_mesh::install_tls_provider();
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .build()
        .map_err(|error| web(chain(&error)))?;
    let mut wait = Duration::from_secs(1);
    for attempt in 1..=ATTEMPTS {
        say(&format!("downloading {url}"));
        match runtime.block_on(download(&client, &url, &half)) {
            Ok(()) => break,
            Err(Halt::Io(error)) => return Err(error),
            Err(Halt::Again(said)) if attempt < ATTEMPTS => {
                say(&format!("{said}; trying again in {} s", wait.as_secs()));
                std::thread::sleep(wait);
                wait *= 2;
            }
            Err(Halt::Again(said)) => return Err(web(format!("{said}, {ATTEMPTS} times"))),
            Err(Halt::GiveUp(said)) => return Err(web(said)),
        }
    }
    let kept = keep(&url, dataset, file, &half, into);
    if kept.is_err() {
        // Going on with what is wrong would stay wrong.
        fs::remove_file(&half).map_err(at(&half))?;
    }
    kept
}

/// Adds to the half of a file that is there already.
async fn download(client: &reqwest::Client, url: &str, half: &Path) -> Result<(), Halt> {
    let io = |source| Halt::Io(at(half)(source));
    let mut file = fs::OpenOptions::new().create(true).append(true).open(half).map_err(io)?;
    let mut bytes = file.metadata().map_err(io)?.len();
    let mut request = client.get(url);
    if bytes > 0 {
        request = request.header(header::RANGE, format!("bytes={bytes}-"));
    }
    let answer = request.send().await.map_err(|error| Halt::Again(chain(&error)))?;
    match answer.status() {
        StatusCode::PARTIAL_CONTENT if bytes > 0 => {}
        StatusCode::OK => {
            file.set_len(0).map_err(io)?;
            bytes = 0;
        }
        // All of it is here, or it is not the file it was.
        StatusCode::RANGE_NOT_SATISFIABLE if bytes > 0 => return Ok(()),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            return Err(Halt::Again(format!("it answered {status}")));
        }
        status => return Err(Halt::GiveUp(format!("it answered {status}"))),
    }
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| Halt::Again(chain(&error)))?;
        bytes += chunk.len() as u64;
        if bytes > FILE_BYTES_MAX {
            return Err(Halt::GiveUp(format!("it sends more than {FILE_BYTES_MAX} bytes")));
        }
        file.write_all(&chunk).map_err(io)?;
    }
    file.sync_all().map_err(io)
}

/// An error with its last cause, which is the one that says what is wrong.
fn chain(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
