//! Where everything of a stack on one machine lies: addresses, folders, configurations.
//!
//! The five services get loopback addresses that end like their mesh addresses, so that nothing can
//! lean on a shared host. All ports move together with the game's port: a second stack beside the
//! first is one option.

use anyhow::{Context, bail};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use theron_mesh::{Credentials, Mesh, Node, names, pki::Authority};

/// Where players find the game unless `--port` says otherwise; the other ports keep their distance.
pub(crate) const GAME_PORT: u16 = 3000;
const STORE_PORT: u16 = 3102;
const MESH_PORT: u16 = 8443;
const CACHE_PORT: u16 = 13142;

/// The services in the order in which each finds its neighbours up.
pub(crate) const SERVICES: [&str; 5] =
    [names::STORE, names::PIPELINE, names::GAME, names::AGGREGATION, names::APT_CACHE];

/// The folders and ports of one stack.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) data_dir: PathBuf,
    game_port: u16,
}

impl Layout {
    pub(crate) fn new(data_dir: &Path, game_port: u16) -> anyhow::Result<Self> {
        let shift = i32::from(game_port) - i32::from(GAME_PORT);
        let fits =
            |port: u16| u16::try_from(i32::from(port) + shift).is_ok_and(|port| port >= 1024);
        if ![STORE_PORT, MESH_PORT, CACHE_PORT].into_iter().all(fits) {
            bail!(
                "--port {game_port} leaves no room for the other ports; choose one between 1024 and 50000"
            );
        }
        fs::create_dir_all(data_dir).with_context(|| format!("making {}", data_dir.display()))?;
        let data_dir =
            data_dir.canonicalize().with_context(|| format!("finding {}", data_dir.display()))?;
        Ok(Self { data_dir, game_port })
    }

    pub(crate) fn mesh_file(data_dir: &Path) -> PathBuf {
        data_dir.join("mesh.toml")
    }

    pub(crate) fn service_dir(&self, name: &str) -> PathBuf {
        self.data_dir.join(name)
    }

    pub(crate) fn config_file(&self, name: &str) -> PathBuf {
        self.data_dir.join("config").join(format!("{name}.toml"))
    }

    pub(crate) fn log_file(&self, name: &str) -> PathBuf {
        self.data_dir.join("log").join(format!("{name}.log"))
    }

    /// The address that a browser opens.
    pub(crate) fn game_url(&self) -> String {
        format!("http://localhost:{}", self.game_port)
    }

    pub(crate) fn mesh_address(&self, name: &str) -> SocketAddr {
        (host(name), self.shifted(MESH_PORT)).into()
    }

    pub(crate) fn public_address(&self, name: &str) -> Option<SocketAddr> {
        let port = match name {
            names::GAME => self.game_port,
            names::STORE => self.shifted(STORE_PORT),
            _ => return None,
        };
        Some((Ipv4Addr::LOCALHOST, port).into())
    }

    /// Where a package cache that this stack starts listens, for this machine only.
    pub(crate) fn package_cache(&self) -> SocketAddr {
        (host(names::APT_CACHE), self.shifted(CACHE_PORT)).into()
    }

    pub(crate) fn base_url(&self, name: &str) -> String {
        format!("https://{}/api/v1", self.mesh_address(name))
    }

    fn shifted(&self, port: u16) -> u16 {
        // `new` has seen that the sum fits.
        port.wrapping_add(self.game_port.wrapping_sub(GAME_PORT))
    }

    /// Makes the folders, the certificates that are missing, and `mesh.toml`.
    pub(crate) fn prepare(&self, now: jiff::Timestamp) -> anyhow::Result<Mesh> {
        let authority = Authority::open(&self.data_dir.join("pki"), now)?;
        for name in SERVICES {
            authority.member(name, &[host(name).into()], now)?;
            fs::create_dir_all(self.service_dir(name))
                .with_context(|| format!("making the folder of {name}"))?;
        }
        authority.member(names::OPERATOR, &[], now)?;
        for folder in ["config", "log"] {
            fs::create_dir_all(self.data_dir.join(folder))
                .with_context(|| format!("making {folder}/"))?;
        }
        let relative = Credentials {
            ca: "pki/ca.pem".into(),
            cert: "pki/operator.pem".into(),
            key: "pki/operator.key".into(),
        };
        let mesh =
            Mesh { operator: relative, services: SERVICES.map(|name| self.node(name)).to_vec() };
        write_whole(&Self::mesh_file(&self.data_dir), &toml::to_string(&mesh)?)?;
        Ok(Mesh::load(&Self::mesh_file(&self.data_dir))?)
    }

    pub(crate) fn credentials(&self, name: &str) -> Credentials {
        let pki = self.data_dir.join("pki");
        Credentials {
            ca: pki.join("ca.pem"),
            cert: pki.join(format!("{name}.pem")),
            key: pki.join(format!("{name}.key")),
        }
    }

    fn node(&self, name: &str) -> Node {
        let public_url = match name {
            names::GAME => Some(format!("{}/api/v1", self.game_url())),
            _ => self.public_address(name).map(|address| format!("http://{address}/api/v1")),
        };
        Node { name: name.to_owned(), base_url: self.base_url(name), public_url }
    }
}

/// The last number is that of the mesh: 10.110.0.14 is 127.110.0.14 here.
fn host(name: &str) -> Ipv4Addr {
    let last = match name {
        names::PIPELINE => 14,
        names::STORE => 15,
        names::AGGREGATION => 16,
        names::APT_CACHE => 17,
        _ => 18,
    };
    Ipv4Addr::new(127, 110, 0, last)
}

/// Whether nobody listens on an address.
pub(crate) fn is_free(address: SocketAddr) -> bool {
    std::net::TcpListener::bind(address).is_ok()
}

/// Writes a file that is there whole or not at all.
pub(crate) fn write_whole(path: &Path, text: &str) -> anyhow::Result<()> {
    let partial = path.with_extension("partial");
    fs::write(&partial, text)
        .and_then(|()| fs::rename(&partial, path))
        .with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_has_an_address_of_its_own_and_ports_move_together() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path(), 3700).unwrap();
        let addresses = SERVICES.map(|name| layout.mesh_address(name).to_string());
        assert_eq!(
            addresses,
            [
                "127.110.0.15:9143",
                "127.110.0.14:9143",
                "127.110.0.18:9143",
                "127.110.0.16:9143",
                "127.110.0.17:9143"
            ]
        );
        assert_eq!(layout.public_address(names::STORE).unwrap().to_string(), "127.0.0.1:3802");
        assert_eq!(layout.game_url(), "http://localhost:3700");
        assert!(Layout::new(folder.path(), 80).is_err());
        assert!(Layout::new(folder.path(), 65_000).is_err());
    }

    #[test]
    fn the_mesh_that_is_written_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path(), GAME_PORT).unwrap();
        let mesh = layout.prepare(jiff::Timestamp::from_second(1_790_000_000).unwrap()).unwrap();
        let store = mesh.node(names::STORE).unwrap();
        assert_eq!(store.base_url, "https://127.110.0.15:8443/api/v1");
        assert_eq!(store.public_url.as_deref(), Some("http://127.0.0.1:3102/api/v1"));
        assert!(mesh.operator.key.exists());
    }
}
