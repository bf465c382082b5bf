//! The address of the metrics for Prometheus.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The address of `GET /metrics`, if it is served. It is never the address of the API, which
/// partners reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsListen {
    /// Not served.
    Off,
    /// On this address.
    On(SocketAddr),
}

impl MetricsListen {
    /// The default address: the usual port of a Prometheus exporter (OpenTelemetry's
    /// specification), on loopback.
    pub const USUAL: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);
}

impl FromStr for MetricsListen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse().map(Self::On).map_err(|_| "is neither an address such as 127.0.0.1:9464 nor \"off\"")
    }
}

impl fmt::Display for MetricsListen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::On(address) => address.fmt(f),
        }
    }
}

impl Serialize for MetricsListen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MetricsListen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_have_an_address_or_are_off() {
        for text in ["off", "127.0.0.1:9464", "[::1]:0"] {
            assert_eq!(text.parse::<MetricsListen>().expect("a setting").to_string(), text);
        }
        for wrong in ["", "on", "Off", "9464", "localhost:9464", "127.0.0.1"] {
            assert!(wrong.parse::<MetricsListen>().is_err(), "{wrong}");
        }
    }
}
