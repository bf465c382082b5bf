//! Opens private texts and puts them into the facts that refer to them.

use std::collections::{BTreeMap, HashMap, HashSet};

use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::{PrivateRef, PrivateText};
use omklap_domain::trajectory::Fact;
use sqlx::Row;
use sqlx::postgres::{PgConnection, PgRow};
use uuid::Uuid;

use crate::consistency::finding::Finding;
use crate::error::StoreError;
use crate::events::stream::Stream;
use crate::ledger::Ledger;
use crate::vault::WANTED_TEXTS;

impl Ledger {
    /// Puts the private texts into facts of some trajectories, in one round trip. A text that was
    /// erased stays a reference.
    ///
    /// # Errors
    /// If the database is out of reach, or a text does not open.
    pub async fn open_texts<'f>(
        &self,
        facts: impl IntoIterator<Item = (TrajectoryId, &'f mut Fact)>,
    ) -> Result<(), StoreError> {
        let mut facts_of: HashMap<TrajectoryId, Vec<&mut Fact>> = HashMap::new();
        facts.into_iter().for_each(|(of, fact)| facts_of.entry(of).or_default().push(fact));
        let (mut trajectories, mut texts) = (Vec::new(), Vec::new());
        for (trajectory, facts) in &mut facts_of {
            each_sealed(facts, |reference| {
                trajectories.push(trajectory.0);
                texts.push(reference.id);
                None
            });
        }
        if texts.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(WANTED_TEXTS).bind(&trajectories).bind(&texts).fetch_all(&self.pool).await?;
        let mut sealed: HashMap<Uuid, Vec<&PgRow>> = HashMap::new();
        for row in &rows {
            sealed.entry(row.try_get("trajectory_id")?).or_default().push(row);
        }
        for (trajectory, mut facts) in facts_of {
            if let Some(rows) = sealed.get(&trajectory.0) {
                self.open(trajectory, &mut facts, rows)?;
            }
        }
        Ok(())
    }

    /// How many private texts each fact of a trajectory still has, by its number; a fact that has
    /// none is left out.
    ///
    /// # Errors
    /// If the database is out of reach.
    pub async fn texts_left(&self, stream: &Stream) -> Result<BTreeMap<u64, usize>, StoreError> {
        let kept = sqlx::query_scalar("SELECT text_id FROM vault WHERE trajectory_id = $1");
        let kept: Vec<Uuid> = kept.bind(stream.trajectory.0).fetch_all(&self.pool).await?;
        let kept: HashSet<Uuid> = kept.into_iter().collect();
        let left = stream.events.iter().map(|event| {
            let texts = sealed_in(&event.fact);
            (event.sequence, texts.iter().filter(|text| kept.contains(&text.id)).count())
        });
        Ok(left.filter(|(_, texts)| *texts > 0).collect())
    }

    /// Checks on one data key that the operator's key is the one with which this ledger's texts
    /// were sealed. Otherwise a new key in the place of a lost one would be noticed too late.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if it is another key.
    pub async fn check_operator_key(&self) -> Result<(), StoreError> {
        let any = sqlx::query(
            "SELECT trajectory_id, wrapped_key FROM keys.data_keys ORDER BY trajectory_id LIMIT 1",
        );
        let Some(row) = any.fetch_optional(&self.pool).await? else { return Ok(()) };
        let trajectory = TrajectoryId(row.try_get("trajectory_id")?);
        let unwrapped = self.operator_key.unwrap(row.try_get("wrapped_key")?, trajectory);
        unwrapped.map(drop).map_err(|source| StoreError::Vault { trajectory, source })
    }

