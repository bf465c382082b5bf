//! A case in one file that anybody can check without this program: what the holder may see of it,
//! with every hash and proof. `docs/AUDIT.md` explains the fields; `omklap-verify` reads the file
//! and shares no code with this.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::text::PrivateRef;
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{AccessLevel, Category, Shown, View, Viewer, view};
use serde_json::{Map, Value, json};
use sqlx::postgres::PgRow;
use sqlx::{QueryBuilder, Row};
use uuid::Uuid;

use super::sealed_file::{FileError, Proven, placed, proven, sealed, whole};
use crate::error::StoreError;
use crate::events::agreements_in_force::set_bound_by;
use crate::events::event;
use crate::events::event::columns;
use crate::events::hash_chain::{GENESIS, Hash, instant};
use crate::ledger::Ledger;
use crate::read_models::trajectories;
use crate::tree::{CheckpointSigner, HeadProof, InclusionProof};
use crate::vault::texts::{is_erased, sealed_in};

/// The format and its version, which a reader checks first.
pub const FORMAT: &str = "omklap-case-file/1";

/// How often a case is read that has more events by the time that they are signed.
const READ_AGAIN: u32 = 20;

/// A case file, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Canonical JSON with a line feed, sealed with the ledger's key.
    pub text: String,
    /// The kinds of data about the case that the holder sees.
    pub categories: Vec<Category>,
    /// Whether part of the case is withheld from the holder.
    pub in_part: bool,
}

/// A case with the proofs of all of it.
struct Whole {
    history: History,
    view: View,
    events: Vec<Kept>,
    proven: Proven,
}

/// An event for the file.
struct Kept {
    row: PgRow,
    fact: Fact,
    position: i64,
    hash: Hash,
    shown: Shown,
    /// The kinds of data in it.
    categories: BTreeSet<Category>,
}

impl Ledger {
    /// The case file of a trajectory for this viewer. New events are signed first, so that a
    /// checkpoint covers all.
    ///
    /// # Errors
    /// If there is no such trajectory, the viewer has no access to it, or the store cannot answer.
    pub async fn case_file(
        &self,
        signer: &CheckpointSigner,
        viewer: &Viewer,
        trajectory: TrajectoryId,
        now: Timestamp,
    ) -> Result<CaseFile, FileError> {
        let Whole { history, view, events, proven } = self.as_signed(signer, viewer, trajectory, now).await?;
        let Proven { checkpoint, events: proofs, head } = proven;
        let readable: BTreeSet<Uuid> = events.iter().flat_map(Kept::readable).collect();
        let mut file = Map::new();
        file.insert("format".to_owned(), json!(FORMAT));
        file.insert("trajectoryId".to_owned(), json!(trajectory));
        file.insert("version".to_owned(), json!(history.version()));
        file.insert("phase".to_owned(), json!(history.state().phase));
        file.insert("exportedAt".to_owned(), json!(instant(now)));
        file.insert(
            "exportedFor".to_owned(),
            json!({"organisation": viewer.organisation, "role": viewer.role.as_str()}),
        );
        file.insert(
            "categories".to_owned(),
            view.categories().map(|category| json!(category.as_str())).collect(),
        );
        let in_file = events.iter().zip(&proofs).map(|(event, proof)| event.in_file(proof));
        file.insert("events".to_owned(), Value::Array(in_file.collect::<Result<_, _>>()?));
        let texts = self.texts_of(trajectory, &events, &readable).await?;
        let erased = readable.iter().filter(|id| !texts.contains_key(id)).collect::<Vec<_>>();
        all_erased_by_a_fact(trajectory, &events, &erased)?;
        file.insert("erased".to_owned(), json!(erased));
        file.insert("texts".to_owned(), Value::Array(texts.into_values().collect()));
        file.insert("agreementSets".to_owned(), Value::Array(self.sets_of(&events)));
        file.insert("checkpoint".to_owned(), json!(checkpoint));
        file.extend(head.map(|head| ("head".to_owned(), of_head(&head))));
        file.insert("publicKeys".to_owned(), json!(signer.keys.public()));
        let categories: BTreeSet<Category> =
            events.iter().flat_map(|event| &event.categories).copied().collect();
        let categories = categories.into_iter().collect();
        let in_part = events.iter().any(|event| event.shown != Shown::Whole);
        Ok(CaseFile { text: sealed(FORMAT, file, signer), categories, in_part })
    }

