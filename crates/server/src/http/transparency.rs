//! The ledger as a whole: its signed checkpoints, and proofs that it contains an event and that it
//! only grew.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use omklap_store::tree::Signed;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::problem::{Complaint, Fault, Form, Kind, Problem};
use super::request::caller::Caller;
use super::request::query::{Parameters, Params, Query};
use super::services::Services;
use crate::auth::scope::Scope;

/// The query parameters of a checkpoint.
#[derive(Clone, Copy, Debug)]
pub struct CheckpointParams(Option<u64>);

/// The query parameters of a checkpoint.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into a number; this is its documentation")]
struct CheckpointParamsDoc {
    /// The number of leaves that the checkpoint covers; without it the newest one.
    #[param(rename = "treeSize", nullable = false, minimum = 1)]
    tree_size: Option<u64>,
}

/// The query parameters of a proof of inclusion.
#[derive(Clone, Copy, Debug)]
pub struct InclusionParams {
    leaf_index: Option<u64>,
    position: Option<i64>,
    tree_size: Option<u64>,
}

/// The query parameters of a proof of inclusion.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into numbers; this is their documentation")]
struct InclusionParamsDoc {
    /// The number of the leaf, from 0. Either this or `position` is given.
    #[param(rename = "leafIndex", nullable = false, minimum = 0)]
    leaf_index: Option<u64>,
    /// The position of the event.
    #[param(nullable = false, minimum = 1)]
    position: Option<i64>,
    /// The number of leaves that the checkpoint covers; without it the newest one.
    #[param(rename = "treeSize", nullable = false, minimum = 1)]
    tree_size: Option<u64>,
}

/// The query parameters of a proof of consistency.
#[derive(Clone, Copy, Debug)]
pub struct ConsistencyParams {
    from: Option<u64>,
    to: Option<u64>,
}

/// The query parameters of a proof of consistency.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into numbers; this is their documentation")]
struct ConsistencyParamsDoc {
    /// The number of leaves of the earlier tree.
    #[param(minimum = 1)]
    from: u64,
    /// The number of leaves of the later one; without it that of the newest checkpoint.
    #[param(nullable = false, minimum = 1)]
    to: Option<u64>,
}

/// The public keys of the ledger. Dutch: *openbare sleutels*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerKeys)]
#[serde(rename_all = "camelCase")]
struct KeysBody {
    /// The name of the ledger, first in every checkpoint.
    origin: String,
    /// Its public keys as C2SP signed-note writes them, the current signing key first.
    public_keys: Vec<String>,
}

/// That an event is in the tree (RFC 9162 §2.1.3).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InclusionProof)]
#[serde(rename_all = "camelCase")]
struct InclusionBody {
    /// The number of the leaf, from 0.
    leaf_index: u64,
    /// The number of leaves of the tree.
    tree_size: u64,
    /// The hashes beside the way from the leaf to the root, the lowest first: SHA-256, in
    /// hexadecimal.
    hashes: Vec<String>,
    /// The signed checkpoint of that tree.
    checkpoint: String,
}

/// That a later tree begins with an earlier one (RFC 9162 §2.1.4).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsistencyProof)]
#[serde(rename_all = "camelCase")]
struct ConsistencyBody {
    /// The number of leaves of the earlier tree.
    from: u64,
    /// The number of leaves of the later one.
    to: u64,
    /// The hashes that both roots can be computed from: SHA-256, in hexadecimal.
    hashes: Vec<String>,
    /// The signed checkpoint of the later tree.
    checkpoint: String,
}

/// Read the newest checkpoint
///
/// The number of leaves and the root hash of the tree over them, signed. A leaf is an event, or says
/// at the end of a checkpoint how far each case is. It is a C2SP signed note over a
/// C2SP tlog-checkpoint. Keep it, so that a later ledger must prove that it begins with this one.
#[utoipa::path(
    operation_id = "readCheckpoint", tag = "audit", security(("signIn" = ["audit:read"])), params(Caller, CheckpointParamsDoc),
    responses((status = 200, description = "The signed note.", body = String, content_type = "text/plain"))
)]
#[get("/ledger/checkpoint")]
pub async fn newest_checkpoint(
    services: Data<Services>,
    _: Caller,
    Params(CheckpointParams(size)): Params<CheckpointParams>,
) -> Result<HttpResponse, Problem> {
    let signed = signed(&services, size).await?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(signed.note))
}

/// Read the public keys
///
/// The keys that signed the checkpoints. To check a ledger, do not take them from the ledger alone.
#[utoipa::path(
    operation_id = "readLedgerKeys", tag = "audit", security(("signIn" = ["audit:read"])), params(Caller),
    responses((status = 200, description = "The keys.", body = KeysBody))
)]
#[get("/ledger/keys")]
pub async fn public_keys(services: Data<Services>, _: Caller) -> HttpResponse {
    let keys = &services.signer.keys;
    HttpResponse::Ok()
        .json(KeysBody { origin: keys.origin().to_owned(), public_keys: keys.public().to_vec() })
}

