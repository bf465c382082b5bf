//! Facts about the record itself.

use super::rules;
use crate::vocabulary::*;

rules! {
    a_restricted_record_is_not_restricted_again: AlreadyRestricted,
        broken by housed().then(restricted).when(restricted),
        kept by housed().then(restricted).then(restriction_lifted).when(restricted);
    a_restriction_that_was_not_placed_is_not_lifted: NotRestricted,
        broken by housed().when(restriction_lifted),
        kept by housed().then(restricted).when(restriction_lifted);
    a_record_under_a_legal_hold_is_not_erased: LegalHoldStands,
        broken by housed().then(legal_hold).when(erased),
        kept by housed().then(legal_hold).then(legal_hold_lifted).when(erased);
    a_hold_that_was_not_placed_is_not_lifted: NoLegalHold,
        broken by housed().when(legal_hold_lifted),
        kept by housed().then(legal_hold).when(legal_hold_lifted);
    an_erasure_is_not_retracted: FactAboutTheRecord,
        broken by preparing().then(erased).when(retracted(preparing().history.version() + 1)),
        kept by preparing().then(consent_given).when(retracted(preparing().history.version() + 1));
    no_fact_is_replaced_by_an_erasure: FactAboutTheRecord,
        broken by preparing().then(consent_given).when(|on| replaced(preparing().history.version() + 1, erased(on))(on)),
        kept by preparing().then(consent_given).when(|on| replaced(preparing().history.version() + 1, consent_given(on))(on));
}

#[test]
fn facts_about_the_record_are_admitted_when_the_case_is_over() {
    let over = given(life_in(Phase::Ended)).then(legal_hold).then(restricted);
    assert_eq!(over.phase(), Phase::Ended);
    assert!(over.state().record.held_on.is_some() && over.state().record.restricted_on.is_some());
}

#[test]
fn no_phase_lists_facts_about_the_record_as_reportable() {
    for phase in Phase::ALL {
        assert!(phase.admits().iter().all(|kind| !kind.is_about_the_record()), "{phase}");
    }
}