    /// Every event as of the newest checkpoint, with the proofs. What is reported in the meantime is
    /// read as well.
    async fn as_signed(
        &self,
        signer: &CheckpointSigner,
        viewer: &Viewer,
        trajectory: TrajectoryId,
        now: Timestamp,
    ) -> Result<Whole, FileError> {
        let stream = format!("trajectory {trajectory}");
        for _ in 0..READ_AGAIN {
            let (history, view, events) = self.to_keep(viewer, trajectory).await?;
            let places: Vec<_> = events.iter().map(|event| (event.position, event.hash)).collect();
            let proven = proven(signer, &places, Some(&stream), now).await?;
            if proven.head.as_ref().is_some_and(|head| head.version == history.version()) {
                return Ok(Whole { history, view, events, proven });
            }
        }
        Err(StoreError::Tree(format!("{stream}: it has less events than were signed")).into())
    }

    /// Every event, with what the viewer sees of it.
    async fn to_keep(
        &self,
        viewer: &Viewer,
        trajectory: TrajectoryId,
    ) -> Result<(History, View, Vec<Kept>), FileError> {
        let mut query = QueryBuilder::new(concat!(
            "SELECT ",
            columns!(),
            " FROM events WHERE aggregate_type = 'trajectory' AND aggregate_id = "
        ));
        query.push_bind(trajectory.to_string()).push(" AND ");
        trajectories::is_known(trajectory, viewer, &mut query);
        query.push(" ORDER BY sequence");
        let rows = query.build().fetch_all(&self.pool).await.map_err(StoreError::from)?;
        self.mac_key.verify_stream(&rows, event::StreamId::of_trajectory(&trajectory.to_string()))?;
        let facts =
            rows.iter().map(|row| event::fact(row, &self.upcasters)).collect::<Result<Vec<_>, _>>()?;
        let history = History::from(facts.clone());
        let view = view(viewer, trajectory, &history);
        // A file gives the phase of the case, and its verdicts rest on that.
        if view.sees(Category::Course) == AccessLevel::None {
            return Err(FileError::NotFound);
        }
        let mut events = Vec::with_capacity(rows.len());
        for (row, fact) in rows.into_iter().zip(facts.iter()) {
            let hash = event::stored_hash(&row)?.unwrap_or(GENESIS);
            let position = row.try_get("position").map_err(StoreError::from)?;
            let (shown, categories) = (view.show_among(&facts, fact), view.shown_categories(&facts, fact));
            events.push(Kept { row, fact: fact.clone(), position, hash, shown, categories });
        }
        Ok((history, view, events))
    }

