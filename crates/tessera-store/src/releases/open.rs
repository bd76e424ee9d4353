//! An open release: a few connections to one file, lent to one read at a time.

use super::{Mosaic, answers::Answers};
use crate::{
    blocking::{Panicked, blocking},
    collections::{self, Collection},
    turns::{Share, Turn},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError, Weak},
};
use tessera_release::{Release, Tileset};
use tessera_store_api::{ProvenanceView, SourceView};
use tessera_world::{ProvenanceId, ReleaseId, ReleaseInfo};
use tokio::sync::Semaphore;

/// Reads of one release at once. More only take turns on the machine's two cores, and each holds a cache of 2 MiB.
const READERS_MAX: usize = 6;
/// Of these, all but glances: whatever else is read, a tile has a connection.
const READS_MAX: usize = READERS_MAX - 1;
/// Searches at once, of whatever release: each may read the whole world for a page, and nothing that is cheap waits for
/// that.
pub(crate) const SEARCHES: Share = Share { at_once: 3, of_one: 2, in_hand_of_one: 64 };
const _: () = assert!(SEARCHES.at_once < READS_MAX);

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Release(#[from] tessera_release::Error),
    #[error("a fact names provenance {0}, which the release does not list")]
    NoProvenance(u32),
    #[error("writing an answer as JSON")]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Panicked(#[from] Panicked),
    #[error("nobody waits for the answer any more")]
    GivenUp,
}

/// Whether anybody still waits for the answer of a search.
pub(crate) struct Wanted(Option<Weak<()>>);

impl Wanted {
    /// It is wanted to its end.
    pub(crate) const fn always() -> Self {
        Self(None)
    }

    /// Wanted as long as the one who asks is there.
    pub(crate) fn by(asking: &Arc<()>) -> Self {
        Self(Some(Arc::downgrade(asking)))
    }

    pub(crate) fn given_up(&self) -> bool {
        self.0.as_ref().is_some_and(|asking| asking.strong_count() == 0)
    }

    pub(crate) fn go_on(&self) -> Result<(), ReadError> {
        if self.given_up() { Err(ReadError::GivenUp) } else { Ok(()) }
    }
}

/// The provenance rows of a release, as they are spelled out in answers.
pub(crate) struct Provenances(HashMap<ProvenanceId, ProvenanceView>);

impl Provenances {
    pub(crate) fn get(&self, id: ProvenanceId) -> Result<&ProvenanceView, ReadError> {
        self.0.get(&id).ok_or(ReadError::NoProvenance(id.0))
    }
}

pub(crate) struct OpenRelease {
    id: ReleaseId,
    sha256: String,
    path: PathBuf,
    info: ReleaseInfo,
    sources: Vec<SourceView>,
    provenances: Provenances,
    collections: Vec<Arc<Collection>>,
    taken_in: Timestamp,
    /// Laid at the first need: some thousand looks at zones.
    mosaic: OnceLock<Arc<Mosaic>>,
    finest: [Option<u8>; 2],
    answers: Answers,
    idle: Mutex<Vec<Release>>,
    places: Arc<Semaphore>,
    reads: Arc<Semaphore>,
}

impl OpenRelease {
    pub(crate) fn open(
        id: ReleaseId,
        sha256: String,
        taken_in: Timestamp,
        path: &Path,
    ) -> Result<Self, ReadError> {
        let release = Release::open(path)?;
        let sources = release.sources()?.into_iter().map(|source| SourceView {
            id: source.id,
            title: source.title,
            publisher: source.publisher,
            licence: source.licence,
            attribution: source.attribution,
            edition: source.edition,
            sha256: source.sha256,
            url: source.url,
        });
        let provenances = release.provenances()?.into_iter().map(|row| {
            let view = ProvenanceView {
                source: row.source,
                licence: row.licence,
                certainty: row.certainty,
                method: row.method,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
            };
            (row.id, view)
        });
        let finest =
            [release.finest_tiles(Tileset::World)?, release.finest_tiles(Tileset::Relief)?];
        let info = release.info().clone();
        let collections = collections::of(&release)?.into_iter().map(Arc::new).collect();
        // All of them now: the file may lose its name while it is read.
        let mut idle = vec![release];
        while idle.len() < READERS_MAX {
            idle.push(Release::open(path)?);
        }
        Ok(Self {
            id,
            sha256,
            path: path.to_owned(),
            info,
            sources: sources.collect(),
            provenances: Provenances(provenances.collect()),
            collections,
            taken_in,
            mosaic: OnceLock::new(),
            finest,
            answers: Answers::default(),
            idle: Mutex::new(idle),
            places: Arc::new(Semaphore::new(READERS_MAX)),
            reads: Arc::new(Semaphore::new(READS_MAX)),
        })
    }

    pub(crate) fn id(&self) -> &ReleaseId {
        &self.id
    }

