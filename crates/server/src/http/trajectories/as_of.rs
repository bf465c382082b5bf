//! The two clocks of a question about a trajectory, and the trajectory as it was then.

use jiff::Timestamp;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::visibility::View;
use omklap_store::Stream;
use utoipa::IntoParams;

use crate::http::Services;
use crate::http::problem::{Kind, Problem};
use crate::http::request::caller::Caller;
use crate::http::request::query::{Parameters, Query};

/// Two clocks: when it held, and when it was known. Either may be left out.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Then {
    /// What held at the end of this day; without it, what holds after everything that happened.
    #[param(rename = "validOn", value_type = Option<String>, format = Date, nullable = false)]
    pub(super) valid_on: Option<Day>,
    /// As it was known at this instant; without it, as it is known now.
    #[param(rename = "knownAt", value_type = Option<String>, format = DateTime, nullable = false)]
    pub(super) known_at: Option<Timestamp>,
}

impl Then {
    /// Whether both clocks are left out.
    pub(super) fn is_now(self) -> bool {
        self.valid_on.is_none() && self.known_at.is_none()
    }
}

impl Parameters for Then {
    fn read(query: &mut Query) -> Self {
        Self { valid_on: query.take_day("validOn"), known_at: query.take_instant("knownAt") }
    }
}

/// A trajectory as it was known, a day on which it was open, and what the caller sees of it now.
pub(super) struct AsOf {
    pub(super) history: History,
    pub(super) on: Day,
    pub(super) view: View,
}

impl AsOf {
    /// A trajectory then; on today, where no day is named.
    ///
    /// # Errors
    /// Where the caller may not know of it, or it was not open yet.
    pub(super) async fn of(
        services: &Services,
        caller: &Caller,
        trajectory: TrajectoryId,
        then: Then,
    ) -> Result<Self, Problem> {
        let (stream, view) = seen(services, caller, trajectory, then.known_at).await?;
        let history = stream.history();
        let on = then.valid_on.unwrap_or(services.clock.today());
        match history.state_on(on).opened_on {
            Some(_) => Ok(Self { history, on, view }),
            None => Err(Kind::NothingThen.into()),
        }
    }
}

/// What was recorded of a trajectory, as far as it was known at an instant, and what the caller sees of it now.
pub(super) async fn seen(
    services: &Services,
    caller: &Caller,
    trajectory: TrajectoryId,
    known_at: Option<Timestamp>,
) -> Result<(Stream, View), Problem> {
    let known = services.ledger.load_known_to(&caller.viewer, trajectory).await?;
    let (mut stream, view) = known.ok_or(Kind::NoSuchTrajectory)?;
    if let Some(known_at) = known_at {
        let known = stream.events.partition_point(|event| event.recorded_at <= known_at);
        stream.events.truncate(known);
    }
    if stream.events.is_empty() { Err(Kind::NothingThen.into()) } else { Ok((stream, view)) }
}
