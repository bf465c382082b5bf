//! How the server listens, if that is safe.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use reqwest::Url;

use super::{Config, ConfigError};
use crate::http::middleware::cors::Origins;

/// How the server listens.
#[derive(Clone, Debug)]
pub struct Listen {
    /// The address to listen on.
    pub address: SocketAddr,
    /// The files of certificate chain and private key; without them plain HTTP.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// The web origins whose pages may call the API.
    pub origins: Origins,
}

impl Config {
    /// The address, the TLS files and the origins to listen with, if they are safe.
    ///
    /// # Errors
    /// If other machines can reach the server although it has no issuer but the built-in one, or
    /// neither TLS nor a proxy in front of it; if only one of the two TLS files is set; if an
    /// issuer or an origin is invalid.
    pub fn listening(&self) -> Result<Listen, ConfigError> {
        for (name, issuer) in &self.issuers {
            issuer.check().map_err(|wrong| ConfigError::Issuer(name.clone(), wrong))?;
        }
        let tls = match (&self.tls_certificate_file, &self.tls_key_file) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => return Err(ConfigError::HalfOfTls),
        };
        let address = self.listen;
        if !address.ip().is_loopback() {
            if self.issuers.is_empty() {
                return Err(ConfigError::DevelopmentInPublic(address));
            }
            if tls.is_none() && !self.behind_proxy {
                return Err(ConfigError::Plain(address));
            }
        }
        Ok(Listen { address, tls, origins: Origins::of(&self.allowed_origins)? })
    }

    /// The address of the server of these settings, for a command on this machine.
    ///
    /// # Panics
    /// Never: an address and a port make a URL.
    #[must_use]
    pub fn own_url(&self) -> Url {
        let scheme = if self.tls_certificate_file.is_some() { "https" } else { "http" };
        let host = match self.listen.ip() {
            address if !address.is_unspecified() => address,
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        let address = SocketAddr::new(host, self.listen.port());
        format!("{scheme}://{address}").parse().expect("an address and a port make a URL")
    }
}