    pub(crate) fn sha256(&self) -> &str {
        &self.sha256
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn info(&self) -> &ReleaseInfo {
        &self.info
    }

    pub(crate) fn sources(&self) -> &[SourceView] {
        &self.sources
    }

    pub(crate) fn provenances(&self) -> &Provenances {
        &self.provenances
    }

    /// What it has, zones first.
    pub(crate) fn collections(&self) -> &[Arc<Collection>] {
        &self.collections
    }

    /// What was answered about it, as long as it is current.
    pub(crate) fn answers(&self) -> &Answers {
        &self.answers
    }

    /// When the store took it in.
    pub(crate) fn taken_in(&self) -> Timestamp {
        self.taken_in
    }

    /// Each licence of its sources, once.
    pub(crate) fn licences(&self) -> BTreeSet<String> {
        self.sources.iter().map(|source| source.licence.clone()).collect()
    }

    pub(crate) fn mosaic(&self, file: &Release) -> Result<Arc<Mosaic>, ReadError> {
        if let Some(laid) = self.mosaic.get() {
            return Ok(Arc::clone(laid));
        }
        let laid = Arc::new(Mosaic::lay(file)?);
        Ok(Arc::clone(self.mosaic.get_or_init(|| laid)))
    }

    /// The finest level a tileset was drawn at; `None` without tiles.
    pub(crate) fn finest_tiles(&self, tileset: Tileset) -> Option<u8> {
        let [world, relief] = self.finest;
        match tileset {
            Tileset::World => world,
            Tileset::Relief => relief,
        }
    }

    /// Looks one thing up: a few pages, which are in memory as a rule. Handing that to another thread costs more
    /// than it takes, so it is done here where a connection is free; otherwise it waits for one behind other glances.
    pub(crate) async fn glance<T: Send + 'static>(
        self: &Arc<Self>,
        look: impl FnOnce(&Self, &Release) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        if let Ok(_place) = self.places.try_acquire() {
            let idle = self.idle().pop();
            if let Some(release) = idle {
                let answer = look(self, &release);
                self.idle().push(release);
                return answer;
            }
        }
        self.on_a_connection((), look).await
    }

    /// Runs one read on a connection of its own, off the threads that answer.
    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Self, &Release) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        self.read_holding((), read).await
    }

    /// A read to whose end something is held: it goes on when its caller has hung up.
    async fn read_holding<T: Send + 'static>(
        self: &Arc<Self>,
        held: impl Send + 'static,
        read: impl FnOnce(&Self, &Release) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let turn = Arc::clone(&self.reads).acquire_owned().await.map_err(|_closed| Panicked)?;
        self.on_a_connection((turn, held), read).await
    }

    async fn on_a_connection<T: Send + 'static>(
        self: &Arc<Self>,
        held: impl Send + 'static,
        read: impl FnOnce(&Self, &Release) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_closed| Panicked)?;
        let this = Arc::clone(self);
        blocking(move || {
            let _held = (place, held);
            let idle = this.idle().pop();
            // One is missing only where a read panicked with it.
            let release = match idle {
                Some(release) => release,
                None => Release::open(&this.path)?,
            };
            let answer = read(&this, &release);
            this.idle().push(release);
            answer
        })
        .await?
    }

    /// A read that may look at every zone there is. It can ask whether its caller has hung up.
    pub(crate) async fn search<T: Send + 'static>(
        self: &Arc<Self>,
        turn: Turn,
        search: impl FnOnce(&Self, &Release, Wanted) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, ReadError> {
        // Gone with this future, when the caller is.
        let asking = Arc::new(());
        let wanted = Wanted::by(&asking);
        let found = self.read_holding(turn, move |open, file| search(open, file, wanted)).await;
        drop(asking);
        found
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Release>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theron_testkit::world::SmallWorld;

    fn open(folder: &Path) -> Arc<OpenRelease> {
        let made = SmallWorld::latium().write(&folder.join("world.sqlite3")).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        Arc::new(OpenRelease::open(made.id, made.sha256, now, &made.path).unwrap())
    }

    #[tokio::test]
    async fn a_read_whose_caller_has_hung_up_keeps_its_place_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let open = open(folder.path());
        let (begun, mut begins) = tokio::sync::mpsc::unbounded_channel();
        let (end, ends) = std::sync::mpsc::channel::<()>();
        let mut reading = Box::pin(open.read(move |_open, _file| {
            begun.send(()).unwrap();
            ends.recv().unwrap_err();
            Ok(())
        }));
        tokio::select! {
            _ = &mut reading => panic!("it ends before it is told to"),
            begun = begins.recv() => begun.unwrap(),
        }
        drop(reading);
        assert_eq!(open.places.available_permits(), READERS_MAX - 1);
        drop(end);
        drop(open.places.acquire_many(READERS_MAX as u32).await.unwrap());
        assert_eq!(open.idle().len(), READERS_MAX, "its connection is there again");
    }
}
