//! Journeys over HTTP: one file each. The paths of `docs/DOMAIN.md` §3.3 have the names that they have there.

mod agreement_set_changed;
mod back_to_shelter;
mod dies;
mod evicted;
mod eviction_threatened_and_prevented;
mod flip_cancelled_because_of_the_rent;
mod flip_postponed_twice_or_refused;
mod happy_path;
mod mismatch_and_rehousing;
mod moves;
mod not_ready_after_all;
mod nothing_within_three_months;
mod offer_refused_expired_or_withdrawn;
mod out_of_sight;
mod placement_ended_early;
mod provider_changes;
mod relapse_and_temporary_placement;
mod rent_arrears;
mod request_incomplete;
mod taken_over;
mod withdraws_consent;
mod wrong_registration_corrected;
