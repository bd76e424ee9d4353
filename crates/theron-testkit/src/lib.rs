//! For tests only: a mesh in a temporary folder, with real certificates on real loopback sockets.
//!
//! Every address is `127.0.0.1:0`, so that tests run side by side; a certificate names that address.

mod dice;
mod killer;
mod preload;
pub mod world;

pub use dice::Dice;
pub use killer::Killer;
pub use preload::preloadable;

use anyhow::Context;
use std::{net::Ipv4Addr, net::SocketAddr, path::Path};
use tempfile::TempDir;
use theron_mesh::{Credentials, MeshClient, pki::Authority};
use theron_service::{Base, Listen, ManualClock};

/// 2026-09-21 14:13:20 UTC: when tests begin, unless they say otherwise.
pub const TEST_EPOCH_SECONDS: i64 = 1_790_000_000;

/// A clock that stands at the tests' beginning.
pub fn clock() -> ManualClock {
    ManualClock::at(jiff::Timestamp::from_second(TEST_EPOCH_SECONDS).expect("within range"))
}

/// An authority, and room for the data of the services under test. Gone when dropped.
pub struct TestMesh {
    folder: TempDir,
    authority: Authority,
}

impl TestMesh {
    pub fn new() -> anyhow::Result<Self> {
        theron_mesh::install_tls_provider();
        let folder = tempfile::tempdir()?;
        let authority = Authority::open(&folder.path().join("pki"), now())?;
        Ok(Self { folder, authority })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files with which `name` identifies itself.
    pub fn credentials(&self, name: &str) -> anyhow::Result<Credentials> {
        let (cert, key) = self.authority.member(name, &[Ipv4Addr::LOCALHOST.into()], now())?;
        Ok(Credentials { ca: self.authority.certificate(), cert, key })
    }

    /// A service's base configuration: free ports, a data folder of its own, which outlives a restart.
    pub fn base(&self, name: &str) -> anyhow::Result<Base> {
        let data_dir = self.folder.path().join("data").join(name);
        std::fs::create_dir_all(&data_dir).context("making a data folder")?;
        let any: SocketAddr = (Ipv4Addr::LOCALHOST, 0).into();
        Ok(Base {
            name: name.to_owned(),
            data_dir,
            listen: Listen { mesh: any, public: Some(any) },
            tls: self.credentials(name)?,
        })
    }

    /// A client with the identity of `name` for the service at an address.
    pub fn client(&self, name: &str, address: SocketAddr) -> anyhow::Result<MeshClient> {
        Ok(MeshClient::new(&format!("https://{address}/api/v1"), &self.credentials(name)?)?)
    }
}

/// Certificates live by the machine's clock, whatever time a test has.
fn now() -> jiff::Timestamp {
    theron_service::Clock::now(&theron_service::SystemClock)
}
