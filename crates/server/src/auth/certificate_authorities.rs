//! The certificate authorities that this server trusts when it calls others: the public ones, and
//! those that the operator names.

use std::path::{Path, PathBuf};
use std::{fs, io};

use reqwest::{Certificate, ClientBuilder};
use thiserror::Error;

/// Certificate authorities beside the public ones, such as the private root of `PKIoverheid`.
/// Issuers and receivers of webhooks may be certified by them.
#[derive(Clone, Debug, Default)]
pub struct Authorities(Vec<Certificate>);

/// Why a file has no usable certificate authorities.
#[derive(Debug, Error)]
pub enum NoAuthorities {
    /// It cannot be read.
    #[error("authorities_file: {}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It holds something other than certificates.
    #[error("authorities_file: {} holds no certificates in PEM form", .0.display())]
    NoCertificates(PathBuf),
}

impl Authorities {
    /// Those whose certificates are in this file, one after another in PEM form.
    ///
    /// # Errors
    /// If it cannot be read, or holds no certificate.
    pub fn in_file(file: &Path) -> Result<Self, NoAuthorities> {
        let text =
            fs::read(file).map_err(|source| NoAuthorities::Unreadable { file: file.to_owned(), source })?;
        let certificates = Certificate::from_pem_bundle(&text).unwrap_or_default();
        if certificates.is_empty() {
            return Err(NoAuthorities::NoCertificates(file.to_owned()));
        }
        Ok(Self(certificates))
    }

    /// Makes a client trust them, too.
    pub(crate) fn believed_by(&self, client: ClientBuilder) -> ClientBuilder {
        self.0.iter().cloned().fold(client, ClientBuilder::add_root_certificate)
    }
}
