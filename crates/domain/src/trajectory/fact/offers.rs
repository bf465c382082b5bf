//! Matching: the offers of a home, and what became of each.

use derive_visitor::DriveMut;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::need::Need;
use super::profile::Access;
use super::row::{CLIENTS_SIDE, CORPORATION, LANDLORDS, Row, THE_THREE};
use super::terms::{Amount, Cents, Party};
use crate::category::Category::{CandidateList, Course, Dwelling, Profile};
use crate::day::Day;
use crate::ids::{ComplexId, ListDigest, MunicipalityCode, OfferId, OrganisationId, UnitId, VacancyId};
use crate::role::Role::{HousingCorporation, MatchingPoint};
use crate::text::PrivateText;
use crate::trajectory::phase::Leads::To;
use crate::trajectory::phase::Phase::{Contracting, Matching, Offered};

/// The corporation offers a dwelling, weighed together. Dutch: *aanbieding*. Source: S0, obligation 1.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DwellingOffered {
    /// The day it happened.
    pub occurred_on: Day,
    /// The offer.
    pub offer_id: OfferId,
    /// The corporation that offers.
    pub corporation: OrganisationId,
    /// The dwelling.
    pub unit: UnitId,
    /// Its complex: spread over complexes matters (S2 Haarlem).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complex: Option<ComplexId>,
    /// The municipality where the dwelling is.
    pub municipality: MunicipalityCode,
    /// The rent a month, in euro cents.
    #[schema(value_type = Amount)]
    pub rent_cents: Cents,
    /// How accessible the dwelling is, if that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
    /// Whether there is a nuisance file on the stairwell. If so, the dwelling is not offered (S0).
    pub nuisance_on_file: bool,
    /// How it was weighed.
    pub considerations: Considerations,
    /// The parties that agreed: provider and corporation are both needed.
    #[schema(value_type = BTreeSet<Party>, min_items = 1, max_items = 5)]
    pub agreed_by: Vec<Party>,
    /// The last day on which the client may answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond_by: Option<Day>,
    /// The vacancy that the dwelling was reported as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacancy: Option<VacancyId>,
    /// The place of the client in the list of candidates for that vacancy, as `GET
    /// /v1/vacancies/{vacancyId}/candidates` gave it to the corporation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weighing: Option<OfferWeighing>,
    /// Why this client gets the offer, and not the one before in the list. Required if the place is not
    /// the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<PrivateText>,
}

/// The place of a client in a list of candidates, with what is needed to compute that list again. Dutch:
/// *weging*. Source: our decision (ADR 48).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferWeighing {
    /// The day for which the list was computed.
    pub valid_on: Day,
    /// The instant as of which the cases and the vacancy were known.
    #[schema(value_type = String, format = DateTime)]
    #[drive(skip)]
    pub known_at: Timestamp,
    /// How many clients of the list were eligible: every condition was met.
    #[schema(minimum = 0, maximum = 100_000)]
    pub eligible: u32,
    /// The place of the client in the list, from 1.
    #[schema(minimum = 1, maximum = 100_000)]
    pub place: u32,
    /// The digest of the list.
    pub digest: ListDigest,
}

impl DwellingOffered {
    // Provider and corporation weigh an offer together (S0), so both see the reasons.
    pub(super) const ROW: Row = Row::leads(
        &[Matching],
        To(Offered),
        CORPORATION,
        &[
            (Course, "occurredOn offerId corporation agreedBy respondBy"),
            (
                Dwelling,
                "unit complex municipality rentCents access nuisanceOnFile considerations vacancy why",
            ),
            (CandidateList, "weighing"),
        ],
    )
    .needing(&[Need::OfferLeft]);
}

/// How an offer was weighed (S0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Considerations {
    /// The client's wishes.
    pub wishes: PrivateText,
    /// The outflow profile.
    pub profile: PrivateText,
    /// The dwelling.
    pub dwelling: PrivateText,
    /// The stairwell and the neighbourhood.
    pub neighbourhood: PrivateText,
    /// The supporting network.
    pub network: PrivateText,
    /// Where the day activity is.
    pub day_activity: PrivateText,
}

/// The client accepts. Dutch: *aanbieding geaccepteerd*. Source: `docs/DOMAIN.md` §3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferAccepted {
    /// The day it happened.
    pub occurred_on: Day,
    /// The offer.
    pub offer_id: OfferId,
    /// When the client saw the dwelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewed_on: Option<Day>,
}

