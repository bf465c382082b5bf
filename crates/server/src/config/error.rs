//! What can be wrong with a configuration.

use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use crate::http::middleware::cors::NoOrigin;

/// Why the configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file named on the command line does not exist.
    #[error("there is no configuration file {}", .0.display())]
    NoSuchFile(PathBuf),
    /// A setting that does not exist, or a value that it cannot have.
    #[error("{0}")]
    Wrong(String),
    /// An issuer whose keys cannot be trusted.
    #[error("issuers.{0}: {1}")]
    Issuer(String, String),
    /// The theme of the page cannot be read.
    #[error("page_theme_file: {0}")]
    Theme(std::io::Error),
    /// A page program with which nobody could sign in.
    #[error("page_programs.{0}: {1}")]
    PageProgram(String, String),
    /// The built-in issuer gives a token to every caller.
    #[error(
        "listen = \"{0}\": others could reach the server, and the built-in development issuer gives a token to every caller; \
         name the issuer whose tokens are accepted under [issuers], or listen on 127.0.0.1 or [::1]"
    )]
    DevelopmentInPublic(SocketAddr),
    /// Tokens would be sent unencrypted.
    #[error(
        "listen = \"{0}\": others could read the traffic; set tls_certificate_file and tls_key_file, or --behind-proxy if a \
         proxy in front of this server ends TLS"
    )]
    Plain(SocketAddr),
    /// An origin that no browser would send.
    #[error("allowed_origins: {0}")]
    Origin(#[from] NoOrigin),
    /// Lines of the access log would be deleted too early.
    #[error("access_log_years = {0}: the access log is kept for five years at least")]
    AccessLogTooShort(u16),
    /// The login of the tables' owner is set, but not that of the running program.
    #[error("database_owner_url is set and database_url is not: the running program needs its own login")]
    OwnerAlone,
    /// One of the two files that TLS needs.
    #[error("tls_certificate_file and tls_key_file belong together; one of them is not set")]
    HalfOfTls,
}
