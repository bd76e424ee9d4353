//! `mesh.toml`: who is on the mesh, and where.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The one description of the mesh. Paths in it are relative to the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mesh {
    /// With what the operator calls the services.
    pub operator: Credentials,
    #[serde(rename = "service")]
    pub services: Vec<Node>,
}

/// PEM files: the authority that is trusted, the own certificate, the own key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub ca: PathBuf,
    pub cert: PathBuf,
    pub key: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// The container's name, which is also the name in its certificate.
    pub name: String,
    /// `https://10.110.0.15:8443/api/v1`
    pub base_url: String,
    /// Where the service listens without asking for a client certificate, if anywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_url: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum MeshError {
    #[error("reading the mesh from {path}; `theron up` writes it")]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is not a mesh description")]
    Parse {
        path: PathBuf,
        #[source]
        source: toml::de::Error,
    },
    #[error("the mesh has no service named {0:?}; add it to mesh.toml")]
    Unknown(String),
}

impl Mesh {
    pub fn load(path: &Path) -> Result<Self, MeshError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| MeshError::Read { path: path.to_owned(), source })?;
        let mut mesh: Self = toml::from_str(&text)
            .map_err(|source| MeshError::Parse { path: path.to_owned(), source })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        mesh.operator = mesh.operator.relative_to(folder);
        Ok(mesh)
    }

    pub fn node(&self, name: &str) -> Result<&Node, MeshError> {
        self.services
            .iter()
            .find(|node| node.name == name)
            .ok_or_else(|| MeshError::Unknown(name.to_owned()))
    }
}

impl Credentials {
    pub fn relative_to(&self, folder: &Path) -> Self {
        Self {
            ca: folder.join(&self.ca),
            cert: folder.join(&self.cert),
            key: folder.join(&self.key),
        }
    }
}

impl Node {
    /// The root that the base address sits under: `https://10.110.0.15:8443`.
    pub fn root_url(&self) -> &str {
        self.base_url.strip_suffix("/api/v1").unwrap_or(&self.base_url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_file_and_unknown_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mesh.toml");
        let text = "[operator]\nca = 'pki/ca.pem'\ncert = 'pki/operator.pem'\nkey = 'pki/operator.key'\n\
                    [[service]]\nname = 'tessera-store'\nbase_url = 'https://127.110.0.15:8443/api/v1'\n";
        std::fs::write(&path, text).unwrap();
        let mesh = Mesh::load(&path).unwrap();
        assert_eq!(mesh.operator.ca, folder.path().join("pki/ca.pem"));
        assert_eq!(mesh.node("tessera-store").unwrap().root_url(), "https://127.110.0.15:8443");
        assert!(matches!(mesh.node("otivm-dev"), Err(MeshError::Unknown(_))));
        std::fs::write(&path, format!("{text}colour = 'red'\n")).unwrap();
        assert!(matches!(Mesh::load(&path), Err(MeshError::Parse { .. })));
    }
}
