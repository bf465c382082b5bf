//! A message that was received, and what every operation does with one: it looks up whether it came before,
//! reports the fact that follows, or keeps the number if none does.
//!
//! A message that is sent again under the same number gets the first answer. That is looked up before the
//! message is read: what it means depends on the ledger, which has moved on since.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use omklap_domain::allocation::{Vacancy, VacancyFact};
use omklap_domain::day::Day;
use omklap_domain::ids::{OrganisationId, TrajectoryId};
use omklap_domain::trajectory::Fact;
use omklap_domain::visibility::Category;
use omklap_store::access_log::{Accessor, Action};
use omklap_store::allocation::{RecordedFacts, StreamTarget};
use omklap_store::{Before, Once, Recorded, Seen, Target};
use omklap_vera::Message;
use serde_json::Value;
use uuid::Uuid;

use super::body::{Body, Sender};
use super::corporation;
use crate::http::allocation::report::recorded;
use crate::http::problem::{Problem, Shape};
use crate::http::request::caller::Caller;
use crate::http::services::Services;
use crate::http::trajectories::report::{Trial, record};
use crate::http::view::disclosure::{Disclosure, accessor, categories_of, logged, shows};

/// A message, who sent it, and where to.
pub(super) struct Received {
    pub services: Data<Services>,
    pub caller: Caller,
    sender: Sender,
    body: Body,
    by: Accessor,
}

impl FromRequest for Received {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let services = Data::<Services>::extract(&request).await.map_err(|_| missing())?;
            let caller = Caller::from_request(&request, &mut Payload::None).await?;
            let sender = Sender::from_request(&request, &mut Payload::None).await?;
            let body = Body::from_request(&request, &mut payload).await?;
            let by = accessor(&caller, &request);
            Ok(Self { services, caller, sender, body, by })
        })
    }
}

fn missing() -> Problem {
    Problem::internal(std::io::Error::other("the services of this server are not there"))
}

impl Received {
    /// What it says.
    pub fn value(&self) -> &Value {
        &self.body.value
    }

    /// The same, to read.
    pub fn message(&self) -> Message<'_> {
        Message::new(&self.body.value, self.today())
    }

    /// The day on which it was received.
    pub fn today(&self) -> Day {
        self.services.clock.today()
    }

    /// The corporation that sent it.
    ///
    /// # Errors
    /// If the sender acts in another role.
    pub fn corporation(&self) -> Result<&OrganisationId, Problem> {
        corporation(&self.caller)
    }

    /// What it led to before, about a case.
    ///
    /// # Errors
    /// If its number was used for another message, or the caller has lost access to the case.
    pub async fn before_of_case(&self) -> Result<Option<Before<Recorded>>, Problem> {
        let Some(once) = self.once() else { return Ok(None) };
        let recorded = self.services.ledger.recorded_once(&once, &self.caller.viewer).await;
        recorded.map_err(|error| Problem::of_report(error, Shape::One))
    }

    /// The same about a vacancy.
    ///
    /// # Errors
    /// As [`Self::before_of_case`].
    pub async fn before_of_vacancy(&self) -> Result<Option<Before<RecordedFacts<Vacancy>>>, Problem> {
        let Some(once) = self.once() else { return Ok(None) };
        let recorded = self.services.ledger.facts_recorded_once(&once, &self.caller.viewer).await;
        recorded.map_err(|error| Problem::of_stream(error, Shape::One))
    }

    /// Reports the fact of a case that follows.
    ///
    /// # Errors
    /// If it does not match its schema, or the rules refuse it.
    pub async fn report(&self, trajectory: TrajectoryId, fact: Fact) -> Result<Recorded, Problem> {
        let target = Target::Existing { id: trajectory, seen: Seen::Any };
        let facts = self.body.fact(fact)?;
        let (by, key) = (self.by.clone(), self.sender.key.clone());
        record(&self.services, (target, None), &self.caller, by, key, Trial::default(), facts).await
    }

    /// Reports the fact of a vacancy that follows.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub async fn report_on_vacancy(
        &self,
        target: StreamTarget,
        fact: VacancyFact,
    ) -> Result<RecordedFacts<Vacancy>, Problem> {
        let facts = self.body.stream_fact::<Vacancy>(fact)?;
        let how = (self.sender.key.clone(), Trial::default());
        recorded(&self.services, target, &self.caller, how, facts).await
    }

    /// The answer to a change of a case, which has no body: the fact is reported, or the number is kept.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub async fn follow(
        &self,
        trajectory: TrajectoryId,
        fact: Option<Fact>,
    ) -> Result<HttpResponse, Problem> {
        let answer = HttpResponse::Ok().finish();
        if let Some(fact) = fact {
            return Ok(accounted(answer, &self.report(trajectory, fact).await?));
        }
        self.keep(trajectory.0).await?;
        Ok(shows(answer, []))
    }

    /// Keeps the number of a message about this case or vacancy from which no fact followed.
    ///
    /// # Errors
    /// If it was used for another message meanwhile.
    pub async fn keep(&self, about: Uuid) -> Result<(), Problem> {
        let Some(once) = self.once() else { return Ok(()) };
        let kept = self.services.ledger.keep_without_facts(&once, about, self.services.clock.now()).await;
        kept.map_err(|error| Problem::of_report(error, Shape::One))
    }

    fn once(&self) -> Option<Once> {
        let (client, request_hash) = (self.caller.client.to_string(), self.body.hash);
        self.sender.key.key.clone().map(|key| Once { client, key, request_hash })
    }
}

/// The first answer to a change from which a fact may follow, which has no body.
pub(super) fn answered(before: &Before<Recorded>) -> HttpResponse {
    let answer = HttpResponse::Ok().finish();
    match before {
        Before::Facts(recorded) => accounted(answer, recorded),
        Before::NoFact => shows(answer, []),
    }
}

/// The fact of a message about a case.
pub(super) fn fact_of(recorded: &Recorded) -> Option<&Fact> {
    let index = usize::try_from(recorded.first_sequence).ok()?.checked_sub(1)?;
    recorded.history.recorded().get(index)
}

/// The answer, with its line in the access log: a new fact was logged when it was recorded.
pub(super) fn accounted(answer: HttpResponse, recorded: &Recorded) -> HttpResponse {
    if !recorded.is_repeat() {
        return logged(answer);
    }
    let categories: Vec<Category> = fact_of(recorded)
        .map_or_else(Vec::new, |fact| categories_of(std::slice::from_ref(fact)).into_iter().collect());
    shows(answer, [Disclosure::of(recorded.trajectory, categories).by(Action::Report)])
}
