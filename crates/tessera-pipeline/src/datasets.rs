//! Which datasets a sources document names, and whether their files are here as it says.
//!
//! A checksum is worked out once for each state of a file: its length and time of change stand for it.

use crate::config::World;
use crate::sources::{Dataset, Recipe, SourceFile, Sources};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::SystemTime,
};
use tessera_pipeline_api::{
    BesideFile, DatasetFile, DatasetView, FileState, LastRead, WorldDatasets,
};

/// A file as it was when its checksum was worked out.
type Seen = (u64, SystemTime, String);

/// Checksums that were worked out already.
#[derive(Default)]
pub(crate) struct Checksums(Mutex<HashMap<PathBuf, Seen>>);

impl Checksums {
    /// Length and checksum; `None` where there is no file. Reads the file if it has changed.
    fn of(&self, path: &Path) -> std::io::Result<Option<(u64, String)>> {
        let data = match fs::metadata(path) {
            Ok(data) if data.is_file() => data,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let (bytes, changed) = (data.len(), data.modified()?);
        let known = self.lock().get(path).cloned();
        if let Some((then, at, sum)) = known
            && (then, at) == (bytes, changed)
        {
            return Ok(Some((bytes, sum)));
        }
        let (sum, bytes) = tessera_release::checksum(path)?;
        self.lock().insert(path.to_owned(), (bytes, changed, sum.clone()));
        Ok(Some((bytes, sum)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Seen>> {
        // Whole entries only are ever in it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SHA-256 of a document, as a run and a world name it.
pub(crate) fn document_sum(text: &[u8]) -> String {
    hex::encode(Sha256::digest(text))
}

/// The datasets of a world of the configuration.
pub(crate) fn of_world(
    name: &str,
    world: &World,
    sums: &Checksums,
    last: &BTreeMap<String, LastRead>,
) -> WorldDatasets {
    let mut view = WorldDatasets {
        world: Some(name.to_owned()),
        document: None,
        title: name.to_owned(),
        datasets: Vec::new(),
        complete: false,
        problem: None,
    };
    let read = fs::read(&world.sources).map(|text| document_sum(&text));
    view.document = read.ok();
    match Sources::load(&world.sources) {
        Ok(sources) => fill(&mut view, &sources, &world.source_dir, &[], sums, last),
        Err(error) => view.problem = Some(error.to_string()),
    }
    view
}

/// The datasets of a document that was sent.
pub(crate) fn of_document(
    id: &str,
    path: &Path,
    beside: &[BesideFile],
    source_dir: Option<&Path>,
    sums: &Checksums,
    last: &BTreeMap<String, LastRead>,
) -> WorldDatasets {
    let mut view = WorldDatasets {
        world: None,
        document: Some(id.to_owned()),
        title: id.to_owned(),
        datasets: Vec::new(),
        complete: false,
        problem: None,
    };
    match Sources::load(path) {
        Ok(sources) => {
            let nowhere = path.with_file_name("no-folder");
            fill(&mut view, &sources, source_dir.unwrap_or(&nowhere), beside, sums, last);
        }
        Err(error) => view.problem = Some(error.to_string()),
    }
    view
}

fn fill(
    view: &mut WorldDatasets,
    sources: &Sources,
    source_dir: &Path,
    beside: &[BesideFile],
    sums: &Checksums,
    last: &BTreeMap<String, LastRead>,
) {
    view.title.clone_from(&sources.world.title);
    let last = view.document.as_ref().and_then(|document| last.get(document));
    for dataset in &sources.dataset {
        let look = |file| file_view(dataset, file, sources, source_dir, beside, sums);
        match dataset.file.iter().map(look).collect::<std::io::Result<Vec<_>>>() {
            Ok(files) => view.datasets.push(dataset_view(dataset, files, last)),
            Err(error) => {
                view.problem = Some(format!("looking at the files of {}: {error}", dataset.id));
                return;
            }
        }
    }
    view.complete = view.datasets.iter().all(|dataset| dataset.complete);
}

fn dataset_view(
    dataset: &Dataset,
    files: Vec<DatasetFile>,
    last: Option<&LastRead>,
) -> DatasetView {
    DatasetView {
        id: dataset.id.clone(),
        title: dataset.title.clone(),
        publisher: dataset.publisher.clone(),
        licence: dataset.licence.clone(),
        attribution: dataset.attribution.clone(),
        edition: dataset.edition.clone(),
        complete: files.iter().all(|file| file.state == FileState::Here),
        files,
        last_read: last.cloned(),
    }
}

fn file_view(
    dataset: &Dataset,
    file: &SourceFile,
    sources: &Sources,
    source_dir: &Path,
    beside: &[BesideFile],
    sums: &Checksums,
) -> std::io::Result<DatasetFile> {
    let found = sums.of(&dataset.path(file, &sources.folder, source_dir))?;
    let listed = match &file.recipe {
        Recipe::File { file } => {
            beside.iter().find(|beside| beside.file == *file).map(|beside| beside.sha256.clone())
        }
        _ => None,
    };
    let expected = file.sha256.clone().or(listed);
    let state = match (&found, &expected) {
        (None, _) => FileState::Missing,
        (Some((_, found)), Some(expected)) if found != expected => FileState::Changed,
        (Some(_), _) => FileState::Here,
    };
    let (bytes, found) = found.map_or((0, None), |(bytes, sum)| (bytes, Some(sum)));
    Ok(DatasetFile {
        name: file.name.clone(),
        state,
        bytes,
        sha256: expected,
        found,
        beside: matches!(file.recipe, Recipe::File { .. }),
    })
}

/// The folder of fetched files that has most of what a document names; of equals the first by world.
pub(crate) fn source_dir_for<'a>(
    sources: &Sources,
    worlds: &'a BTreeMap<String, World>,
) -> Option<&'a Path> {
    let has = |folder: &Path| {
        let files = sources.dataset.iter().flat_map(|d| d.file.iter().map(move |f| (d, f)));
        files.filter(|(d, f)| d.path(f, &sources.folder, folder).is_file()).count()
    };
    let mut best: Option<(usize, &Path)> = None;
    for world in worlds.values() {
        let count = has(&world.source_dir);
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, &world.source_dir));
        }
    }
    best.map(|(_, folder)| folder)
}
