//! The hosts that webhooks may be sent to. A partner chooses the address and this server connects
//! from inside the operator's network, so only public addresses are allowed, unless the operator
//! named the host. A name is resolved and checked when the connection is made, so a name that
//! resolves differently later does not help an attacker.

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

/// The longest address, in characters.
pub const LONGEST: usize = 2_000;

/// Why a webhook may not be sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// Not written as an address of the web, or with a name and a password in it.
    #[error("this is not a web address without a user and a fragment")]
    NotAnAddress,
    /// The message could be read on its way.
    #[error("this address is not https")]
    NotEncrypted,
    /// Of a private, link-local or loopback network, or of none.
    #[error("this host is not public")]
    NotPublic,
}

/// Resolves a name.
pub(crate) type Looking = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Hosts that the operator named, and how names are looked up.
#[derive(Clone, Debug)]
pub struct Allowed {
    named: Arc<[String]>,
    look: fn(String) -> Looking,
}

impl Allowed {
    /// These hosts and all public ones, with the name resolution of this machine.
    pub(crate) fn naming(hosts: Vec<String>) -> Self {
        Self::looking(hosts, |name| {
            Box::pin(async move { Ok(lookup_host((name.as_str(), 0)).await?.collect()) })
        })
    }

    /// The same, with another name resolution.
    pub(crate) fn looking(hosts: Vec<String>, look: fn(String) -> Looking) -> Self {
        Self { named: hosts.into(), look }
    }

    /// The address, checked as far as possible without resolving its name.
    ///
    /// # Errors
    /// If it is not allowed.
    pub fn address(&self, written: &str) -> Result<Url, NotAllowed> {
        let url: Url = written.parse().map_err(|_| NotAllowed::NotAnAddress)?;
        let has_user = !url.username().is_empty() || url.password().is_some();
        let host =
            url.host_str().filter(|_| !has_user && url.fragment().is_none() && written.len() <= LONGEST);
        let host = host.ok_or(NotAllowed::NotAnAddress)?.to_owned();
        if !["http", "https"].contains(&url.scheme()) {
            return Err(NotAllowed::NotAnAddress);
        }
        if self.names(&host) {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return Err(NotAllowed::NotEncrypted);
        }
        // A numeric address needs no DNS lookup.
        let number = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let inside = ["localhost", "local", "internal", "home.arpa"];
        let name = host.trim_end_matches('.');
        let is_inside = inside.iter().any(|end| name == *end || name.ends_with(&format!(".{end}")));
        if is_inside || number.is_ok_and(|number| !is_public(number)) {
            return Err(NotAllowed::NotPublic);
        }
        Ok(url)
    }

    fn names(&self, host: &str) -> bool {
        self.named.iter().any(|named| named == host)
    }

    /// The addresses of a name that may be connected to.
    pub(crate) async fn found(&self, name: &str) -> Result<Vec<SocketAddr>, Box<dyn Error + Send + Sync>> {
        let found = (self.look)(name.to_owned()).await?;
        Ok(self.of(name, found.into_iter())?)
    }

    /// Those of these addresses that may be connected to under this name.
    fn of(&self, name: &str, found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, NotAllowed> {
        let named = self.names(name);
        let allowed: Vec<_> = found.filter(|address| named || is_public(address.ip())).collect();
        if allowed.is_empty() { Err(NotAllowed::NotPublic) } else { Ok(allowed) }
    }
}

impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.clone();
        Box::pin(async move {
            let addresses: Addrs = Box::new(allowed.found(name.as_str()).await?.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether everybody can reach this address (IANA's special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || matches!(
            (a, b, c),
            (0 | 240..=255, _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _)
        );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // An embedded IPv4 address: mapped, translated (NAT64), tunnelled (6to4).
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => embedded(high, low),
        // Global unicast, without what is set apart for documentation, benchmarks and tunnels.
        [0x2001, 0x0db8 | 0..=0x01ff, ..] | [0x3fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_everybody_can_reach_is_reached() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450::1"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }

    #[test]
    fn an_address_is_refused_for_what_can_be_seen_of_it() {
        let nobody = Allowed::naming(Vec::new());
        let refused = |written| nobody.address(written).expect_err(written);
        assert_eq!(refused("https://169.254.169.254/latest"), NotAllowed::NotPublic);
        assert_eq!(refused("https://[::1]/"), NotAllowed::NotPublic);
        assert_eq!(refused("https://2130706433/"), NotAllowed::NotPublic);
        assert_eq!(refused("https://localhost./"), NotAllowed::NotPublic);
        assert_eq!(refused("https://metadata.google.internal/"), NotAllowed::NotPublic);
        assert_eq!(refused("http://hooks.example.org/"), NotAllowed::NotEncrypted);
        for no_address in
            ["hooks", "ftp://example.org", "https://user:pass@example.org/", "https://example.org/#there"]
        {
            assert_eq!(refused(no_address), NotAllowed::NotAnAddress, "{no_address}");
        }
        assert!(nobody.address("https://hooks.example.org/omklap?tenant=1").is_ok());
    }

    #[test]
    fn a_name_that_leads_inside_after_it_was_looked_at_is_refused_when_it_is_connected_to() {
        let nobody = Allowed::naming(Vec::new());
        assert!(nobody.address("https://rebound.example.org/").is_ok());
        let inside = "127.0.0.1:443".parse().expect("an address");
        let outside = "93.184.216.34:443".parse().expect("an address");
        assert_eq!(nobody.of("rebound.example.org", [inside].into_iter()), Err(NotAllowed::NotPublic));
        assert_eq!(nobody.of("rebound.example.org", [inside, outside].into_iter()), Ok(vec![outside]));
    }

    #[test]
    fn the_operator_may_name_a_host_inside() {
        let allowed = Allowed::naming(vec!["koppelvlak.internal".to_owned()]);
        assert!(allowed.address("http://koppelvlak.internal:8080/in").is_ok());
        let inside: SocketAddr = "10.0.0.7:0".parse().expect("an address");
        assert_eq!(allowed.of("koppelvlak.internal", [inside].into_iter()), Ok(vec![inside]));
    }
}
