//! The mesh as one file describes it, the certificates that name its members, and a client for it.
//!
//! An identity is the first DNS name in a certificate that the mesh's own authority signed. Nobody
//! without such a certificate completes a handshake; what a member may do is decided route by route.

mod client;
mod description;
pub mod pki;
mod tls;
pub mod trace;

pub use client::{CallError, MeshClient, Patience};
pub use description::{Credentials, Mesh, MeshError, Node};
pub use tls::{TlsError, TlsFiles, client_config, server_config};

/// Names of the five containers and of the person who runs them.
pub mod names {
    pub const PIPELINE: &str = "tessera-pipeline";
    pub const STORE: &str = "tessera-store";
    pub const AGGREGATION: &str = "tessera-dev";
    pub const APT_CACHE: &str = "apt-cache";
    /// The first game node. Every game node's name starts with [`GAME_PREFIX`].
    pub const GAME: &str = "otivm-dev";
    pub const GAME_PREFIX: &str = "otivm-";
    pub const OPERATOR: &str = "operator";
}

/// Makes this process use one TLS provider. Call it first in `main` and in tests; again is harmless.
pub fn install_tls_provider() {
    // The error says only that a provider is installed already, which is what we want.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
}
