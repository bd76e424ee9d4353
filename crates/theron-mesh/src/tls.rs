//! TLS 1.3, mutual, against the mesh's own authority and nobody else's.

use crate::Credentials;
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
    version::TLS13,
};
use std::{path::PathBuf, sync::Arc};

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error(
        "{path} is not a readable PEM file; `theron up` makes certificates anew when they are deleted"
    )]
    Pem {
        path: PathBuf,
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    #[error("{path} and its key do not belong together or cannot be used")]
    Unusable {
        path: PathBuf,
        #[source]
        source: rustls::Error,
    },
    #[error("{path} cannot vouch for clients")]
    Verifier {
        path: PathBuf,
        #[source]
        source: rustls::server::VerifierBuilderError,
    },
}

/// The credentials of one member, read from its files.
pub struct TlsFiles {
    pub roots: Arc<RootCertStore>,
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl TlsFiles {
    pub fn read(files: &Credentials) -> Result<Self, TlsError> {
        let certificates = |path: &PathBuf| -> Result<Vec<CertificateDer<'static>>, TlsError> {
            let pem = |source| TlsError::Pem { path: path.clone(), source };
            let found: Vec<_> = CertificateDer::pem_file_iter(path)
                .map_err(pem)?
                .collect::<Result<_, _>>()
                .map_err(pem)?;
            if found.is_empty() {
                return Err(pem(rustls::pki_types::pem::Error::NoItemsFound));
            }
            Ok(found)
        };
        let mut roots = RootCertStore::empty();
        for authority in certificates(&files.ca)? {
            roots
                .add(authority)
                .map_err(|source| TlsError::Unusable { path: files.ca.clone(), source })?;
        }
        let key = PrivateKeyDer::from_pem_file(&files.key)
            .map_err(|source| TlsError::Pem { path: files.key.clone(), source })?;
        Ok(Self { roots: Arc::new(roots), chain: certificates(&files.cert)?, key })
    }
}

/// Admits only clients whose certificate the mesh's authority signed.
pub fn server_config(files: &Credentials) -> Result<Arc<ServerConfig>, TlsError> {
    let TlsFiles { roots, chain, key } = TlsFiles::read(files)?;
    let verifier = WebPkiClientVerifier::builder(roots)
        .build()
        .map_err(|source| TlsError::Verifier { path: files.ca.clone(), source })?;
    let mut config = ServerConfig::builder_with_protocol_versions(&[&TLS13])
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|source| TlsError::Unusable { path: files.cert.clone(), source })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Trusts the mesh's authority alone and shows the member's certificate.
pub fn client_config(files: &Credentials) -> Result<ClientConfig, TlsError> {
    let TlsFiles { roots, chain, key } = TlsFiles::read(files)?;
    ClientConfig::builder_with_protocol_versions(&[&TLS13])
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)
        .map_err(|source| TlsError::Unusable { path: files.cert.clone(), source })
}
