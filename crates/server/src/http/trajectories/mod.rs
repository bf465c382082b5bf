//! Trajectories: one file for each thing that can be asked of them.

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
pub mod follow_up;
pub mod list;
pub mod nuisance_cases;
pub mod replay;
mod replay_change;
mod replay_view;
pub mod report;
pub mod standing;
mod standing_body;
pub mod timeline;

/// The trajectory that a path names.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Named {
    /// The trajectory.
    #[param(rename = "trajectoryId", value_type = Uuid, format = Uuid)]
    pub trajectory: TrajectoryId,
}

impl FromRequest for Named {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    /// What is no UUID, is written in another of its forms, or is the first or last of all UUIDs, names nothing.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let name = request.match_info().get("trajectoryId").filter(|name| name.len() == 36);
        let trajectory = name.and_then(|name| name.parse().ok());
        let trajectory = trajectory.filter(|TrajectoryId(id)| !id.is_nil() && !id.is_max());
        ready(trajectory.map(|trajectory| Self { trajectory }).ok_or(Kind::NoSuchTrajectory.into()))
    }
}
