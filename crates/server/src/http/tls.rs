//! HTTPS from a certificate chain and a private key in files.

use std::fmt;
use std::path::Path;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;

/// Why there is no HTTPS.
#[derive(Debug, Error)]
#[error("{file}: {why}")]
pub struct TlsError {
    file: String,
    why: String,
}

/// TLS 1.2 and 1.3 with this certificate chain and this key, both PEM.
///
/// # Errors
/// If a file cannot be read or is invalid, or the key does not match the certificate.
pub fn config(certificate: &Path, key: &Path) -> Result<ServerConfig, TlsError> {
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = chain.map_err(|why| failed(certificate, &why))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|why| failed(key, &why))?;
    ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|why| failed(certificate, &why))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|why| failed(certificate, &why))
}

fn failed(file: &Path, why: &dyn fmt::Display) -> TlsError {
    TlsError { file: file.display().to_string(), why: why.to_string() }
}
