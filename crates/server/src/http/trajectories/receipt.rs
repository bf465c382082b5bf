//! A receipt redeemed: what became of the event that the ledger promised to keep.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, get};
use jiff::Timestamp;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::visibility::Category;
use omklap_store::StoreError;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::TrajectoryPath;
use super::as_of::{CaseAsOf, KnownAt};
use crate::auth::scope::Scope;
use crate::http::problem::{Complaint, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Query};
use crate::http::services::Services;
use crate::http::transparency::CHECKPOINT;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::disclosure::Disclosure;

/// The hash in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ReceiptPath {
    /// The hash in the last line of the receipt's text.
    #[param(value_type = String, pattern = "^[0-9a-f]{64}$", min_length = 64, max_length = 64)]
    pub(in crate::http) hash: Option<[u8; 32]>,
}

/// A redemption has no query parameters.
#[derive(Clone, Copy, Debug)]
pub struct NoParams;

/// What became of a promise. Dutch: *ontvangstbewijs*. It does not say when the event was recorded:
/// the hash of a withheld fact is in the timeline, and its time is not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RedeemedReceipt)]
#[serde(rename_all = "camelCase")]
pub struct RedeemedBody {
    /// The case.
    trajectory_id: TrajectoryId,
    /// The number of the event in the case.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Whether a signed checkpoint covers it.
    state: ReceiptState,
    /// The proof that it is in the tree of a signed checkpoint. It shows how many events the ledger
    /// has: for auditors (`audit:read`), and for every caller if the log is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    proof: Option<ReceiptProof>,
}

/// Whether a signed checkpoint covers an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptState {
    /// A checkpoint covers it: it can no longer be left out unnoticed.
    Signed,
    /// It is there, and the next checkpoint covers it.
    Waiting,
}

/// That an event is in the tree (RFC 9162 §2.1.3).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptProof {
    /// The position of the event: its leaf is `SHA-256(0x00 ‖ position ‖ hash)`.
    #[schema(minimum = 1)]
    position: i64,
    /// The number of the leaf, from 0.
    leaf_index: u64,
    /// The number of leaves of the tree.
    tree_size: u64,
    /// The hashes beside the way from the leaf to the root, the lowest first: SHA-256, in
    /// hexadecimal.
    #[schema(max_items = 64)]
    hashes: Vec<String>,
    /// The signed checkpoint of that tree, with the lines of the witnesses that cosigned it.
    #[schema(max_length = 100_000)]
    checkpoint: String,
}

/// Redeem a receipt
///
/// What became of the event that the receipt in a 201 promised to keep. Keep the answer: with it
/// and the receipt, `omklap-verify --receipt` shows that the promise was kept. A case without the
/// event answers 404: then the promise was broken.
#[utoipa::path(
    operation_id = "redeemReceipt", tag = "audit", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, ReceiptPath, Caller),
    responses((status = 200, description = "What became of it.", body = RedeemedBody))
)]
#[get("/trajectories/{trajectoryId}/receipts/{hash}")]
pub async fn redeem(
    services: Data<Services>,
    case: CaseAsOf<NoParams>,
    ReceiptPath { hash }: ReceiptPath,
) -> Result<Disclosed<RedeemedBody>, Problem> {
    let hash = hash.ok_or_else(|| Complaint::parameter("hash", Form::Hash))?;
    let event = case.stream.events.iter().find(|event| event.hash == hash);
    let event = event.ok_or(Kind::ReceiptUnknown)?;
    let (state, proof) = redeemed(&services, &case.caller, event.position, &event.hash).await?;
    let body = RedeemedBody { trajectory_id: case.trajectory, sequence: event.sequence, state, proof };
    Ok(Disclosed::whole(body, [Disclosure::of(case.trajectory, [Category::Course])]))
}

/// What became of the promise to keep an event: its state, and the proof if this caller may see it.
pub(in crate::http) async fn redeemed(
    services: &Services,
    caller: &Caller,
    position: i64,
    hash: &[u8; 32],
) -> Result<(ReceiptState, Option<ReceiptProof>), Problem> {
    let proof = proof(services, position, hash).await?;
    let may_see = services.transparency.public_log || caller.may(Scope::AuditRead).is_ok();
    let state = if proof.is_some() { ReceiptState::Signed } else { ReceiptState::Waiting };
    Ok((state, proof.filter(|_| may_see)))
}

/// The proof that the event is in the newest signed tree; none if no checkpoint covers it yet.
async fn proof(services: &Services, position: i64, hash: &[u8; 32]) -> Result<Option<ReceiptProof>, Problem> {
    let signer = &services.signer;
    let leaf = signer.tree.leaf_indexes(&[position]).await?.into_iter().next().flatten();
    let (Some(leaf), Some(newest)) = (leaf, signer.tree.newest().await?) else { return Ok(None) };
    let proofs = signer.inclusion(&[leaf], &newest).await?;
    let Some(proof) = proofs.and_then(|mut proofs| proofs.pop()) else { return Ok(None) };
    if proof.leaf != omklap_store::tree::leaf(position, hash) {
        return Err(StoreError::Tree("the event is not the one that was signed".to_owned()).into());
    }
    let checkpoint = newest.note.clone() + &signer.cosignatures(&newest).await?.concat();
    Ok(Some(ReceiptProof {
        position,
        leaf_index: proof.leaf_index,
        tree_size: proof.tree_size,
        hashes: proof.hashes.iter().map(hex::encode).collect(),
        checkpoint,
    }))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory_id: TrajectoryId) -> impl Serialize {
    let proof = Some(ReceiptProof::example());
    RedeemedBody { trajectory_id, sequence: 1, state: ReceiptState::Signed, proof }
}

impl ReceiptProof {
    /// An example.
    pub(in crate::http) fn example() -> Self {
        Self {
            position: 2,
            leaf_index: 1,
            tree_size: 2,
            hashes: vec!["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned()],
            checkpoint: CHECKPOINT.to_owned(),
        }
    }
}

impl KnownAt for NoParams {
    fn known_at(&self) -> Option<Timestamp> {
        None
    }
}

impl Parameters for NoParams {
    fn read(_: &mut Query) -> Self {
        Self
    }
}

impl FromRequest for ReceiptPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// A hash is written in one way. Another text is refused after the case was looked up: a caller
    /// without access to it gets the same answer whatever the hash.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let written = request.match_info().get("hash").unwrap_or_default();
        let mut hash = [0; 32];
        let is_one = hex::decode_to_slice(written, &mut hash).is_ok() && hex::encode(hash) == written;
        ready(Ok(Self { hash: is_one.then_some(hash) }))
    }
}
