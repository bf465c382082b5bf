//! Reporting what happened.

use std::sync::Arc;

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post, put};
use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::register::Register;
use omklap_domain::trajectory::{Fact, FactType, Phase};
use omklap_domain::visibility::{Category, Fields, Role, may_import, reportable, view};
use omklap_store::access_log::{Accessor, Action, Line};
use omklap_store::{Once, RecordError, Recorded, ReferenceOf, Report, Target};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::TrajectoryPath;
use super::own_reference::{self, ReferenceHeader};
use super::warnings::WarningBody;
use crate::auth::scope::Scope;
use crate::http::problem::{Problem, Shape};
use crate::http::request::caller::Caller;
use crate::http::request::facts::Facts;
use crate::http::request::language::Language;
use crate::http::request::preconditions::{IdempotencyKey, IfMatch, IfNoneMatch, etag};
use crate::http::request::query::{Parameters, Params, Query};
use crate::http::services::Services;
use crate::http::view::disclosure::{accessor, categories_of, logged, shows};
use crate::http::view::due_obligation::DueBody;
use crate::http::view::redact;

/// The query parameters of a report: whether it is a dry run.
#[derive(Clone, Copy, Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Trial {
    /// Return what would happen, and record nothing.
    #[param(rename = "dryRun", required = false, default = false)]
    dry_run: bool,
}

impl Trial {
    /// Whether it is only a dry run.
    pub(in crate::http) fn is_one(self) -> bool {
        self.dry_run
    }
}

/// What a report led to, or would lead to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Recorded)]
#[serde(rename_all = "camelCase")]
pub struct RecordedBody {
    /// Whether it was recorded. If it was only tried, the ids are made up.
    recorded: bool,
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// Its version after this: the number of facts recorded.
    #[schema(minimum = 1)]
    version: u64,
    /// Its phase after this.
    #[schema(required = false)]
    phase: Phase,
    /// What the caller may report now in this case, as far as the caller sees what that depends on.
    #[schema(required = false)]
    admits: Vec<FactType>,
    /// The facts of this report, in their order.
    events: Vec<EventBody>,
    /// When they were recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// The ledger's signed promise that it recorded these facts (a C2SP signed note); absent if
    /// nothing was recorded. Keep it: `omklap-verify --receipt` shows whether it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    receipt: Option<String>,
    /// The obligations that are due because of this report and that the caller may see, the most
    /// urgent first.
    became_due: Vec<DueBody>,
    /// Where an offer of this report goes against the client's profile, as far as the caller sees that
    /// profile; absent if it does not. A warning is no refusal.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    warnings: Vec<WarningBody>,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<String>>,
}

/// The categories of fields that some callers may not see.
const FIELDS: &[Fields] = &[(Category::Course, "phase admits")];

/// A fact that was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecordedEvent)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    /// Its number in the trajectory.
    #[schema(minimum = 1)]
    sequence: u64,
    /// Its own id.
    event_id: Uuid,
    /// What kind of fact it is.
    #[serde(rename = "type")]
    fact_type: FactType,
}

