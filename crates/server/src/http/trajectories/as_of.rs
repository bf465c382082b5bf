//! A trajectory at the day and instant of a request, for the handlers that read it.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::{Fields, View};
use omklap_store::vault::VaultError;
use omklap_store::{Known, Stream};
use utoipa::IntoParams;

use super::TrajectoryPath;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;

/// The day of the state, and the instant it was known at. Either may be left out.
#[derive(Clone, Copy, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOfParams {
    /// The state at the end of this day; without it, the state after everything that happened.
    #[param(rename = "validOn", value_type = Option<String>, format = Date, nullable = false)]
    pub(in crate::http) valid_on: Option<Day>,
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    pub(in crate::http) known_at: Option<Timestamp>,
}

/// Query parameters that may name the instant at which the trajectory was known.
pub trait KnownAt: Parameters {
    /// That instant.
    fn known_at(&self) -> Option<Timestamp>;
}

/// A trajectory as it was known at the instant of the request, and what the caller may see of it
/// now.
#[derive(Debug)]
pub struct CaseAsOf<P = AsOfParams> {
    pub(in crate::http) trajectory: TrajectoryId,
    pub(in crate::http) caller: Caller,
    pub(in crate::http) params: P,
    /// What was recorded, up to the instant of the request. It is never empty.
    pub(super) stream: Stream,
    /// The history that it makes.
    pub(in crate::http) history: History,
    /// Always the view of now: a caller who lost access has none to the past either.
    pub(in crate::http) view: View,
    /// The number that the caller's organisation has for it now.
    pub(super) own_reference: Result<Option<String>, VaultError>,
    pub(super) language: Language,
}

impl<P> CaseAsOf<P> {
    /// The body without what the caller may not see, and the access log line for it.
    pub(super) fn disclose<T>(self, body: T, fields: &'static [Fields]) -> Disclosed<T> {
        Disclosed::redacted(self.trajectory, body, fields, self.view)
    }
}

impl CaseAsOf {
    /// The day of the request: `today` if it names none.
    ///
    /// # Errors
    /// If the trajectory was not open yet on that day.
    pub(in crate::http) fn on_day(&self, today: Day) -> Result<Day, Problem> {
        let on = self.params.valid_on.unwrap_or(today);
        match self.history.state_on(on).opened_on {
            Some(_) => Ok(on),
            None => Err(Kind::NothingThen.into()),
        }
    }
}

impl<P: KnownAt> FromRequest for CaseAsOf<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    /// The order of the checks must stay as it is: a caller without access learns nothing that
    /// depends on the trajectory.
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let trajectory = TrajectoryPath::from_request(request, payload);
        let caller = Caller::from_request(request, payload);
        let params = Params::<P>::from_request(request, payload);
        let language = Language::of(request.headers());
        let services = request.app_data::<Data<Services>>().cloned();
        Box::pin(async move {
            let TrajectoryPath { trajectory } = trajectory.await?;
            let (caller, Params(params)) = (caller.await?, params.await?);
            let services = services.ok_or_else(|| Problem::internal("no services"))?;
            let known = services.ledger.load_known_to(&caller.viewer, trajectory).await?;
            let Known { mut stream, mut history, view, own_reference } =
                known.ok_or(Kind::NoSuchTrajectory)?;
            if let Some(known_at) = params.known_at() {
                let known = stream.events.partition_point(|event| event.recorded_at <= known_at);
                stream.events.truncate(known);
                history = stream.history();
            }
            if stream.events.is_empty() {
                return Err(Kind::NothingThen.into());
            }
            Ok(Self { trajectory, caller, params, stream, history, view, own_reference, language })
        })
    }
}

impl AsOfParams {
    /// Whether both clocks are left out.
    pub(in crate::http) fn is_now(self) -> bool {
        self.valid_on.is_none() && self.known_at.is_none()
    }
}

impl Parameters for AsOfParams {
    fn read(query: &mut Query) -> Self {
        Self { valid_on: query.take_day("validOn"), known_at: query.take_instant("knownAt") }
    }
}

impl KnownAt for AsOfParams {
    fn known_at(&self) -> Option<Timestamp> {
        self.known_at
    }
}
