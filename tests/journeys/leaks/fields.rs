//! The category of every field of every fact, written from `docs/DOMAIN.md` §8, row by row of its
//! table. The program has its own list, fact by fact; these tests do not use it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use omklap_domain::trajectory::FactType;
use omklap_tests::{Document, Ledger};

/// The kinds of facts of each category, with their fields. `occurredOn` also represents the fact
/// itself. `*` means every element of a list, and a slash the inside of a field. A field includes
/// its parts, except those that are listed themselves.
const FIELDS: [(&str, &str); 28] = [
    (
        "identity",
        "intake-registered clientName clientContact previousTrajectory
         running-case-taken-over clientName clientContact previousTrajectory
         registered-by-mistake sameAs
         contact-person-assigned user name contact function
         representative-appointed occurredOn capacity name contact",
    ),
    (
        "course",
        "intake-registered occurredOn careProvider municipality region agreementSet
         running-case-taken-over occurredOn careProvider municipality region agreementSet phase intakeOn readyOn corporation flippedOn
         running-case-taken-over lease/model lease/startedOn lease/terms/leaseId lease/terms/careProvider lease/terms/corporation
         contact-person-assigned occurredOn party organisation
         outflow-announced occurredOn expectedOn
         readiness-confirmed occurredOn
         readiness-revoked occurredOn
         housing-requested occurredOn
         request-returned occurredOn
         corporation-assigned occurredOn corporation assignedBy
         assignment-returned occurredOn corporation
         dwelling-offered occurredOn offerId corporation agreedBy respondBy
         dwelling-redivided occurredOn leaseId
         offer-accepted occurredOn offerId viewedOn
         offer-refused occurredOn offerId ground
         fitting-test-done occurredOn offerId testedBy
         offer-withdrawn occurredOn offerId
         second-offer-granted occurredOn
         housed-under-intermediary-lease occurredOn terms/leaseId terms/careProvider terms/corporation
         housed-under-three-party-lease occurredOn terms/leaseId terms/careProvider terms/corporation
         housed-under-temporary-lease occurredOn terms/leaseId terms/careProvider terms/corporation endsOn
         housed-under-own-lease occurredOn terms/leaseId terms/careProvider terms/corporation
         lease-extended occurredOn leaseId endsOn
         lease-end-agreed occurredOn leaseId endsOn
         head-lease-taken-over occurredOn leaseId careProvider
         contract-flipped occurredOn leaseId headLeaseEndsOn subleaseEndsOn ownLeaseStartsOn
         aftercare-agreed occurredOn until
         follow-up-check-held occurredOn month tenancy
         follow-up-check-missed occurredOn month reason
         tenancy-ended occurredOn leaseId endedBy
         tenant-death-reported occurredOn diedOn
         follow-up-ended occurredOn outcome
         agreement-set-changed occurredOn agreementSet
         trajectory-transferred occurredOn careProvider municipality ground
         region-transfer-accepted occurredOn to
         trajectory-ended occurredOn outcome
         registered-by-mistake occurredOn
         event-corrected occurredOn corrects replacement reason",
    ),
    (
        "dwelling",
        "running-case-taken-over lease/terms/unit
         dwelling-offered unit complex municipality rentCents access nuisanceOnFile considerations vacancy why
         assignment-returned ground explanation
         fitting-test-done result
         offer-withdrawn ground explanation
         housed-under-intermediary-lease terms/unit
         housed-under-three-party-lease terms/unit
         housed-under-own-lease terms/unit
         renovation-started temporaryUnit
         dwelling-redivided change unit
         housed-under-temporary-lease terms/unit",
    ),
    (
        "case-table",
        "outflow-profile-set occurredOn validFrom
         case-discussed occurredOn",
    ),
    ("table-talk", "case-discussed bottleneck outcome attendees"),
    ("candidate-list", "dwelling-offered weighing"),
    (
        "dwelling-profile",
        "outflow-profile-set profile household municipalityOfOrigin preferredAreas excludedAreas rentLimitCents access quietNeeded pets",
    ),
    (
        "weighed",
        "outflow-profile-set dayActivityPlace networkPlace
         housing-requested application",
    ),
    (
        "municipal-help",
        "obstacle-removed occurredOn
         budget-coach-sent occurredOn
         place-found occurredOn",
    ),
    (
        "profile",
        "outflow-profile-set excludedAreas/*/reason guidanceLevel reachAtNight financialSupport
         outflow-profile-set readyWithinMonths assessor clientAgreed
         readiness-confirmed assessor
         request-returned missing notes
         offer-refused explanation
         second-offer-granted reason
         obstacle-removed bottleneck explanation
         budget-coach-sent coach
         place-found kind explanation",
    ),
    (
        "living-goals",
        "guidance-plan-agreed occurredOn goals
         neighbourhood-circle-joined occurredOn",
    ),
    (
        "transfer",
        "region-transfer-proposed occurredOn to ground explanation
         region-transfer-refused occurredOn reason",
    ),
    (
        "guidance",
        "intake-registered origin careStartedOn referredBy
         second-provider-joined occurredOn secondProvider help
         second-provider-left occurredOn secondProvider
         running-case-taken-over origin lease/terms/careAgreement lease/terms/careForm alreadyKept
         consent-withdrawn reason
         readiness-confirmed notes
         readiness-revoked reason
         housed-under-intermediary-lease terms/careAgreement terms/careForm
         housed-under-three-party-lease terms/careAgreement terms/careForm
         housed-under-temporary-lease terms/careAgreement terms/careForm
         housed-under-own-lease terms/careAgreement terms/careForm
         care-indication-ended occurredOn supportAfterwards
         guidance-plan-agreed level document
         client-journey-recorded occurredOn howItCame whatWouldHaveHelped missedChances
         neighbourhood-circle-joined circle
         relapse-plan-agreed occurredOn earlySigns document
         guidance-scaled occurredOn level signalId reason
         temporary-placement-started kind reason
         returned-home notes
         absence-started kind
         aftercare-agreed contactEveryWeeks contactPoint
         follow-up-check-held resident notes
         trajectory-ended notes
         registered-by-mistake reason",
    ),
    (
        "debts-arranged",
        "preparation-step-completed occurredOn step
         financial-support-assigned occurredOn
         debt-arrangement-started occurredOn",
    ),
    (
        "debts",
        "preparation-step-completed notes
         financial-support-assigned kind supporter
         debt-arrangement-started kind expectedEndOn",
    ),
    (
        "rent",
        "running-case-taken-over lease/terms/rentCents
         housed-under-intermediary-lease terms/rentCents headLease
         housed-under-three-party-lease terms/rentCents guaranteeFund
         housed-under-temporary-lease terms/rentCents
         housed-under-own-lease terms/rentCents
         rent-changed occurredOn leaseId rentCents ground
         head-lease-taken-over headLease
         evaluation-held rent
         rent-missed occurredOn dueOn amountCents
         arrears-plan-agreed occurredOn totalCents instalmentCents firstInstalmentOn
         arrears-cleared occurredOn
         damage-reported occurredOn damageId estimateCents description
         damage-settled occurredOn damageId borneBy
         guarantee-fund-claimed damageId rentsDueOn
         rent-at-flip-disclosed currentRentCents newRentCents
         contract-flipped rentCents",
    ),
    (
        "guarantee-fund",
        "guarantee-fund-claimed occurredOn claimId ground amountCents
         guarantee-fund-settled occurredOn claimId awardedCents settledBy",
    ),
    (
        "first-rent",
        "first-rent-help-requested occurredOn amountCents
         first-rent-covered occurredOn coveredBy amountCents
         first-rent-repaid occurredOn amountCents",
    ),
    (
        "living",
        "living-agreements-signed occurredOn signedBy document
         lease-end-agreed signedBy nextPlace document
         renovation-started occurredOn leaseId expectedUntil
         renovation-ended occurredOn leaseId
         neighbours-met occurredOn how
         neighbourhood-meeting-held occurredOn outcome
         neighbourhood-informed occurredOn informed
         welcome-talk-held occurredOn notes
         evaluation-held occurredOn home resident notes
         annual-review-held occurredOn attendedBy agreementsChanged document notes
         signal-reported occurredOn signalId asked
         signal-answered occurredOn signalId
         temporary-placement-started occurredOn expectedUntil
         returned-home occurredOn
         absence-started occurredOn expectedUntil
         absence-ended occurredOn
         agreement-set-changed reason",
    ),
    (
        "signals",
        "signal-reported source kind asksForGuidance observation
         signal-answered answer",
    ),
    (
        "nuisance-course",
        "running-case-taken-over openNuisanceCases
         temporary-placement-started nuisanceCase
         nuisance-reported occurredOn caseId happenedOn earlierCase
         reporter-informed occurredOn caseId
         approach-agreed occurredOn caseId agreedBy
         escalated occurredOn caseId toLevel clientHeardOn
         warning-issued occurredOn caseId by clientHeardOn
         last-chance-agreed occurredOn caseId signedBy until municipalityToldOn
         deescalated occurredOn caseId toLevel reviewedOn
         nuisance-resolved occurredOn caseId
         nuisance-reopened occurredOn caseId
         nuisance-case-closed occurredOn caseId
         nuisance-found-unfounded occurredOn caseId
         nuisance-handed-over occurredOn caseId
         lease-termination-started occurredOn caseId noticeUntil
         eviction-ordered occurredOn caseId
         eviction-prevented occurredOn caseId",
    ),
    (
        "nuisance",
        "nuisance-reported place kind channel facts
         reporter-informed told
         approach-agreed approach
         escalated acute reason
         warning-issued ground explanation document
         last-chance-agreed document
         deescalated reason
         nuisance-resolved how
         nuisance-reopened reason
         nuisance-found-unfounded finding
         nuisance-handed-over to explanation
         lease-termination-started ground acute alternativePlace document
         eviction-ordered judgment
         eviction-prevented how",
    ),
    ("reporter", "nuisance-reported reporter"),
    (
        "flip",
        "flip-conditions-set occurredOn conditions acknowledgedByClient
         flip-condition-reviewed occurredOn kind progress notes
         flip-talk-held occurredOn talkId attendedBy notes
         flip-position-given occurredOn talkId party position reason
         flip-postponed occurredOn talkId unmetConditions actions nextTalkOn
         rent-at-flip-disclosed occurredOn
         flip-approved occurredOn talkId flipOn
         flip-cancelled occurredOn talkId ground reason",
    ),
    (
        "consents",
        "privacy-explained occurredOn sharedWith leaflet
         consent-given occurredOn scope recipients document
         consent-withdrawn occurredOn scope
         processing-restricted occurredOn ground askedBy
         restriction-lifted occurredOn
         personal-data-erased occurredOn ground facts
         legal-hold-placed occurredOn ground reference
         legal-hold-lifted occurredOn",
    ),
    (
        "return",
        "return-requested occurredOn requestId requestedBy
         return-request-withdrawn occurredOn requestId
         light-wmo-test-done occurredOn requestId granted
         returned-to-shelter occurredOn requestId to",
    ),
    ("departures", "departure-agreed occurredOn obligation agreedBy asks reason"),
    (
        "return-grounds",
        "return-requested reason
         return-request-withdrawn reason
         light-wmo-test-done explanation",
    ),
];

