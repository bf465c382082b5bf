//! Trajectories: one file for each operation.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use omklap_domain::ids::TrajectoryId;
use utoipa::IntoParams;

use super::problem::{Kind, Problem};

pub mod access_log;
pub mod agreements;
mod as_of;
pub mod case_file;
pub mod event;
pub mod follow_up;
pub mod list;
pub mod nuisance_cases;
pub mod own_reference;
pub mod receipt;
pub mod replay;
mod replay_body;
mod replay_change;
mod replay_view;
pub mod report;
pub mod standing;
mod standing_body;
pub mod timeline;
pub mod warnings;

pub use as_of::{AsOfParams, CaseAsOf};

/// The trajectory in a path.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct TrajectoryPath {
    /// The trajectory.
    #[param(rename = "trajectoryId", value_type = Uuid, format = Uuid)]
    pub trajectory: TrajectoryId,
}

impl FromRequest for TrajectoryPath {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// Only the usual form of a UUID names a trajectory, and neither the first nor the last UUID
    /// does.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let name = request.match_info().get("trajectoryId").filter(|name| name.len() == 36);
        let trajectory = name.and_then(|name| name.parse().ok());
        let trajectory = trajectory.filter(|TrajectoryId(id)| !id.is_nil() && !id.is_max());
        ready(trajectory.map(|trajectory| Self { trajectory }).ok_or(Kind::NoSuchTrajectory.into()))
    }
}
