//! A receipt of a report on a stream beside the trajectory, redeemed.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::{Data, Json};
use actix_web::{FromRequest, HttpRequest, get};
use omklap_domain::allocation::StreamId;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::stream_in;
use crate::http::problem::{Complaint, Form, Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::receipt::{ReceiptPath, ReceiptProof, ReceiptState, redeemed};

/// The stream in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct StreamPath {
    /// The id of the complex, vacancy, plan, year of a fund or round: `id` in the answer to the report.
    #[param(rename = "streamId", value_type = Uuid, format = Uuid)]
    stream: StreamId,
}

/// What became of the promise of a receipt about a stream. Dutch: *ontvangstbewijs*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RedeemedStreamReceipt)]
#[serde(rename_all = "camelCase")]
struct RedeemedBody {
    /// The complex, vacancy, plan, year of a fund or round.
    #[schema(value_type = Uuid)]
    stream_id: StreamId,
    /// The number of the event in it.
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

/// Redeem a receipt about homes, plans or rounds
///
/// What became of the event that the receipt in a 201 promised to keep, for those who may read the complex,
/// vacancy, plan, year of a fund or round. With the answer and the receipt, `omklap-verify --receipt` shows
/// that the promise was kept.
#[utoipa::path(
    operation_id = "redeemStreamReceipt", tag = "audit", security(("signIn" = ["trajectories:read"])), params(StreamPath, ReceiptPath, Caller),
    responses((status = 200, description = "What became of it.", body = RedeemedBody))
)]
#[get("/streams/{streamId}/receipts/{hash}")]
pub async fn redeem(
    services: Data<Services>,
    StreamPath { stream }: StreamPath,
    caller: Caller,
    ReceiptPath { hash }: ReceiptPath,
) -> Result<Json<RedeemedBody>, Problem> {
    let places = services.ledger.stream_places(stream, &caller.viewer).await?.ok_or(Kind::NoSuchStream)?;
    let hash = hash.ok_or_else(|| Complaint::parameter("hash", Form::Hash))?;
    let place = places.into_iter().find(|place| place.hash == hash).ok_or(Kind::ReceiptUnknown)?;
    let (state, proof) = redeemed(&services, &caller, place.position, &hash).await?;
    Ok(Json(RedeemedBody { stream_id: stream, sequence: place.sequence, state, proof }))
}

/// An example of the response.
pub(super) fn example(stream_id: StreamId) -> impl Serialize {
    RedeemedBody { stream_id, sequence: 1, state: ReceiptState::Signed, proof: Some(ReceiptProof::example()) }
}

impl FromRequest for StreamPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a stream.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(stream_in(request, "streamId").map(|stream| Self { stream }))
    }
}
