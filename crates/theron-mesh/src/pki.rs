//! The mesh's own certificate authority: one key, one certificate a member, files in one folder.
//!
//! Key files are readable by their owner only and appear complete or not at all. Whatever was signed by another
//! authority than the one that stands here, or is not valid yet, is issued again at start.

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SanType,
};
use rustls::{
    RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, UnixTime},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};
use std::{
    fs,
    io::Write,
    net::IpAddr,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};
use time::{Duration, OffsetDateTime};

/// The authority outlives every member; changing it means visiting every container.
const AUTHORITY_DAYS: i64 = 3650;
/// A year and a month, so that a yearly renewal is never late.
const MEMBER_DAYS: i64 = 397;
/// Clocks of two hosts may disagree by this much before a fresh certificate is "not yet valid".
const CLOCK_SKEW: Duration = Duration::hours(1);
/// A certificate with fewer days left is issued again at start.
const RENEW_DAYS: i64 = 30;

#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    #[error("{path}")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path} is not a whole PEM file; delete it and its key to have it made again")]
    Broken {
        path: PathBuf,
        #[source]
        source: rcgen::Error,
    },
    #[error(
        "the authority in {folder} is not valid at {now}: set the clock right; if it is, delete the folder {folder}, \
         and all certificates are made anew"
    )]
    NotNow { folder: PathBuf, now: Timestamp },
    #[error(
        "ca.pem and ca.key in {0} do not belong together: delete that folder, and all certificates are made anew"
    )]
    Mismatched(PathBuf),
    #[error("making a certificate for {name}")]
    Issue {
        name: String,
        #[source]
        source: rcgen::Error,
    },
    #[error("the time {0} is beyond what certificates can hold")]
    Time(Timestamp),
}

pub struct Authority {
    folder: PathBuf,
    issuer: Issuer<'static, KeyPair>,
    /// Tells certificates that this authority signed from those of another.
    verifier: Arc<dyn ClientCertVerifier>,
}

impl Authority {
    /// Loads the authority of a folder, or makes it in an empty one.
    pub fn open(folder: &Path, now: Timestamp) -> Result<Self, PkiError> {
        fs::create_dir_all(folder)
            .map_err(|source| PkiError::Io { path: folder.to_owned(), source })?;
        let (cert, key) = (folder.join("ca.pem"), folder.join("ca.key"));
        if !cert.exists() || !key.exists() {
            make_authority(&cert, &key, now)?;
        }
        let key_pair = KeyPair::from_pem(&read(&key)?)
            .map_err(|source| PkiError::Broken { path: key.clone(), source })?;
        let text = read(&cert)?;
        let der = der_of(&cert, &text)?;
        expect_authority(folder, &cert, &der, &key_pair, now)?;
        let issuer = Issuer::from_ca_cert_pem(&text, key_pair)
            .map_err(|source| PkiError::Broken { path: cert.clone(), source })?;
        let mut roots = RootCertStore::empty();
        roots.add(der).map_err(|_source| broken(&cert))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|_source| broken(&cert))?;
        Ok(Self { folder: folder.to_owned(), issuer, verifier })
    }

    pub fn certificate(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The member's `(certificate, key)` files; made where there are none or they are about to expire.
    ///
    /// `addresses` are those that the member listens on; callers check them.
    pub fn member(
        &self,
        name: &str,
        addresses: &[IpAddr],
        now: Timestamp,
    ) -> Result<(PathBuf, PathBuf), PkiError> {
        let cert = self.folder.join(format!("{name}.pem"));
        let key = self.folder.join(format!("{name}.key"));
        let current = key.exists() && self.holds(&cert, addresses, now)?;
        if !current {
            self.issue(name, addresses, now, (&cert, &key))?;
        }
        Ok((cert, key))
    }

    /// Whether a certificate is there, names all the addresses, is valid now and for a while, and was signed by this
    /// authority. A file that is no certificate is an error, not a reason to make another: somebody put it there.
    fn holds(&self, cert: &Path, addresses: &[IpAddr], now: Timestamp) -> Result<bool, PkiError> {
        if !cert.exists() {
            return Ok(false);
        }
        let der = der_of(cert, &read(cert)?)?;
        let (_, parsed) =
            x509_parser::parse_x509_certificate(&der).map_err(|_source| broken(cert))?;
        let days_left = (parsed.validity().not_after.timestamp() - now.as_second()) / 86_400;
        let named: Vec<IpAddr> = parsed
            .subject_alternative_name()
            .ok()
            .flatten()
            .map(|extension| extension.value.general_names.iter().filter_map(ip_address).collect())
            .unwrap_or_default();
        let now = u64::try_from(now.as_second()).map_err(|_negative| PkiError::Time(now))?;
        let now = UnixTime::since_unix_epoch(std::time::Duration::from_secs(now));
        let is_ours = self.verifier.verify_client_cert(&der, &[], now).is_ok();
        Ok(is_ours
            && days_left >= RENEW_DAYS
            && addresses.iter().all(|address| named.contains(address)))
    }

    fn issue(
        &self,
        name: &str,
        addresses: &[IpAddr],
        now: Timestamp,
        (cert, key): (&Path, &Path),
    ) -> Result<(), PkiError> {
        let issue = |source| PkiError::Issue { name: name.to_owned(), source };
        let mut params = CertificateParams::new(vec![name.to_owned()]).map_err(issue)?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
        params.not_before = at(now)? - CLOCK_SKEW;
        params.not_after = at(now)? + Duration::days(MEMBER_DAYS);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key_pair = KeyPair::generate().map_err(issue)?;
        let certificate = params.signed_by(&key_pair, &self.issuer).map_err(issue)?;
        write_whole(key, &key_pair.serialize_pem(), 0o600)?;
        write_whole(cert, &certificate.pem(), 0o644)
    }
}