/// Open a trajectory
///
/// Admits the fact that opens a trajectory (`intake-registered` or `running-case-taken-over`), or a
/// list that begins with one: an existing history.
#[utoipa::path(
    operation_id = "openTrajectory", tag = "trajectories", security(("signIn" = ["trajectories:report"])), params(Caller, IdempotencyKey, ReferenceHeader, Trial),
    request_body(content = inline(Facts), description = "The opening fact, or a history that begins with one."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Opened.", body = RecordedBody,
            headers(("Location", description = "The trajectory."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/trajectories")]
pub async fn open(
    services: Data<Services>,
    caller: Caller,
    key: IdempotencyKey,
    reference: ReferenceHeader,
    Params(trial): Params<Trial>,
    facts: Facts,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let opened = Opened { id: TrajectoryId(services.clock.new_id()), own: reference.of(&caller)? };
    let by = accessor(&caller, &request);
    let shape = facts.shape;
    let recorded = record(&services, opened.into(), &caller, by, key, trial, facts).await?;
    Ok(answer(&services, &caller, &request, &recorded, trial, shape))
}

/// Open a trajectory under an id of your own
///
/// Admits a whole history under the id that the path names, once: for histories that are moved here
/// from another system, whose import can be repeated at any time without opening anything twice.
/// The id is a UUID that says nothing about the client.
#[utoipa::path(
    operation_id = "importTrajectory", tag = "trajectories", security(("signIn" = ["trajectories:import"])), params(TrajectoryPath, Caller, IfNoneMatch, ReferenceHeader, Trial),
    request_body(content = inline(Facts), description = "A history that begins with the opening fact."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Opened.", body = RecordedBody,
            headers(("Location", description = "The trajectory."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[put("/trajectories/{trajectoryId}")]
#[expect(clippy::too_many_arguments, reason = "each is one part of the request")]
pub async fn import(
    services: Data<Services>,
    named: TrajectoryPath,
    caller: Caller,
    _: IfNoneMatch,
    reference: ReferenceHeader,
    Params(trial): Params<Trial>,
    facts: Facts,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let once = IdempotencyKey { key: None };
    let by = accessor(&caller, &request);
    let opened = Opened { id: named.trajectory, own: reference.of(&caller)? };
    let shape = facts.shape;
    let recorded = record(&services, opened.into(), &caller, by, once, trial, facts).await?;
    Ok(answer(&services, &caller, &request, &recorded, trial, shape))
}

/// Report what happened
///
/// Admits one fact, or a list of facts as a whole, to the trajectory's history.
#[utoipa::path(
    operation_id = "reportFacts", tag = "trajectories", security(("signIn" = ["trajectories:report"])), params(TrajectoryPath, Caller, IfMatch, IdempotencyKey, Trial),
    request_body(content = inline(Facts), description = "One fact, or a list of facts."),
    responses(
        (status = 200, description = "It would be admitted; nothing was recorded (`dryRun`).", body = RecordedBody),
        (status = 201, description = "Recorded.", body = RecordedBody,
            headers(("Location", description = "The trajectory."), ("ETag", description = "Its version, for `If-Match`."))),
    )
)]
#[post("/trajectories/{trajectoryId}/events")]
#[expect(clippy::too_many_arguments, reason = "each is one part of the request")]
pub async fn report(
    services: Data<Services>,
    named: TrajectoryPath,
    caller: Caller,
    IfMatch { seen }: IfMatch,
    key: IdempotencyKey,
    Params(trial): Params<Trial>,
    facts: Facts,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let target = Target::Existing { id: named.trajectory, seen };
    let by = accessor(&caller, &request);
    let shape = facts.shape;
    let recorded = record(&services, (target, None), &caller, by, key, trial, facts).await?;
    Ok(answer(&services, &caller, &request, &recorded, trial, shape))
}

/// A trajectory to open, with the organisation's own case number for it.
struct Opened {
    id: TrajectoryId,
    own: Option<ReferenceOf>,
}

impl From<Opened> for (Target, Option<ReferenceOf>) {
    fn from(Opened { id, own }: Opened) -> Self {
        (Target::New(id), own)
    }
}

/// Reports facts of a trajectory, in the one way that there is.
///
/// # Errors
/// Why they were not recorded.
pub(in crate::http) async fn record(
    services: &Services,
    (trajectory, reference): (Target, Option<ReferenceOf>),
    caller: &Caller,
    by: Accessor,
    IdempotencyKey { key }: IdempotencyKey,
    Trial { dry_run }: Trial,
    Facts { facts, shape, request_hash }: Facts,
) -> Result<Recorded, Problem> {
    // A whole history at the opening holds the facts of all partners. An auditor may not report
    // one.
    let imports = matches!(trajectory, Target::New(_))
        && caller.may(Scope::TrajectoriesImport).is_ok()
        && caller.viewer.role != Role::Auditor;
    if imports {
        let not_theirs = |facts: Vec<_>| Problem::not_theirs(&facts, shape);
        may_import(&caller.viewer, &facts).map_err(not_theirs)?;
    }
    let register = register_for(services, &facts, imports).await?;
    let now = services.clock.now();
    let access = Line::new(by, Action::Report, now, vec![trajectory.id()])
        .of(categories_of(&facts).into_iter().map(Category::as_str));
    let reported = Report {
        trajectory,
        facts,
        reporter: (!imports).then(|| caller.viewer.clone()),
        metadata: caller.metadata(),
        recorded_at: now,
        today: services.clock.today(),
        once: key.map(|key| Once {
            client: caller.client.to_string(),
            key,
            request_hash: hash_with(request_hash, reference.as_ref()),
        }),
        dry_run,
        register: Some(register),
        reference,
        access,
    };
    match services.ledger.record(reported).await {
        Ok(recorded) => Ok(recorded),
        Err(RecordError::ReferenceTaken(by)) => Err(own_reference::taken(services, caller, by).await),
        Err(error) => Err(Problem::of_report(error, shape).seen_by(caller.viewer.role)),
    }
}

/// The hash of a whole request: its path and body, and the case number that it gives.
fn hash_with(request: [u8; 32], own: Option<&ReferenceOf>) -> [u8; 32] {
    own.map_or(request, |own| {
        Sha256::new().chain_update(request).chain_update(own.reference.as_str()).finalize().into()
    })
}

/// The register against which these facts are held. A name that is wrong by the cached register may
/// be registered by now.
async fn register_for(services: &Services, facts: &[Fact], imports: bool) -> Result<Arc<Register>, Problem> {
    let register = services.sign_in.register().await?;
    if register.misnamed(facts, None, services.ledger.sets(), imports).is_empty() {
        return Ok(register);
    }
    Ok(services.sign_in.current_register().await?)
}

fn answer(
    services: &Services,
    caller: &Caller,
    request: &HttpRequest,
    recorded: &Recorded,
    trial: Trial,
    shape: Shape,
) -> HttpResponse {
    let (today, language) = (services.clock.today(), Language::of(request.headers()));
    let sets = services.ledger.sets();
    let view = view(&caller.viewer, recorded.trajectory, recorded.current());
    let due = redact::obligations(recorded.became_due.clone(), &view, sets);
    let categories = redact::categories_of_obligations(&due, sets);
    let due = DueBody::list(due, today, sets, language);
    let mut body = RecordedBody::of(recorded, !trial.dry_run, due);
    body.admits = reportable(&caller.viewer, &view, &recorded.history, today, sets, body.admits);
    body.warnings = WarningBody::list(recorded, &view, shape, language);
    let profile = (!body.warnings.is_empty()).then_some(Category::DwellingProfile);
    let shown = redact::disclosure(body.trajectory_id, FIELDS, &view).and(categories).and(profile);
    if !body.recorded {
        return shows(redact::json(HttpResponse::Ok(), body, FIELDS, &view), [shown.by(Action::Try)]);
    }
    body.receipt = services.signer.keys.receipt(recorded);
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, format!("/v1/trajectories/{}", body.trajectory_id)));
    answer.insert_header((ETAG, etag(&services.ledger, body.trajectory_id, body.version, body.recorded_at)));
    let answer = redact::json(answer, body, FIELDS, &view);
    if recorded.is_repeat() { shows(answer, [shown.by(Action::Report)]) } else { logged(answer) }
}

/// An example of the response.
#[must_use]
pub fn example(recorded: &Recorded, today: Day, sets: &AgreementSets) -> impl Serialize {
    let due = DueBody::list(recorded.became_due.clone(), today, sets, Language::English);
    RecordedBody { receipt: Some(RECEIPT.to_owned()), ..RecordedBody::of(recorded, true, due) }
}

/// A receipt, to show.
pub(in crate::http) const RECEIPT: &str =
    "omklap.example.org/ledger\nomklap-receipt/1\n…\n\n— omklap.example.org/ledger x08go…\n";

impl RecordedBody {
    fn of(recorded: &Recorded, kept: bool, became_due: Vec<DueBody>) -> Self {
        let phase = recorded.history.state().phase;
        let reported = recorded.history.recorded().iter().rev().take(recorded.event_ids.len()).rev();
        let events = (recorded.first_sequence..).zip(&recorded.event_ids).zip(reported);
        Self {
            recorded: kept,
            trajectory_id: recorded.trajectory,
            version: recorded.version(),
            phase,
            admits: phase.admits(),
            events: events
                .map(|((sequence, event_id), fact)| EventBody {
                    sequence,
                    event_id: *event_id,
                    fact_type: fact.fact_type(),
                })
                .collect(),
            recorded_at: recorded.recorded_at,
            receipt: None,
            became_due,
            warnings: Vec::new(),
            withheld: None,
        }
    }
}

impl Parameters for Trial {
    fn read(query: &mut Query) -> Self {
        Self { dry_run: query.take_flag("dryRun").unwrap_or(false) }
    }
}
