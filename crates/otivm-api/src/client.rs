//! The aggregation's way to a game node.

use crate::{ClosedWindows, Snapshot};
use theron_mesh::{CallError, Credentials, MeshClient, TlsError};

/// The internal API of one game node, over the mesh.
#[derive(Clone, Debug)]
pub struct GameNodeClient {
    mesh: MeshClient,
}

impl GameNodeClient {
    /// `base_url` ends in `/api/v1`.
    pub fn new(base_url: &str, credentials: &Credentials) -> Result<Self, TlsError> {
        Ok(MeshClient::new(base_url, credentials)?.into())
    }

    pub fn base_url(&self) -> &str {
        self.mesh.base_url()
    }

    /// Closed windows after a number, ascending; from the oldest that is kept with `None`.
    pub async fn windows(&self, after: Option<i64>) -> Result<ClosedWindows, CallError> {
        let query = after.map_or_else(String::new, |after| format!("?after={after}"));
        self.mesh.get(&format!("/windows{query}")).await
    }

    /// The snapshot of a closed window; the same for ever.
    pub async fn snapshot(&self, window: i64) -> Result<Snapshot, CallError> {
        self.mesh.get(&format!("/windows/{window}")).await
    }
}

impl From<MeshClient> for GameNodeClient {
    fn from(mesh: MeshClient) -> Self {
        Self { mesh }
    }
}
