//! The agreements of a trajectory: what is kept, due or broken, and on which facts that rests.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::get;
use actix_web::web::Data;
use omklap_domain::agreements::assess::{Verdict, assess_until};
use omklap_domain::agreements::obligation::Obligation;
use omklap_domain::agreements::{AgreementSet, AgreementSets, Assessed};
use omklap_domain::day::Day;
use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::History;
use omklap_domain::trajectory::fact::{AgreementSetVersion, Party};
use omklap_domain::trajectory::state::Lease;
use omklap_domain::visibility::{Category, Fields, View, shown_categories_of};
use serde::Serialize;
use utoipa::ToSchema;

use super::TrajectoryPath;
use super::as_of::{AsOfParams, CaseAsOf};
use crate::http::problem::Problem;
use crate::http::request::caller::Caller;
use crate::http::request::language::Language;
use crate::http::services::Services;
use crate::http::view::disclosed::Disclosed;
use crate::http::view::kept_by::KeptByBody;

/// The agreements of a trajectory on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementsStanding)]
#[serde(rename_all = "camelCase")]
struct AgreementsBody {
    /// The trajectory.
    trajectory_id: TrajectoryId,
    /// The number of facts recorded, as far as they were known.
    #[schema(minimum = 1)]
    version: u64,
    /// The day of each status.
    #[schema(value_type = String, format = Date)]
    on: Day,
    /// The set it is bound to on that day.
    #[schema(required = false)]
    agreement_set: AgreementSetVersion,
    /// The agreements, by number.
    agreements: Vec<AgreementBody>,
    /// The fields that the caller may not see, as JSON pointers; absent if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    withheld: Option<Vec<String>>,
}

/// The categories of fields that some callers may not see. The view decides about each obligation.
const FIELDS: &[Fields] = &[(Category::Course, "agreementSet")];

/// One working agreement, and its obligations in this trajectory. Dutch: *werkafspraak*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgreementStanding)]
struct AgreementBody {
    /// Its number.
    number: u8,
    /// Its title, in the caller's language.
    title: String,
    /// Each time that one of its obligations started, in the order of starting, and those that have
    /// not started.
    obligations: Vec<ObligationBody>,
    /// The obligations of this agreement that the caller may not see, whether they have started or
    /// not; absent if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    withheld: Vec<String>,
}

/// One start of an obligation, and its status. Dutch: *verplichting*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ObligationStanding)]
#[serde(rename_all = "camelCase")]
struct ObligationBody {
    /// Its id in the set.
    #[schema(example = "4.2")]
    obligation: String,
    /// The text of the obligation, in the caller's language.
    text: String,
    /// The responsible parties.
    responsible: Vec<Party>,
    /// Its status on the day.
    status: Verdict,
    /// The day that belongs to the status: by when it is due, when it was kept or set aside, since
    /// when it is overdue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    status_on: Option<Day>,
    /// By when it was or is due, as far as is known on the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    due_on: Option<Day>,
    /// When it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    started_on: Option<Day>,
    /// Which of the follow-up checks it is, by its month after the flip.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    month: Option<u8>,
    /// What it is about, such as the id of a nuisance case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reference: Option<String>,
    /// Whether its deadline is paused, because the client stays elsewhere.
    paused: bool,
    /// Whether it was late and then ended without being kept.
    left_undone: bool,
    /// The numbers of the facts that this rests on: what started it, what set its limit or moved
    /// it, and how it ended.
    evidence: Vec<u64>,
    /// The set in force when it started.
    agreement_set: AgreementSetVersion,
    /// The facts that keep it; of an open one, those that are still needed.
    kept_by: KeptByBody,
}

/// Read the agreements
///
/// Each obligation of the region's agreements, with its status on the day `validOn` (today by
/// default), as it was known at the instant `knownAt`, with the numbers of the facts that this
/// rests on. An obligation that starts more than once is listed as often.
#[utoipa::path(
    operation_id = "readAgreements", tag = "trajectories", security(("signIn" = ["trajectories:read"])), params(TrajectoryPath, Caller, AsOfParams),
    responses((status = 200, description = "The agreements.", body = AgreementsBody,
        headers(("Content-Language", description = "`nl` or `en`, by `Accept-Language`."))))
)]
#[get("/trajectories/{trajectoryId}/agreements")]
pub async fn agreements(
    services: Data<Services>,
    case: CaseAsOf,
) -> Result<Disclosed<AgreementsBody>, Problem> {
    let (history, on) = (&case.history, case.on_day(services.clock.today())?);
    let (language, sets) = (case.language, services.ledger.sets());
    let seen = case.view.obligations(history, on, sets);
    let body = AgreementsBody::of(case.trajectory, (history, &seen), on, sets, language, &sees(&case.view));
    // A server starts with every set that its cases are bound to. Another one may have bound a case
    // to a newer set since.
    let body = body.ok_or_else(|| Problem::internal("the agreement set of the case is not loaded"))?;
    let (categories, in_part) = (body.categories(sets), body.withholds());
    Ok(case.disclose(body, FIELDS).and(&categories).in_part(in_part).in_language(language))
}

