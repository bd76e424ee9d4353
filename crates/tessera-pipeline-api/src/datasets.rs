//! The worlds that may be run, and whether what they are made from is there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FileState {
    /// It is there, and its checksum is the document's (or the document names none).
    Here,
    Missing,
    /// It is there with another checksum than the document's.
    Changed,
}

/// One file of a dataset, as the service finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetFile {
    pub name: String,
    pub state: FileState,
    /// As it lies on the service's disk; 0 where it is missing.
    pub bytes: u64,
    /// As the document, or whoever sent the document, says.
    pub sha256: Option<String>,
    /// As it lies on the service's disk.
    pub found: Option<String>,
    /// It lies beside the document and is sent with it; the others are fetched.
    pub beside: bool,
}

/// The run that read a dataset last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastRead {
    pub run: String,
    /// When that run was asked for. RFC 3339, UTC.
    pub at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetView {
    pub id: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    pub attribution: String,
    pub edition: String,
    pub files: Vec<DatasetFile>,
    /// Every file is here, with the right checksum.
    pub complete: bool,
    pub last_read: Option<LastRead>,
}

/// A sources document that the service knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorldDatasets {
    /// The name in the configuration; absent for a document that was sent.
    pub world: Option<String>,
    /// SHA-256 of the document; a run of a document that was sent names it.
    pub document: Option<String>,
    pub title: String,
    pub datasets: Vec<DatasetView>,
    /// Every dataset is complete.
    pub complete: bool,
    /// Why the document cannot be run, where it cannot even be read.
    pub problem: Option<String>,
}

/// Every world of the configuration, then the documents that were sent, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetList {
    pub worlds: Vec<WorldDatasets>,
}

/// Body of `POST /datasets`: a sources document that the service does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendDocument {
    /// The text of `sources.toml`.
    pub document: String,
    /// Checksums of the files that lie beside it.
    pub beside: Vec<BesideFile>,
}

/// A file beside a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BesideFile {
    /// As the document's recipe writes it: `{ file = "places.csv" }`.
    pub file: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
}