fn make_authority(cert: &Path, key: &Path, now: Timestamp) -> Result<(), PkiError> {
    let issue = |source| PkiError::Issue { name: "the authority".to_owned(), source };
    let mut params = CertificateParams::new(vec![]).map_err(issue)?;
    params.distinguished_name.push(DnType::CommonName, "TheRON mesh authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = at(now)? - CLOCK_SKEW;
    params.not_after = at(now)? + Duration::days(AUTHORITY_DAYS);
    let key_pair = KeyPair::generate().map_err(issue)?;
    let certificate = params.self_signed(&key_pair).map_err(issue)?;
    write_whole(key, &key_pair.serialize_pem(), 0o600)?;
    write_whole(cert, &certificate.pem(), 0o644)
}

/// An authority that signs nothing anybody will believe is worse than none.
fn expect_authority(
    folder: &Path,
    cert: &Path,
    der: &CertificateDer<'_>,
    key_pair: &KeyPair,
    now: Timestamp,
) -> Result<(), PkiError> {
    let (_, parsed) = x509_parser::parse_x509_certificate(der).map_err(|_source| broken(cert))?;
    if parsed.public_key().raw != key_pair.subject_public_key_info() {
        return Err(PkiError::Mismatched(folder.to_owned()));
    }
    let validity = parsed.validity();
    let valid = validity.not_before.timestamp()..=validity.not_after.timestamp();
    if !valid.contains(&now.as_second()) {
        return Err(PkiError::NotNow { folder: folder.to_owned(), now });
    }
    Ok(())
}

fn der_of(path: &Path, text: &str) -> Result<CertificateDer<'static>, PkiError> {
    let (_, pem) =
        x509_parser::pem::parse_x509_pem(text.as_bytes()).map_err(|_source| broken(path))?;
    Ok(pem.contents.into())
}

fn broken(path: &Path) -> PkiError {
    PkiError::Broken { path: path.to_owned(), source: rcgen::Error::CouldNotParseCertificate }
}

fn ip_address(name: &x509_parser::extensions::GeneralName<'_>) -> Option<IpAddr> {
    let x509_parser::extensions::GeneralName::IPAddress(bytes) = name else { return None };
    <[u8; 4]>::try_from(*bytes)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from))
        .ok()
}

fn at(now: Timestamp) -> Result<OffsetDateTime, PkiError> {
    OffsetDateTime::from_unix_timestamp(now.as_second()).map_err(|_source| PkiError::Time(now))
}

fn read(path: &Path) -> Result<String, PkiError> {
    fs::read_to_string(path).map_err(|source| PkiError::Io { path: path.to_owned(), source })
}

