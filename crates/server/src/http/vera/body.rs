//! What every message of VERA comes with: its body, and the *stuurgegevens* in its headers.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use omklap_domain::allocation::{Stream, StreamFact};
use omklap_domain::trajectory::Fact;
use omklap_vera::CaseKey;
use serde::Serialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::corporation;
use crate::http::problem::{Complaint, Fault, Form, Kind, Problem, Rule, Shape};
use crate::http::request::caller::Caller;
use crate::http::request::facts::{self, Facts, StreamFacts};
use crate::http::request::headers::{one, parsed};
use crate::http::request::json;
use crate::http::request::preconditions::IdempotencyKey;
use crate::http::request::request_hash::request_hash;
use crate::http::request::schema_check::Vocabulary;

/// The body of a message.
#[derive(Clone, Debug)]
pub(super) struct Body {
    /// What it says.
    pub value: Value,
    /// As [`Facts::request_hash`].
    pub hash: [u8; 32],
}

/// The headers of a message (VERA *stuurgegevens*).
#[derive(Clone, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct Sender {
    /// The sender's number of this message. A repeat with the same number gets the first answer again and
    /// is recorded once; another message with the same number is refused.
    #[param(
        rename = "X-Stuurgegevens-Referentienummer",
        value_type = Option<String>,
        nullable = false,
        pattern = "^[!-~]{1,128}$"
    )]
    pub key: IdempotencyKey,
    /// The organisation that sends it: the corporation of the token, if it is given.
    #[param(rename = "X-Stuurgegevens-Zender-Organisatie", value_type = Option<String>, nullable = false)]
    #[expect(dead_code, reason = "checked when it is read")]
    organisation: (),
}

impl Body {
    /// A fact of a case that the message leads to, checked as every reported fact is.
    ///
    /// # Errors
    /// Every place where it does not match its published schema.
    pub fn fact(&self, fact: Fact) -> Result<Facts, Problem> {
        matches_its_schema(Vocabulary::of_trajectories(), &fact)?;
        Ok(Facts { facts: vec![fact], shape: Shape::One, request_hash: self.hash })
    }

    /// A fact of a stream that the message leads to, checked as every reported fact is.
    ///
    /// # Errors
    /// Every place where it does not match its published schema.
    pub fn stream_fact<S: Stream>(&self, fact: S::Fact) -> Result<StreamFacts<S>, Problem>
    where
        S::Fact: StreamFact + Serialize,
    {
        matches_its_schema(Vocabulary::of_streams(S::KIND), &fact)?;
        Ok(StreamFacts { facts: vec![fact], shape: Shape::One, request_hash: self.hash })
    }
}

fn matches_its_schema(vocabulary: &Vocabulary, fact: &impl Serialize) -> Result<(), Problem> {
    let value = serde_json::to_value(fact).map_err(Problem::internal)?;
    let complaints = vocabulary.complaints(&value, "");
    if complaints.is_empty() { Ok(()) } else { Err(Problem::malformed(complaints)) }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let read = facts::read_patch(&request, payload, json::read).await?;
            let json::Read { value, mut complaints } = read;
            // Amounts of VERA are euros with decimals. Citizen service numbers are looked for by the reader
            // of messages, which says where they are in the words of VERA.
            complaints.retain(|complaint| !is_read_by_vera(complaint.rule));
            match value {
                Some(value) if complaints.is_empty() => {
                    Ok(Self { hash: request_hash(request.path(), &value), value })
                }
                _ => Err(Problem::malformed(complaints)),
            }
        })
    }
}

fn is_read_by_vera(rule: Rule) -> bool {
    let Rule::Fault(fault) = rule else { return false };
    let of_numbers =
        [Fault::NotAWholeNumber, Fault::CitizenServiceNumber, Fault::PossibleCitizenServiceNumber];
    of_numbers.contains(&fault)
}

impl FromRequest for Sender {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let caller = Caller::from_request(request, payload).into_inner();
        ready(caller.and_then(|caller| read(request, &caller)))
    }
}

fn read(request: &HttpRequest, caller: &Caller) -> Result<Sender, Problem> {
    const ORGANISATION: &str = "X-Stuurgegevens-Zender-Organisatie";
    let sender = one(request.headers(), ORGANISATION)?;
    let own = corporation(caller)?;
    if sender.is_some_and(|sender| sender != own.as_str()) {
        let complaint = Complaint::header(ORGANISATION, Fault::SpeaksForAnother);
        return Err(Problem { errors: vec![complaint], ..Kind::NotYours.into() });
    }
    let key = parsed(request.headers(), "X-Stuurgegevens-Referentienummer", Form::Key, |text| {
        let fits = (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| text.to_owned())
    })?;
    Ok(Sender { key: IdempotencyKey { key }, organisation: () })
}

/// The offer or lease in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct CasePath {
    /// Its id, as omklap wrote it.
    #[param(rename = "id", value_type = String)]
    pub key: CaseKey,
}

impl FromRequest for CasePath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request.match_info().get("id").and_then(|id| id.parse().ok());
        ready(key.map(|key| Self { key }).ok_or(Kind::NoSuchTrajectory.into()))
    }
}