/// An example of the response.
#[must_use]
pub fn example(trajectory: TrajectoryId, history: &History, on: Day, sets: &AgreementSets) -> impl Serialize {
    let assessed = assess_until(history, on, sets);
    AgreementsBody::of(trajectory, (history, &assessed), on, sets, Language::English, &|_, _, _| true)
}

impl AgreementsBody {
    fn of(
        trajectory_id: TrajectoryId,
        (history, assessed): (&History, &[Assessed<'_>]),
        on: Day,
        sets: &AgreementSets,
        language: Language,
        is_seen: &Sees<'_>,
    ) -> Option<Self> {
        let agreement_set = history.state_on(on).agreement_set?;
        let set = sets.get(&agreement_set)?;
        let state = history.state_on(on);
        let landlord = state.tenancy.lease.as_ref().map_or(Party::HousingCorporation, Lease::landlord);
        let mut by_number: BTreeMap<u8, AgreementBody> = titles(set, language, landlord, is_seen);
        for one in assessed {
            let title = || language.of_two(&one.agreement.title.en, &one.agreement.title.nl).clone();
            let number = one.agreement.number;
            let new =
                || AgreementBody { number, title: title(), obligations: Vec::new(), withheld: Vec::new() };
            by_number
                .entry(number)
                .or_insert_with(new)
                .obligations
                .push(ObligationBody::of(one, on, language));
        }
        Some(Self {
            trajectory_id,
            version: history.version(),
            on,
            agreement_set,
            agreements: by_number.into_values().collect(),
            withheld: None,
        })
    }
}

impl AgreementsBody {
    /// Whether obligations are left out.
    fn withholds(&self) -> bool {
        self.agreements.iter().any(|agreement| !agreement.withheld.is_empty())
    }

    /// The categories that the obligations disclose.
    fn categories(&self, sets: &AgreementSets) -> BTreeSet<Category> {
        let obligations = self.agreements.iter().flat_map(|agreement| &agreement.obligations);
        let named = obligations
            .filter_map(|one| sets.get(&one.agreement_set)?.obligation(&one.obligation.parse().ok()?));
        named.flat_map(shown_categories_of).collect()
    }
}

/// Decides whether the caller sees an obligation, given its responsible parties and its reference.
type Sees<'v> = dyn Fn(&Obligation, &[Party], Option<&str>) -> bool + 'v;

/// Which obligations the view shows.
fn sees(view: &View) -> impl Fn(&Obligation, &[Party], Option<&str>) -> bool {
    |obligation, responsible, reference| view.sees_obligation(obligation, responsible, reference)
}

/// The agreements of the present set, without their obligations.
fn titles(
    set: &AgreementSet,
    language: Language,
    landlord: Party,
    sees: &Sees<'_>,
) -> BTreeMap<u8, AgreementBody> {
    let titled = set.agreements.iter().map(|agreement| {
        let title = language.of_two(&agreement.title.en, &agreement.title.nl).clone();
        let is_hidden = |one: &&Obligation| !sees(one, &one.responsible.parties(landlord), None);
        let hidden = agreement.obligations.iter().filter(is_hidden);
        let withheld = hidden.map(|one| one.id.to_string()).collect();
        let number = agreement.number;
        (number, AgreementBody { number, title, obligations: Vec::new(), withheld })
    });
    titled.collect()
}

impl ObligationBody {
    fn of(one: &Assessed<'_>, on: Day, language: Language) -> Self {
        let status = one.status_on(on);
        Self {
            obligation: one.obligation.id.to_string(),
            text: language.of_two(&one.obligation.text.en, &one.obligation.text.nl).clone(),
            responsible: one.responsible.clone(),
            status: status.verdict(),
            status_on: status.day(),
            due_on: one.due_on(on),
            started_on: one.start.map(|start| start.on),
            month: one.month,
            reference: one.reference.clone(),
            paused: one.closed.is_none() && one.paused.iter().any(|pause| pause.ended.is_none()),
            left_undone: one.left_undone(),
            evidence: one.evidence_on(on),
            agreement_set: AgreementSetVersion { id: one.set.id.clone(), version: one.set.version },
            kept_by: KeptByBody::of(one.obligation, &one.happened),
        }
    }
}