    /// What is wrong with the private texts of a trajectory whose vault rows these are. Each text
    /// must be the one that was recorded and must exist, unless a fact records its erasure; there
    /// must be no others.
    ///
    /// # Errors
    /// If a row is not one of [`Vaulted`].
    pub(crate) fn check_texts(
        &self,
        trajectory: TrajectoryId,
        facts: &mut [Fact],
        vaulted: &Vaulted,
    ) -> Result<Vec<Finding>, StoreError> {
        let key = match &vaulted.key {
            Some(row) => match self.operator_key.unwrap(row.try_get(1)?, trajectory) {
                Ok(key) => Some(key),
                Err(_) => return Ok(vec![Finding::KeyDiffers]),
            },
            None if vaulted.texts.is_empty() => None,
            None => return Ok(vec![Finding::KeyMissing]),
        };
        let texts = vaulted.texts.iter().map(|row| Ok((row.try_get(1)?, row.try_get(2)?)));
        let sealed: HashMap<Uuid, &[u8]> = texts.collect::<sqlx::Result<_>>()?;
        let (mut findings, mut known) = (Vec::new(), HashSet::with_capacity(sealed.len()));
        for (sequence, fact) in (1..).zip(facts.iter_mut()) {
            fact.exchange_texts(|private| {
                let PrivateText::Sealed(reference) = private else { return };
                known.insert(reference.id);
                match key.as_ref().zip(sealed.get(&reference.id)) {
                    Some((key, sealed)) if key.check(reference, sealed).is_ok() => {}
                    Some(_) => findings.push(Finding::TextDiffers { sequence }),
                    None => findings.push(Finding::TextMissing { sequence }),
                }
            });
        }
        findings.retain(|finding| match finding {
            Finding::TextMissing { sequence } => !is_erased(*sequence, facts),
            _ => true,
        });
        if sealed.keys().any(|text| !known.contains(text)) {
            findings.push(Finding::TextOfNoEvent);
        }
        Ok(findings)
    }

    fn open(
        &self,
        trajectory: TrajectoryId,
        facts: &mut [&mut Fact],
        rows: &[&PgRow],
    ) -> Result<(), StoreError> {
        let does_not_open = |source| StoreError::Vault { trajectory, source };
        let Some(first) = rows.first() else { return Ok(()) };
        let key =
            self.operator_key.unwrap(first.try_get("wrapped_key")?, trajectory).map_err(does_not_open)?;
        let sealed: HashMap<Uuid, &[u8]> = rows
            .iter()
            .map(|row| Ok((row.try_get("text_id")?, row.try_get("sealed")?)))
            .collect::<sqlx::Result<_>>()?;
        let mut outcome = Ok(());
        each_sealed(facts, |reference| {
            let opened = key.open(reference, sealed.get(&reference.id)?);
            opened.map_err(|source| outcome = Err(does_not_open(source))).ok()
        });
        outcome
    }
}

/// The vault rows of a trajectory, not decoded yet.
#[derive(Default)]
pub(crate) struct Vaulted {
    /// Its data key: `trajectory_id, wrapped_key`.
    key: Option<PgRow>,
    /// Its sealed texts: `trajectory_id, text_id, sealed`.
    texts: Vec<PgRow>,
}

impl Vaulted {
    /// Fetches the vault rows of the trajectories after one up to another.
    pub async fn fetch(
        connection: &mut PgConnection,
        after: Uuid,
        until: Uuid,
    ) -> Result<HashMap<TrajectoryId, Self>, StoreError> {
        let mut fetched: HashMap<TrajectoryId, Self> = HashMap::new();
        let keys = "SELECT trajectory_id, wrapped_key FROM keys.data_keys WHERE trajectory_id > $1 AND trajectory_id <= $2";
        for row in sqlx::query(keys).bind(after).bind(until).fetch_all(&mut *connection).await? {
            let id = TrajectoryId(row.try_get(0)?);
            fetched.entry(id).or_default().key = Some(row);
        }
        let texts = "SELECT trajectory_id, text_id, sealed FROM vault WHERE trajectory_id > $1 AND trajectory_id <= $2";
        for row in sqlx::query(texts).bind(after).bind(until).fetch_all(connection).await? {
            let id = TrajectoryId(row.try_get(0)?);
            fetched.entry(id).or_default().texts.push(row);
        }
        Ok(fetched)
    }
}

/// Whether a later fact records that the texts of this one were erased.
pub(crate) fn is_erased(sequence: u64, facts: &[Fact]) -> bool {
    (1..).zip(facts).any(|(later, fact)| match fact {
        Fact::PersonalDataErased(erased) => match &erased.facts {
            Some(facts) => facts.contains(&sequence),
            None => sequence < later,
        },
        _ => false,
    })
}

/// Offers every sealed text to `open`, and puts what it returns in its place.
fn each_sealed(facts: &mut [&mut Fact], mut open: impl FnMut(&PrivateRef) -> Option<String>) {
    for fact in facts {
        fact.exchange_texts(|private| {
            if let PrivateText::Sealed(reference) = private
                && let Some(text) = open(reference)
            {
                *private = PrivateText::Text(text);
            }
        });
    }
}

/// The sealed texts of a fact.
pub(crate) fn sealed_in(fact: &Fact) -> Vec<PrivateRef> {
    let mut references = Vec::new();
    fact.clone().exchange_texts(|private| {
        if let PrivateText::Sealed(reference) = private {
            references.push(reference.clone());
        }
    });
    references
}
