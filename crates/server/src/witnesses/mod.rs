//! Witnesses: others who cosign the ledger's checkpoints (C2SP tlog-witness), and the witness that
//! omklap itself can be for others (ADR 34).

mod asked;
pub mod service;

use omklap_store::tree::{Quorum, WitnessKey};
use reqwest::Url;
use thiserror::Error;

use crate::config::Config;

pub use asked::{Unwitnessed, Witnesses};

/// Why the settings name no witnesses that can be asked.
#[derive(Debug, Error)]
pub enum NotAWitness {
    /// A setting that is not an address and a key.
    #[error("witnesses: {0:?} is not written \"URL NAME+ID+KEY\", with the key of a witness")]
    Malformed(String),
    /// One key twice, which would count as two.
    #[error("witnesses: the key {0} is named twice")]
    Twice(String),
    /// More than there are.
    #[error("quorum: {quorum} of {witnesses} witnesses cannot cosign")]
    TooMany {
        /// The setting.
        quorum: u16,
        /// How many witnesses there are.
        witnesses: usize,
    },
}

/// A witness of the settings: its address and its key.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Where it listens, with a slash at the end.
    pub url: Url,
    /// Its key.
    pub key: WitnessKey,
}

impl Config {
    /// The witnesses of the settings.
    ///
    /// # Errors
    /// If one cannot be asked.
    pub fn witnesses(&self) -> Result<Vec<Witness>, NotAWitness> {
        let mut witnesses: Vec<Witness> = Vec::new();
        for setting in &self.witnesses {
            let witness = witness(setting).ok_or_else(|| NotAWitness::Malformed(setting.clone()))?;
            let label = witness.key.label();
            if witnesses.iter().any(|other| other.key.label() == label) {
                return Err(NotAWitness::Twice(label));
            }
            witnesses.push(witness);
        }
        Ok(witnesses)
    }

    /// Who must cosign: `quorum` of the witnesses, and more than half of them if it is not set.
    ///
    /// # Errors
    /// As [`Self::witnesses`], and if the quorum is larger than their number.
    pub fn quorum(&self) -> Result<Quorum, NotAWitness> {
        let witnesses: Vec<WitnessKey> = self.witnesses()?.into_iter().map(|witness| witness.key).collect();
        let usual = if witnesses.is_empty() { 0 } else { witnesses.len() / 2 + 1 };
        let of = self.quorum.map_or(usual, usize::from);
        match self.quorum {
            Some(quorum) if of > witnesses.len() => {
                Err(NotAWitness::TooMany { quorum, witnesses: witnesses.len() })
            }
            _ => Ok(Quorum { witnesses, of }),
        }
    }
}

fn witness(setting: &str) -> Option<Witness> {
    let (url, key) = setting.split_once(' ')?;
    let url = Url::parse(&format!("{}/", url.trim_end_matches('/'))).ok()?;
    let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
    let key = WitnessKey::read(key)?;
    is_http.then_some(Witness { url, key })
}

#[cfg(test)]
mod tests {
    use omklap_store::tree::CosigningKey;

    use super::*;

    fn config(witnesses: &[String], quorum: Option<u16>) -> Config {
        let config = Config::load(None).expect("the built-in settings");
        Config { witnesses: witnesses.to_vec(), quorum, ..config }
    }

    #[test]
    fn a_quorum_is_a_majority_unless_set_and_never_more_than_all() {
        let names = ["a", "b", "c"].map(|name| CosigningKey::generate(name).expect("a name"));
        let settings = names.map(|key| format!("https://witness.example.org {}", key.public()));
        let of = |quorum| config(&settings, quorum).quorum().map(|quorum| quorum.of);
        assert_eq!(of(None).expect("three"), 2);
        assert_eq!(of(Some(3)).expect("three"), 3);
        assert!(of(Some(4)).is_err());
        assert_eq!(config(&[], None).quorum().expect("none").of, 0);
        assert!(config(&[], Some(1)).quorum().is_err());
        assert!(config(&[settings[0].clone(), settings[0].clone()], None).quorum().is_err(), "named twice");
    }

    #[test]
    fn a_witness_is_an_address_and_the_key_of_a_witness() {
        let key = CosigningKey::generate("a").expect("a name");
        let key = key.public();
        for wrong in [
            key.to_owned(),
            format!("ftp://a {key}"),
            format!("https://a  {key}"),
            "https://a omklap.example.org/ledger+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
                .to_owned(),
        ] {
            assert!(config(std::slice::from_ref(&wrong), None).witnesses().is_err(), "{wrong}");
        }
        let read = config(&[format!("https://a/x {key}")], None).witnesses().expect("a witness");
        assert_eq!(read[0].url.as_str(), "https://a/x/");
    }
}