    /// The texts that the holder may read, with their salts, by their ids. Erased ones are left
    /// out.
    async fn texts_of(
        &self,
        trajectory: TrajectoryId,
        events: &[Kept],
        readable: &BTreeSet<Uuid>,
    ) -> Result<BTreeMap<Uuid, Value>, StoreError> {
        let rows = sqlx::query(
            "SELECT wrapped_key, text_id, sealed FROM keys.data_keys JOIN vault USING (trajectory_id)
             WHERE trajectory_id = $1 AND text_id = ANY ($2)",
        )
        .bind(trajectory.0)
        .bind(readable.iter().copied().collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let Some(first) = rows.first() else { return Ok(BTreeMap::new()) };
        let does_not_open = |source| StoreError::Vault { trajectory, source };
        let key =
            self.operator_key.unwrap(first.try_get("wrapped_key")?, trajectory).map_err(does_not_open)?;
        let references: BTreeMap<Uuid, PrivateRef> = events
            .iter()
            .flat_map(|event| sealed_in(&event.fact))
            .map(|reference| (reference.id, reference))
            .collect();
        let open = |row: &PgRow| -> Result<Option<(Uuid, Value)>, StoreError> {
            let id: Uuid = row.try_get("text_id")?;
            let Some(reference) = references.get(&id) else { return Ok(None) };
            let (salt, text) = key.open_salted(reference, row.try_get("sealed")?).map_err(does_not_open)?;
            Ok(Some((id, json!({"id": id, "salt": salt, "text": text}))))
        };
        rows.iter().filter_map(|row| open(row).transpose()).collect()
    }

    /// Every agreement set to which the trajectory was bound, in full.
    fn sets_of(&self, events: &[Kept]) -> Vec<Value> {
        let mut bound: Vec<_> = events.iter().filter_map(|event| set_bound_by(&event.fact)).collect();
        bound.dedup();
        let sets = bound.into_iter().filter_map(|version| self.sets.get(version));
        sets.map(|set| serde_json::to_value(set).expect("a set is texts, numbers and lists")).collect()
    }
}

impl Kept {
    /// The event as the file has it. It holds the canonical bytes if nothing in them is withheld
    /// from the holder: a private text is only a commitment in them. Otherwise it holds their hash,
    /// and beside it what the holder may see.
    fn in_file(&self, proof: &InclusionProof) -> Result<Value, StoreError> {
        let mut entry = placed(&self.row, self.position, &self.hash, proof)?;
        let more = if self.tells_all()? {
            whole(&self.row)?
        } else if self.shown == Shown::Withheld {
            Map::from_iter([("withheld".to_owned(), json!(true))])
        } else {
            let mut fact = serde_json::to_value(&self.fact).expect("a fact is JSON");
            self.shown.strip(&mut fact);
            Map::from_iter([("withheld".to_owned(), json!(true)), ("fact".to_owned(), fact)])
        };
        entry.extend(more);
        Ok(Value::Object(entry))
    }

    /// Whether the stored form holds nothing that the holder may not see. Withheld fields are named
    /// as in the present version, so an event of an older version is shown whole or not at all.
    fn tells_all(&self) -> Result<bool, StoreError> {
        let as_now = self.row.try_get::<&str, _>("event_version")? == self.fact.version();
        Ok(match &self.shown {
            Shown::Whole => true,
            Shown::InPart { withheld } if as_now => {
                let stored = serde_json::to_value(&self.fact).expect("a fact is JSON");
                withheld.iter().all(|pointer| stored.pointer(pointer).is_none_or(is_sealed))
            }
            Shown::InPart { .. } | Shown::Withheld => false,
        })
    }

    /// The texts that the holder may read.
    fn readable(&self) -> BTreeSet<Uuid> {
        let mut ids = BTreeSet::new();
        if self.shown != Shown::Withheld {
            let mut fact = serde_json::to_value(&self.fact).expect("a fact is JSON");
            self.shown.strip(&mut fact);
            collect_ids(&fact, &mut ids);
        }
        ids
    }
}

/// The proof that the case has no later event.
fn of_head(head: &HeadProof) -> Value {
    json!({
        "heads": hex::encode(head.root),
        "inclusion": head.inclusion.iter().map(hex::encode).collect::<Vec<_>>(),
        "position": head.position,
        "siblings": head.siblings.iter().map(hex::encode).collect::<Vec<_>>(),
    })
}

/// A text that is gone was erased by a fact. A file does not say of another that it was erased.
fn all_erased_by_a_fact(trajectory: TrajectoryId, events: &[Kept], gone: &[&Uuid]) -> Result<(), StoreError> {
    let facts: Vec<Fact> = events.iter().map(|event| event.fact.clone()).collect();
    for (sequence, fact) in (1..).zip(&facts) {
        let lost = sealed_in(fact).iter().any(|text| gone.contains(&&text.id));
        if lost && !is_erased(sequence, &facts) {
            return Err(StoreError::TextGone { trajectory, sequence });
        }
    }
    Ok(())
}

fn collect_ids(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::Object(_) if is_sealed(value) => {
            ids.extend(value["id"].as_str().and_then(|id| id.parse::<Uuid>().ok()));
        }
        Value::Object(fields) => fields.values().for_each(|value| collect_ids(value, ids)),
        Value::Array(elements) => elements.iter().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}

fn is_sealed(value: &Value) -> bool {
    serde_json::from_value::<PrivateRef>(value.clone()).is_ok()
}