impl OfferAccepted {
    // Acceptance gives the corporation access to the client's data: only the client's side
    // reports it.
    pub(super) const ROW: Row =
        Row::leads(&[Offered], To(Contracting), CLIENTS_SIDE, &[(Course, "occurredOn offerId viewedOn")])
            .needing(&[Need::TimeToAccept]);
}

/// The client refuses, or did not answer in time. Dutch: *aanbieding geweigerd*. Source:
/// `docs/DOMAIN.md` §3.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferRefused {
    /// The day it happened.
    pub occurred_on: Day,
    /// The offer.
    pub offer_id: OfferId,
    /// Why.
    pub ground: RefusalGround,
    /// In the client's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl OfferRefused {
    pub(super) const ROW: Row = Row::leads(
        &[Offered],
        To(Matching),
        THE_THREE,
        &[(Course, "occurredOn offerId ground"), (Profile, "explanation")],
    );
}

/// Why an offer was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalGround {
    /// *Te ver van netwerk*.
    TooFarFromNetwork,
    /// *Woning past niet*.
    DwellingDoesNotFit,
    /// *Buurt past niet*.
    NeighbourhoodDoesNotFit,
    /// *Huur te hoog*.
    RentTooHigh,
    /// *Niet tijdig gereageerd*.
    NotAnsweredInTime,
    /// Another reason.
    Other,
}

/// The corporation takes the offer back; it does not count as the client's one offer. Dutch: *aanbieding
/// ingetrokken*. Source: `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferWithdrawn {
    /// The day it happened.
    pub occurred_on: Day,
    /// The offer.
    pub offer_id: OfferId,
    /// Why.
    pub ground: WithdrawalGround,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<PrivateText>,
}

impl OfferWithdrawn {
    pub(super) const ROW: Row = Row::leads(
        &[Offered, Contracting],
        To(Matching),
        CORPORATION,
        &[(Course, "occurredOn offerId"), (Dwelling, "ground explanation")],
    );
}

/// Why an offer was withdrawn. Source: `docs/DOMAIN.md` §3.9; no ground says more of an income than
/// that it does not fit the dwelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum WithdrawalGround {
    /// *Woning niet beschikbaar*.
    DwellingNotAvailable,
    /// *Overlast gebleken*.
    NuisanceCameToLight,
    /// *Vergissing*.
    OfferedByMistake,
    /// *Cliënt nog niet zover* (S2 Hoeksche Waard).
    ClientNotReady,
    /// *Elders verhuurd*.
    LetElsewhere,
    /// *Geen huisvestingsvergunning*.
    NoPermit,
    /// *Inkomen te hoog voor deze woning*.
    IncomeTooHigh,
    /// *Inkomen te laag voor deze woning*.
    IncomeTooLow,
    /// *Documenten ontbreken*.
    Documents,
    /// *Onjuiste gegevens*.
    WrongData,
    /// *Niet verschenen*.
    DidNotAppear,
    /// *Woning blijkt niet passend*; the explanation says why.
    NotSuitable,
    /// *Te veel cliënten in complex of buurt*.
    Concentration,
    /// Another reason.
    Other,
}

/// The corporation or the provider tests whether the rent of the offered dwelling fits what the client may
/// rent by law. The ledger keeps the result and no income. Dutch: *passendheidstoets*. Source:
/// `docs/DOMAIN.md` §3.2, after Woningwet art. 46 and 48.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FittingTestDone {
    /// The day it happened.
    pub occurred_on: Day,
    /// The offer.
    pub offer_id: OfferId,
    /// What came out.
    pub result: FittingResult,
    /// Who tested it: the party that reports.
    pub tested_by: Party,
}

impl FittingTestDone {
    // The next corporation sees that there was a test, and not what came out of it.
    pub(super) const ROW: Row = Row::stays(
        &[Offered, Contracting],
        LANDLORDS,
        &[(Course, "occurredOn offerId testedBy"), (Dwelling, "result")],
    );
}

/// What came out of a fitting test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "kebab-case")]
pub enum FittingResult {
    /// *Passend*.
    Fits,
    /// *Niet passend*.
    DoesNotFit,
    /// *Niet van toepassing*: no test is needed for this dwelling or this client.
    NotApplicable,
}

/// The partners grant one more offer. Dutch: *tweede aanbieding*. Source: `docs/DOMAIN.md` §3.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, DriveMut)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondOfferGranted {
    /// The day it happened.
    pub occurred_on: Day,
    /// Why.
    pub reason: PrivateText,
}

impl SecondOfferGranted {
    pub(super) const ROW: Row = Row::stays(
        &[Matching],
        &[HousingCorporation, MatchingPoint],
        &[(Course, "occurredOn"), (Profile, "reason")],
    );
}
