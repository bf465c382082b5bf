//! The facts of one report as rows: private texts sealed, payloads in canonical JSON, hashes
//! chained.

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::{PrivateRef, PrivateText};
use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::AgreementSetVersion;
use uuid::Uuid;

use super::report::RecordError;
use crate::events::agreements_in_force::set_bound_by;
use crate::events::hash_chain::{Hash, Link, canonical};
use crate::events::mac::MacKey;
use crate::events::metadata::{Metadata, blind};
use crate::events::time_ordered_id::time_ordered_id;
use crate::vault::DataKey;

/// What the facts follow, and what is written with each of them.
pub(crate) struct Context<'a> {
    pub trajectory: TrajectoryId,
    pub version: u64,
    pub last_hash: Hash,
    pub recorded_at: Timestamp,
    /// The key of the MACs: an event that was written without it was not admitted by the ledger.
    pub mac_key: &'a MacKey,
    /// Who reports, and why.
    pub metadata: &'a Metadata,
    /// The agreements in force before.
    pub bound_to: Option<&'a AgreementSetVersion>,
}

impl Context<'_> {
    /// The metadata of a fact, in canonical JSON, with the agreements under which it was recorded
    /// and with random bytes. Because of these, a viewer who gets the hash, but not everything that
    /// it covers, cannot find out the rest by trying.
    fn metadata_under(&self, set: Option<&AgreementSetVersion>) -> String {
        let mut metadata = self.metadata.clone();
        metadata.insert("blind".to_owned(), blind());
        if let Some(set) = set {
            metadata.insert("agreementSet".to_owned(), format!("{}@{}", set.id, set.version));
        }
        canonical(&metadata).expect("a map of texts is JSON")
    }
}

/// The rows, column by column, as the statement takes them.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub sequences: Vec<i64>,
    pub event_ids: Vec<Uuid>,
    pub event_types: Vec<&'static str>,
    pub event_versions: Vec<&'static str>,
    pub payloads: Vec<String>,
    pub metadata: Vec<String>,
    pub previous_hashes: Vec<Hash>,
    pub hashes: Vec<Hash>,
    pub macs: Vec<Hash>,
    pub text_ids: Vec<Uuid>,
    pub sealed_texts: Vec<Vec<u8>>,
}

impl Batch {
    /// The facts as rows. `key` is called at the first private text.
    pub fn from_facts(
        facts: Vec<Fact>,
        context: &Context<'_>,
        mut key: impl FnMut() -> Result<DataKey, RecordError>,
    ) -> Result<Self, RecordError> {
        let mut batch = Self::default();
        let mut data_key = None;
        let mut bound_to = context.bound_to.cloned();
        for fact in facts {
            bound_to = set_bound_by(&fact).cloned().or(bound_to);
            let sealed = batch.seal(fact, context, |text_id, text| {
                let key = match &mut data_key {
                    Some(key) => key,
                    none => none.insert(key()?),
                };
                Ok(key.seal(text_id, text))
            })?;
            batch.push(&sealed, context.metadata_under(bound_to.as_ref()), context);
        }
        Ok(batch)
    }

    fn seal(
        &mut self,
        mut fact: Fact,
        context: &Context<'_>,
        mut seal: impl FnMut(Uuid, &str) -> Result<(PrivateRef, Vec<u8>), RecordError>,
    ) -> Result<Fact, RecordError> {
        let mut outcome = Ok(());
        fact.exchange_texts(|private| {
            let sealed = match private {
                PrivateText::Text(text) => seal(time_ordered_id(context.recorded_at), text),
                PrivateText::Sealed(_) => Err(RecordError::SealedTextReported),
            };
            match sealed {
                Ok((reference, sealed)) => {
                    self.text_ids.push(reference.id);
                    self.sealed_texts.push(sealed);
                    *private = PrivateText::Sealed(reference);
                }
                Err(error) => outcome = Err(error),
            }
        });
        outcome.map(|()| fact)
    }

    fn push(&mut self, fact: &Fact, metadata: String, context: &Context<'_>) {
        let sequence = context.version + 1 + self.sequences.len() as u64;
        let payload =
            canonical(fact).expect("a fact is a struct of texts, numbers and lists, which JSON can say");
        let previous = self.hashes.last().copied().unwrap_or(context.last_hash);
        let link = Link {
            aggregate_type: "trajectory",
            aggregate_id: &context.trajectory.to_string(),
            sequence,
            event_id: time_ordered_id(context.recorded_at),
            event_type: fact.fact_type().as_str(),
            event_version: fact.version(),
            recorded_at: context.recorded_at,
            payload: payload.as_str().into(),
            metadata: metadata.as_str().into(),
        };
        let hash = link.hash(&previous);
        self.hashes.push(hash);
        self.macs.push(context.mac_key.mac(&hash));
        self.previous_hashes.push(previous);
        self.sequences.push(sequence.cast_signed());
        self.event_ids.push(link.event_id);
        self.event_types.push(fact.fact_type().as_str());
        self.event_versions.push(fact.version());
        self.payloads.push(payload);
        self.metadata.push(metadata);
    }
}