fn write_whole(path: &Path, text: &str, mode: u32) -> Result<(), PkiError> {
    let partial = path.with_extension("partial");
    let write = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, path)
    };
    write().map_err(|source| PkiError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const NOW: i64 = 1_790_000_000;

    fn authority(folder: &Path) -> Authority {
        Authority::open(folder, Timestamp::from_second(NOW).unwrap()).unwrap()
    }

    #[test]
    fn a_member_keeps_its_certificate_until_it_is_about_to_expire_or_moves() {
        let folder = tempfile::tempdir().unwrap();
        let here: IpAddr = "127.110.0.15".parse().unwrap();
        let there: IpAddr = "127.110.0.99".parse().unwrap();
        let issue = |addresses: &[IpAddr], day: i64| {
            let now = Timestamp::from_second(NOW + day * 86_400).unwrap();
            let (cert, _) =
                authority(folder.path()).member("tessera-store", addresses, now).unwrap();
            fs::read_to_string(cert).unwrap()
        };
        let first = issue(&[here], 0);
        assert_eq!(issue(&[here], 366), first);
        let renewed = issue(&[here], 368);
        assert_ne!(renewed, first);
        assert_ne!(issue(&[there], 368), renewed);
    }

    #[test]
    fn only_the_owner_reads_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        let (_, key) = authority(folder.path()).member("operator", &[], now).unwrap();
        for path in [key, folder.path().join("ca.key")] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_half_written_certificate_is_named_and_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        let (cert, _) = authority(folder.path()).member("operator", &[], now).unwrap();
        fs::write(&cert, "-----BEGIN CERTIFICATE-----\nMIIB").unwrap();
        let refusal =
            authority(folder.path()).member("operator", &[], now).unwrap_err().to_string();
        assert!(refusal.contains("operator.pem"), "{refusal}");
        fs::write(folder.path().join("ca.key"), "").unwrap();
        let refusal = Authority::open(folder.path(), now).err().unwrap().to_string();
        assert!(refusal.contains("ca.key"), "{refusal}");
    }

    #[test]
    fn a_member_of_another_authority_gets_a_certificate_of_this_one() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::from_second(NOW).unwrap();
        let member = || {
            let (cert, _) = authority(folder.path()).member("operator", &[], now).unwrap();
            fs::read_to_string(cert).unwrap()
        };
        let first = member();
        fs::remove_file(folder.path().join("ca.pem")).unwrap();
        let second = member();
        assert_ne!(second, first);
        assert_eq!(member(), second);
    }

    #[test]
    fn a_certificate_that_is_not_valid_yet_is_issued_again() {
        let folder = tempfile::tempdir().unwrap();
        let member = |day: i64| {
            let now = Timestamp::from_second(NOW + day * 86_400).unwrap();
            let (cert, _) = authority(folder.path()).member("operator", &[], now).unwrap();
            fs::read_to_string(cert).unwrap()
        };
        let wrong = member(300);
        let right = member(0);
        assert_ne!(right, wrong);
        assert_eq!(member(0), right);
    }

    #[test]
    fn an_authority_of_another_time_or_key_is_refused_with_the_folder_to_delete() {
        let folder = tempfile::tempdir().unwrap();
        let pki = folder.path().join("pki");
        let open = |folder: &Path, day: i64| {
            let now = Timestamp::from_second(NOW + day * 86_400).unwrap();
            Authority::open(folder, now).err().map(|error| error.to_string())
        };
        let not_now = |now: &str| {
            let pki = pki.display();
            Some(format!(
                "the authority in {pki} is not valid at {now}: set the clock right; if it is, delete the folder {pki}, \
                 and all certificates are made anew"
            ))
        };
        assert_eq!(open(&pki, 0), None);
        assert_eq!(open(&pki, AUTHORITY_DAYS - 1), None);
        assert_eq!(open(&pki, AUTHORITY_DAYS + 1), not_now("2036-09-19T14:13:20Z"));
        assert_eq!(open(&pki, -1), not_now("2026-09-20T14:13:20Z"));

        let other = folder.path().join("other");
        assert_eq!(open(&other, 0), None);
        fs::copy(other.join("ca.key"), pki.join("ca.key")).unwrap();
        let mismatched = format!(
            "ca.pem and ca.key in {} do not belong together: delete that folder, and all certificates are made anew",
            pki.display()
        );
        assert_eq!(open(&pki, 0), Some(mismatched));
    }
}