/// The fields of each kind of fact, each with its category.
static OF_KINDS: LazyLock<BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>> =
    LazyLock::new(|| {
        let mut of_kinds: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (category, kinds) in FIELDS {
            for line in kinds.lines() {
                let mut words = line.split_whitespace();
                let fields = of_kinds.entry(words.next().expect("a kind")).or_default();
                for field in words {
                    assert_eq!(fields.insert(field, category), None, "{field} has two categories");
                }
            }
        }
        of_kinds
    });

/// The fields of a kind of fact, each with its category.
pub fn fields_of(kind: FactType) -> impl Iterator<Item = (&'static str, &'static str)> {
    OF_KINDS.get(kind.as_str()).into_iter().flatten().map(|(field, category)| (*field, *category))
}

/// The category of the fact itself.
pub fn category_of(kind: FactType) -> &'static str {
    OF_KINDS[kind.as_str()]["occurredOn"]
}

#[test]
fn every_field_of_every_fact_is_in_the_table_of_these_tests() {
    let document = Document::published(&Ledger::empty());
    for kind in FactType::ALL {
        let published = document.leaves(document.fact(kind.as_str()));
        let known: BTreeSet<_> = fields_of(*kind).map(|(field, _)| field).collect();
        let covers = |rule: &str, leaf: &str| {
            leaf == rule || leaf.strip_prefix(rule).is_some_and(|rest| rest.starts_with('/'))
        };
        for leaf in published.iter().filter(|leaf| *leaf != "type") {
            assert!(known.iter().any(|rule| covers(rule, leaf)), "{kind}: {leaf} has no category here");
        }
        for rule in known {
            assert!(published.iter().any(|leaf| covers(rule, leaf)), "{kind} has no {rule}");
        }
    }
}
