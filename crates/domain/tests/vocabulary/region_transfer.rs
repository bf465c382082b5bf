//! A move to another region, and a second provider.

use super::*;

/// From Amsterdam to the north of Limburg.
pub fn to_limburg() -> RegionTerms {
    RegionTerms {
        region: code("noord-limburg"),
        agreement_set: bound_to("noord-limburg"),
        care_provider: code("vincent-van-gogh"),
        municipality: code("gemeente-venray"),
    }
}

/// And back.
pub fn to_amsterdam() -> RegionTerms {
    RegionTerms {
        region: code("amsterdam"),
        agreement_set: bound_to("amsterdam-2018"),
        care_provider: code("de-vaart"),
        municipality: code("gemeente-amsterdam"),
    }
}

pub fn transfer_proposed(on: Day) -> RegionTransferProposed {
    RegionTransferProposed {
        occurred_on: on,
        to: to_limburg(),
        ground: TransferGround::Moved,
        explanation: Some("her sister and her school friends live there".into()),
    }
}

pub fn transfer_accepted(on: Day) -> RegionTransferAccepted {
    RegionTransferAccepted { occurred_on: on, to: to_limburg() }
}

pub fn transfer_refused(on: Day) -> RegionTransferRefused {
    RegionTransferRefused { occurred_on: on, reason: "there is no place before the summer".into() }
}

pub fn second_provider_joined(on: Day) -> SecondProviderJoined {
    SecondProviderJoined {
        occurred_on: on,
        second_provider: code("thuiszorg-west"),
        help: SecondHelp::HomeCare,
    }
}

pub fn second_provider_left(on: Day) -> SecondProviderLeft {
    SecondProviderLeft { occurred_on: on, second_provider: code("thuiszorg-west") }
}
