//! The page for people, at the address of this server. It calls the public API as a partner's
//! program does.

mod demo;
mod settings;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use omklap_web::{Pages, Settings, SignInWith};
use reqwest::{Client, Url};

use super::services::Services;

pub use settings::PageSettings;

/// How long an answer to the page may take. The server itself gives up earlier.
const PATIENCE: Duration = Duration::from_secs(40);
/// How long the page keeps a connection to the API that it does not use. The server closes one after five
/// seconds, and a request that meets that end fails.
pub const IDLE: Duration = Duration::from_secs(2);

/// The page of this server; none if nobody could sign in on it.
///
/// # Panics
/// Never: an address is one of a URL.
pub(super) fn at(services: &Services, address: SocketAddr, scheme: &str) -> Option<Arc<Pages>> {
    let here = Url::parse(&format!("{scheme}://{}/", near(address))).expect("an address is one of a URL");
    let clock = services.clock.clone();
    let today = Box::new(move || clock.today().date());
    let PageSettings { programs, public_url, theme, client } = services.page.clone();
    let settings = match (services.sign_in.development().is_some(), public_url) {
        (true, _) => {
            // Without what the environment says about proxies: the API is on this machine.
            let http = Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .pool_idle_timeout(IDLE)
                .build()
                .unwrap_or_default();
            let sign_in = SignInWith::Development(demo::development());
            Settings { api: here.clone(), own: here, sign_in, theme, http, today }
        }
        (false, Some(own)) if !programs.is_empty() => {
            // The certificate of a server that ends TLS itself is for its public name.
            let api = if scheme == "https" { own.clone() } else { here };
            Settings { api, own, sign_in: SignInWith::Issuers(programs), theme, http: client, today }
        }
        _ => return None,
    };
    Some(Arc::new(Pages::new(settings)))
}

/// The address at which this machine reaches a server that listens on this one.
fn near(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        ip if ip.is_unspecified() => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port()),
        _ => address,
    }
}
