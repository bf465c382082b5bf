//! Asks the witnesses to cosign the newest checkpoint.

use std::sync::Arc;
use std::time::Duration;

use omklap_store::tree::{AddCheckpoint, Signed};
use omklap_store::{CheckpointSigner, StoreError};
use reqwest::{Client, StatusCode};
use tokio::task::JoinSet;

use super::Witness;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of an answer is read.
const LONGEST: usize = 16_384;

/// The witnesses of the settings, with the client that sends them checkpoints to cosign.
#[derive(Debug, Default)]
pub struct Witnesses {
    each: Vec<Witness>,
    client: Client,
}

/// Why a witness has not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum Unwitnessed {
    /// It cannot be reached, or answered something else than C2SP tlog-witness says.
    #[error("{witness} did not answer as a witness does: {why}")]
    Unreachable {
        /// The witness.
        witness: String,
        /// What happened.
        why: String,
    },
    /// It has seen another history under this ledger's name: this ledger, or the one that it saw, is
    /// not the true one.
    #[error(
        "{witness} refuses to cosign {tree_size} leaves: it has seen a tree that this one does not continue"
    )]
    SawAnother {
        /// The witness.
        witness: String,
        /// How many leaves it was asked to cosign.
        tree_size: u64,
    },
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Witnesses {
    /// These witnesses, asked by a client that trusts the authorities of the settings.
    #[must_use]
    pub fn new(each: Vec<Witness>, client: Client) -> Self {
        Self { each, client }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.each.is_empty()
    }

    /// Asks every witness that has not cosigned the newest checkpoint yet, all at once, and returns
    /// why some have not.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn cosign(&self, signer: &Arc<CheckpointSigner>) -> Result<Vec<Unwitnessed>, StoreError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let Some(newest) = signer.tree.newest().await? else { return Ok(Vec::new()) };
        let mut requests = JoinSet::new();
        for witness in &self.each {
            let witness = witness.clone();
            let (client, signer, newest) = (self.client.clone(), Arc::clone(signer), newest.clone());
            requests.spawn(async move { witness.ask(&client, &signer, &newest).await });
        }
        Ok(requests.join_all().await.into_iter().filter_map(Result::err).collect())
    }
}

impl Witness {
    async fn ask(
        &self,
        client: &Client,
        signer: &CheckpointSigner,
        newest: &Signed,
    ) -> Result<(), Unwitnessed> {
        let mut old = signer.followed_by(&self.key).await?;
        if old == newest.tree_size {
            return Ok(());
        }
        let named = || self.key.label();
        let saw_another = || Unwitnessed::SawAnother { witness: named(), tree_size: newest.tree_size };
        // A second time if the witness has seen more, or less, than the ledger knows of.
        for _ in 0..2 {
            let proof = match old {
                0 => Vec::new(),
                old if old == newest.tree_size => Vec::new(),
                old => signer.consistency(old, newest).await?.ok_or_else(saw_another)?.hashes,
            };
            let body = AddCheckpoint::written(old, &proof, &newest.note);
            let (status, answer) = self.post(client, body).await?;
            match status {
                StatusCode::OK if signer.keep_cosignature(newest, &self.key, &answer).await? => {
                    return Ok(());
                }
                StatusCode::CONFLICT => match answer.trim_end().parse::<u64>() {
                    Ok(seen) if seen > newest.tree_size => return Err(saw_another()),
                    Ok(seen) => old = seen,
                    Err(_) => return Err(unreachable(self, "409 without a size")),
                },
                StatusCode::UNPROCESSABLE_ENTITY => return Err(saw_another()),
                StatusCode::OK => return Err(unreachable(self, "its line is not a cosignature by its key")),
                status => return Err(unreachable(self, &status.to_string())),
            }
        }
        Err(unreachable(self, "it names another size each time"))
    }

    async fn post(&self, client: &Client, body: String) -> Result<(StatusCode, String), Unwitnessed> {
        let url = self.url.join("add-checkpoint").expect("an address with a path");
        let exchange = async {
            let mut answer = client.post(url).timeout(PATIENCE).body(body).send().await?;
            let mut text = Vec::new();
            while let Some(part) = answer.chunk().await? {
                text.extend(part);
                if text.len() > LONGEST {
                    break;
                }
            }
            Ok::<_, reqwest::Error>((answer.status(), text))
        };
        // Without the address: it may hold what only the operator should read.
        let (status, text) =
            exchange.await.map_err(|error| unreachable(self, &error.without_url().to_string()))?;
        Ok((status, String::from_utf8_lossy(&text).into_owned()))
    }
}

fn unreachable(witness: &Witness, why: &str) -> Unwitnessed {
    Unwitnessed::Unreachable { witness: witness.key.label(), why: why.to_owned() }
}
