//! Listening: TCP or TLS, HTTP/1.1 or HTTP/2, and the application behind them.
//!
//! actix-web's own `HttpServer` does the same, but gives no access to a connection before its first
//! request ([`upgrades`](super::middleware::upgrades)).

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_tls::accept::TlsError;
use actix_tls::accept::rustls_0_23::{Acceptor, TlsStream};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use omklap_web::Pages;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};

use super::app::app;
use super::middleware::metrics;
use super::middleware::upgrades::WithoutUpgrades;
use super::page;
use super::route_table;
use super::services::Services;

/// How long requests that run may take to end when the server stops, in seconds.
const LAST_REQUESTS: u64 = 30;
/// How long a head may take to arrive.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection that is being closed is waited for.
const CLOSING: Duration = Duration::from_secs(1);

/// A connection as the HTTP service takes it.
type Accepted<T> = (WithoutUpgrades<T>, Protocol, Option<SocketAddr>);

/// A server that has begun to listen. It answers while `server` is awaited.
pub struct Listening {
    /// Its address, with the port that the system chose if none was configured.
    pub address: SocketAddr,
    /// The server.
    pub server: Server,
}

/// Listens on this address, with TLS or in plain.
///
/// # Errors
/// If the address cannot be listened on.
pub fn serve(services: Services, on: SocketAddr, tls: Option<ServerConfig>) -> io::Result<Listening> {
    metrics::start();
    route_table::prepare();
    let listener = TcpListener::bind(on)?;
    let address = listener.local_addr()?;
    let server = Server::build().shutdown_timeout(LAST_REQUESTS).disable_signals();
    let stopping = server.graceful_shutdown_signal();
    let pages = page::at(&services, address, if tls.is_some() { "https" } else { "http" });
    let server = match tls {
        Some(tls) => server.listen("https", listener, move || {
            secure(tls.clone()).and_then(
                http((services.clone(), address, pages.clone()), stopping.clone()).map_err(TlsError::Service),
            )
        })?,
        None => server.listen("http", listener, move || {
            plain().and_then(http((services.clone(), address, pages.clone()), stopping.clone()))
        })?,
    };
    Ok(Listening { address, server: server.run() })
}

/// Takes connections as they are.
fn plain() -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = Accepted<TcpStream>,
    Error = DispatchError,
    InitError = (),
> {
    fn_service(|connection: TcpStream| async move {
        let peer = connection.peer_addr().ok();
        Ok((WithoutUpgrades::http1(connection), Protocol::Http1, peer))
    })
}

/// Takes connections after a TLS handshake, which also negotiates the version of HTTP.
fn secure(
    mut tls: ServerConfig,
) -> impl ServiceFactory<
    TcpStream,
    Config = (),
    Response = Accepted<TlsStream<TcpStream>>,
    Error = TlsError<io::Error, DispatchError>,
    InitError = (),
> {
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Acceptor::new(tls)
        .map_init_err(|()| unreachable!("an acceptor that has its certificate is made without an error"))
        .map_err(TlsError::into_service_error)
        .and_then(|connection: TlsStream<TcpStream>| async move {
            let (stream, handshake) = connection.get_ref();
            let (peer, agreed) = (stream.peer_addr().ok(), handshake.alpn_protocol());
            Ok(if agreed == Some(b"h2") {
                (WithoutUpgrades::http2(connection), Protocol::Http2, peer)
            } else {
                (WithoutUpgrades::http1(connection), Protocol::Http1, peer)
            })
        })
}

/// Answers the requests of a connection.
fn http<T: AsyncRead + AsyncWrite + Unpin + 'static>(
    (services, address, pages): (Services, SocketAddr, Option<Arc<Pages>>),
    stopping: GracefulShutdownSignal,
) -> impl ServiceFactory<Accepted<T>, Config = (), Response = (), Error = DispatchError, InitError = ()> {
    HttpService::build()
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(CLOSING)
        // A caller that closes the connection no longer waits for the response, so the work for it
        // is stopped.
        .h1_allow_half_closed(false)
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        .finish(map_config(app(services, address, pages), |()| AppConfig::default()))
}
