//! Fetching, as far as it needs no network: what is kept, and what is said when something is wrong.

use crate::small::Small;
use std::io::{Read, Write};
use tessera_pipeline::{
    fetch::{FetchError, Fetched, Means, fetch},
    sources::Sources,
};

#[test]
fn files_beside_the_document_are_kept_and_a_missing_one_is_named() {
    let small = Small::new();
    let fetched =
        fetch(&small.sources(), &small.path("into"), &Means::default(), |_, _, _| {}).unwrap();
    assert_eq!(fetched, Fetched { kept: 13, ..Fetched::default() });
    std::fs::remove_file(small.path("winds.cdf")).unwrap();
    let refusal =
        fetch(&small.sources(), &small.path("into"), &Means::default(), |_, _, _| {}).unwrap_err();
    assert!(matches!(refusal, FetchError::NoFile { path } if path.ends_with("winds.cdf")));
}

#[test]
fn a_package_that_does_not_exist_is_named_with_what_to_do() {
    let small = Small::new();
    let from = "{ name = \"heights.cdf\", recipe = { file = \"heights.cdf\" } }";
    let sum = "0".repeat(64);
    let to = format!(
        "{{ name = \"heights.cdf\", recipe = {{ deb = \"no-such-package-of-ours\", version = \"1\", member = \"x\" }}, sha256 = \"{sum}\" }}"
    );
    small.edit("sources.toml", from, &to);
    let into = small.path("into");
    let refusal =
        fetch(&Sources::load(&small.document()).unwrap(), &into, &Means::default(), |_, _, _| {})
            .unwrap_err();
    let text = refusal.to_string();
    assert!(
        text.starts_with("apt-get could not bring no-such-package-of-ours 1 (Debian): "),
        "{text}"
    );
    assert!(
        text.ends_with("check the network, then run `sudo apt-get update` and fetch again"),
        "{text}"
    );
    // Nothing half-downloaded is left behind.
    assert_eq!(std::fs::read_dir(&into).unwrap().count(), 0);
}

/// The document with one file that is fetched from a repository; answers its checksum.
fn from_github(small: &Small, bytes: &[u8]) -> (Sources, String) {
    std::fs::write(small.path("wanted"), bytes).unwrap();
    let (sum, _) = tessera_release::checksum(&small.path("wanted")).unwrap();
    std::fs::remove_file(small.path("wanted")).unwrap();
    let from = "{ name = \"heights.cdf\", recipe = { file = \"heights.cdf\" } }";
    let commit = "c".repeat(40);
    let to = format!(
        "{{ name = \"heights.cdf\", recipe = {{ github = \"someone/maps\", commit = \"{commit}\", path = \"a/heights.cdf\" }}, sha256 = \"{sum}\" }}"
    );
    small.edit("sources.toml", from, &to);
    (Sources::load(&small.document()).unwrap(), sum)
}

#[test]
fn a_file_of_the_inbox_is_taken_by_its_checksum_whatever_it_is_called() {
    let small = Small::new();
    let (sources, _) = from_github(&small, b"the heights");
    let inbox = small.path("inbox");
    std::fs::create_dir_all(inbox.join("deep/down")).unwrap();
    std::fs::write(inbox.join("heights.cdf"), "other heights").unwrap();
    std::fs::write(inbox.join("deep/down/etopo (1).nc"), "the heights").unwrap();
    let means = Means { inbox: Some(inbox), ..Means::default() };
    let fetched = fetch(&sources, &small.path("into"), &means, |_, _, _| {}).unwrap();
    assert_eq!(fetched, Fetched { kept: fetched.kept, taken: 1, ..Fetched::default() });
    assert_eq!(std::fs::read(small.path("into/heights/heights.cdf")).unwrap(), b"the heights");

    let nowhere = Means { inbox: Some(small.path("no-folder")), ..Means::default() };
    let refusal = fetch(&sources, &small.path("into"), &nowhere, |_, _, _| {}).unwrap_err();
    assert!(matches!(refusal, FetchError::NoInbox { .. }), "{refusal}");
}

/// A server that answers each call with the next of its answers and then closes; it keeps what it was asked.
fn server(answers: Vec<Vec<u8>>) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        answers
            .into_iter()
            .map(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = Vec::new();
                while !asked.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    stream.read_exact(&mut byte).unwrap();
                    asked.push(byte[0]);
                }
                stream.write_all(&answer).unwrap();
                String::from_utf8(asked).unwrap()
            })
            .collect()
    });
    (base, thread)
}

#[test]
fn a_download_that_breaks_off_is_gone_on_with_where_it_was() {
    let small = Small::new();
    let (sources, _) = from_github(&small, b"the heights");
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nthe he".to_vec();
    let rest = b"HTTP/1.1 206 Partial Content\r\ncontent-length: 5\r\n\r\nights".to_vec();
    let (github, server) = server(vec![cut, rest]);
    let means = Means { github, ..Means::default() };
    let fetched = fetch(&sources, &small.path("into"), &means, |_, _, _| {}).unwrap();
    assert_eq!((fetched.brought, fetched.packages), (1, 1));
    assert_eq!(std::fs::read(small.path("into/heights/heights.cdf")).unwrap(), b"the heights");
    let asked = server.join().unwrap();
    let path = format!("GET /someone/maps/{}/a/heights.cdf HTTP/1.1", "c".repeat(40));
    assert!(asked.iter().all(|asked| asked.starts_with(&path)), "{asked:?}");
    assert!(asked[1].contains("range: bytes=6-"), "{}", asked[1]);
}

#[test]
fn a_file_that_is_not_there_or_is_another_is_not_kept_and_the_sentence_says_what_to_do() {
    let small = Small::new();
    let (sources, sum) = from_github(&small, b"the heights");
    let (github, serving) =
        server(vec![b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec()]);
    let into = small.path("into");
    let refusal =
        fetch(&sources, &into, &Means { github, ..Means::default() }, |_, _, _| {}).unwrap_err();
    let text = refusal.to_string();
    assert!(
        text.contains("heights.cdf: it answered 404 Not Found; see that the network"),
        "{text}"
    );
    assert!(text.contains(&format!("(sha256 {sum})")) && text.ends_with("--inbox"), "{text}");
    serving.join().unwrap();

    let other = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfake".to_vec();
    let (github, serving) = server(vec![other]);
    let refusal =
        fetch(&sources, &into, &Means { github, ..Means::default() }, |_, _, _| {}).unwrap_err();
    assert!(matches!(refusal, FetchError::Checksum { .. }), "{refusal}");
    serving.join().unwrap();
    let left: Vec<_> = std::fs::read_dir(&into).unwrap().flatten().map(|e| e.file_name()).collect();
    assert_eq!(left, Vec::<std::ffi::OsString>::new());
}