/// Prove that an event is in the ledger
///
/// By the number of its leaf, or by its position in the feed.
#[utoipa::path(
    operation_id = "proveInclusion", tag = "audit", security(("signIn" = ["audit:read"])), params(Caller, InclusionParamsDoc),
    responses((status = 200, description = "The proof.", body = InclusionBody))
)]
#[get("/ledger/proofs/inclusion")]
pub async fn prove_inclusion(
    services: Data<Services>,
    caller: Caller,
    Params(params): Params<InclusionParams>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::AuditRead)?;
    let tree = &services.signer.tree;
    let signed = signed(&services, params.tree_size).await?;
    let leaf = match (params.leaf_index, params.position) {
        (Some(leaf), _) => Some(leaf),
        (None, Some(position)) => tree.leaf_indexes(&[position]).await?.into_iter().next().flatten(),
        (None, None) => None,
    };
    let leaf = leaf.ok_or(Kind::NotSigned)?;
    let proofs = services.signer.inclusion(&[leaf], &signed).await?;
    let proof = proofs.and_then(|mut proofs| proofs.pop()).ok_or(Kind::NotSigned)?;
    Ok(HttpResponse::Ok().json(InclusionBody {
        leaf_index: proof.leaf_index,
        tree_size: proof.tree_size,
        hashes: proof.hashes.iter().map(hex::encode).collect(),
        checkpoint: signed.note,
    }))
}

/// Prove that the ledger only grew
///
/// From the tree of an earlier checkpoint to a later one.
#[utoipa::path(
    operation_id = "proveConsistency", tag = "audit", security(("signIn" = ["audit:read"])), params(Caller, ConsistencyParamsDoc),
    responses((status = 200, description = "The proof.", body = ConsistencyBody))
)]
#[get("/ledger/proofs/consistency")]
pub async fn prove_consistency(
    services: Data<Services>,
    caller: Caller,
    Params(params): Params<ConsistencyParams>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::AuditRead)?;
    let signed = signed(&services, params.to).await?;
    let from = params.from.ok_or(Kind::NotSigned)?;
    let proof = services.signer.consistency(from, &signed).await?.ok_or(Kind::NotSigned)?;
    Ok(HttpResponse::Ok().json(ConsistencyBody {
        from: proof.from,
        to: proof.to,
        hashes: proof.hashes.iter().map(hex::encode).collect(),
        checkpoint: signed.note,
    }))
}

/// A checkpoint, to show.
pub const CHECKPOINT: &str = "omklap.example.org/ledger\n2\nnND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=\n\n\
    — omklap.example.org/ledger x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

/// A hash, to show.
const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// An example of the response with the keys.
#[must_use]
pub fn example_keys() -> impl Serialize {
    let key = "omklap.example.org/ledger+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    KeysBody { origin: "omklap.example.org/ledger".to_owned(), public_keys: vec![key.to_owned()] }
}

/// An example of a proof of inclusion.
#[must_use]
pub fn example_inclusion() -> impl Serialize {
    let (hashes, checkpoint) = (vec![HASH.to_owned()], CHECKPOINT.to_owned());
    InclusionBody { leaf_index: 1, tree_size: 2, hashes, checkpoint }
}

/// An example of a proof of consistency.
#[must_use]
pub fn example_consistency() -> impl Serialize {
    ConsistencyBody { from: 1, to: 2, hashes: vec![HASH.to_owned()], checkpoint: CHECKPOINT.to_owned() }
}

/// The checkpoint of this size, or the newest, with the lines of the witnesses that cosigned it.
async fn signed(services: &Services, size: Option<u64>) -> Result<Signed, Problem> {
    let tree = &services.signer.tree;
    let signed = match size {
        Some(size) => tree.checkpoint(size).await?,
        None => tree.newest().await?,
    };
    let mut signed = signed.ok_or(Kind::NotSigned)?;
    services.signer.root_of(&signed)?;
    signed.note += &services.signer.cosignatures(&signed).await?.concat();
    Ok(signed)
}

impl Parameters for CheckpointParams {
    fn read(query: &mut Query) -> Self {
        Self(number(query, "treeSize", 1))
    }
}

impl Parameters for InclusionParams {
    fn read(query: &mut Query) -> Self {
        let params = Self {
            leaf_index: number(query, "leafIndex", 0),
            position: query.take_as("position", Form::Count, |text| text.parse().ok().filter(|at| *at > 0)),
            tree_size: number(query, "treeSize", 1),
        };
        match (query.gives("leafIndex"), query.gives("position")) {
            (false, false) => query.complain(Complaint::parameter("leafIndex", Fault::Required)),
            (true, true) => {
                query.complain(Complaint::parameter("position", Fault::NotTogether).limit("leafIndex"));
            }
            _ => {}
        }
        params
    }
}

impl Parameters for ConsistencyParams {
    fn read(query: &mut Query) -> Self {
        if !query.gives("from") {
            query.complain(Complaint::parameter("from", Fault::Required));
        }
        Self { from: number(query, "from", 1), to: number(query, "to", 1) }
    }
}

/// A whole number from `least` on. No tree has more leaves than fit in an `i64`.
fn number(query: &mut Query, name: &'static str, least: u64) -> Option<u64> {
    let read =
        |text: &str| text.parse().ok().filter(|number| (least..=i64::MAX.unsigned_abs()).contains(number));
    query.take_as(name, Form::Count, read)
}
