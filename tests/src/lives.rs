//! Lives that many journeys start from, told by what was just reached.

use crate::{Api, Case};

/// From the intake to a home, step by step.
const TO_A_HOME: [&str; 10] = [
    "outflow-profile-set",
    "readiness-confirmed",
    "housing-requested",
    "corporation-assigned",
    "dwelling-offered",
    "offer-accepted",
    "housed-under-intermediary-lease",
    "living-agreements-signed",
    "flip-conditions-set",
    "guidance-plan-agreed",
];

/// From a year at home to the own lease, without the positions.
const TO_THE_FLIP: [&str; 4] =
    ["rent-at-flip-disclosed", "aftercare-agreed", "flip-approved", "contract-flipped"];

impl Api {
    fn after(&self, steps: usize) -> Case {
        let mut case = self.opens("intake-registered");
        case.reports_all(TO_A_HOME[..steps].iter().copied());
        case
    }

    /// Getting ready.
    #[must_use]
    pub fn preparing(&self) -> Case {
        self.after(0)
    }

    /// Ready for a home.
    #[must_use]
    pub fn ready(&self) -> Case {
        self.after(2)
    }

    /// Nominated, with a corporation that may offer.
    #[must_use]
    pub fn matching(&self) -> Case {
        self.after(4)
    }

    /// With an offer.
    #[must_use]
    pub fn offered(&self) -> Case {
        self.after(5)
    }

    /// With an accepted offer.
    #[must_use]
    pub fn contracting(&self) -> Case {
        self.after(6)
    }

    /// At home under an intermediary lease, with all that is agreed at the start.
    #[must_use]
    pub fn housed(&self) -> Case {
        self.after(10)
    }

    /// At home, with a nuisance case that was scaled up to level 2.
    #[must_use]
    pub fn scaled_up(&self) -> Case {
        let mut case = self.housed();
        case.reports_all(["nuisance-reported", "reporter-informed", "approach-agreed", "escalated"]);
        case
    }

    /// A year on, the flip was talked about and all three agree.
    #[must_use]
    pub fn agreed_to_flip(&self) -> Case {
        let mut case = self.housed();
        case.months_later(12).reports("flip-talk-held").all_agree();
        case
    }

    /// Under the own lease.
    #[must_use]
    pub fn flipped(&self) -> Case {
        let mut case = self.agreed_to_flip();
        case.reports_all(TO_THE_FLIP);
        case
    }
}

impl Case {
    /// Client, provider and corporation agree on the first flip talk.
    #[track_caller]
    pub fn all_agree(&mut self) -> &mut Self {
        self.all_agree_on(&crate::told("flip-talk-held").happening(self.day())["talkId"])
    }

    /// Client, provider and corporation agree on this flip talk.
    #[track_caller]
    pub fn all_agree_on(&mut self, talk: &serde_json::Value) -> &mut Self {
        for party in ["client", "care-provider", "housing-corporation"] {
            self.reports(
                crate::told("flip-position-given").with("party", party).with("talkId", talk.clone()),
            );
        }
        self
    }
}
