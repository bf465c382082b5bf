//! Which agreements a trajectory is bound to.

use omklap_domain::trajectory::Fact;
use omklap_domain::trajectory::fact::AgreementSetVersion;

/// The agreement set to which a fact binds its trajectory, from this fact on.
pub(crate) fn set_bound_by(fact: &Fact) -> Option<&AgreementSetVersion> {
    match fact {
        Fact::IntakeRegistered(intake) => Some(&intake.agreement_set),
        Fact::RunningCaseTakenOver(case) => Some(&case.agreement_set),
        Fact::AgreementSetChanged(changed) => Some(&changed.agreement_set),
        Fact::RegionTransferAccepted(accepted) => Some(&accepted.to.agreement_set),
        _ => None,
    }
}
