//! Cases from which many journeys start, named by what was just reached.

use crate::{Api, Case};

/// The facts between the intake and a home under an intermediary lease.
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

/// The facts between the positions on the flip and the client's own lease.
const TO_THE_FLIP: [&str; 3] = ["aftercare-agreed", "flip-approved", "contract-flipped"];

impl Api {
    fn after(&self, steps: usize) -> Case {
        let mut case = self.opens("intake-registered");
        case.reports_all(TO_A_HOME[..steps].iter().copied());
        case
    }

    /// A case in the phase `preparing`: only the intake.
    #[must_use]
    pub fn preparing(&self) -> Case {
        self.after(0)
    }

    /// A case in the phase `ready`.
    #[must_use]
    pub fn ready(&self) -> Case {
        self.after(2)
    }

    /// A case in the phase `matching`, with a corporation that may make an offer.
    #[must_use]
    pub fn matching(&self) -> Case {
        self.after(4)
    }

    /// A case with an open offer.
    #[must_use]
    pub fn offered(&self) -> Case {
        self.after(5)
    }

    /// A case with an accepted offer.
    #[must_use]
    pub fn contracting(&self) -> Case {
        self.after(6)
    }

    /// A case in the phase `housed`: an intermediary lease, and everything that is agreed at the
    /// start.
    #[must_use]
    pub fn housed(&self) -> Case {
        self.after(10)
    }

    /// A case under a three-party lease that a guarantee fund backs, with signed living agreements.
    #[must_use]
    pub fn backed_by_the_fund(&self) -> Case {
        let mut case = self.contracting();
        let other = serde_json::json!({"id": "three-parties", "version": 1});
        case.reports(crate::sample_fact("agreement-set-changed").with("agreementSet", other));
        case.reports_all(["housed-under-three-party-lease", "living-agreements-signed"]);
        case
    }

    /// A housed case with a nuisance case at level 2.
    #[must_use]
    pub fn scaled_up(&self) -> Case {
        let mut case = self.housed();
        case.reports_all(["nuisance-reported", "reporter-informed", "approach-agreed", "escalated"]);
        case
    }

    /// A housed case a year later: the flip talk was held, the new rent was shown, and all three parties agree.
    #[must_use]
    pub fn agreed_to_flip(&self) -> Case {
        let mut case = self.housed();
        case.months_later(12).reports_all(["flip-talk-held", "rent-at-flip-disclosed"]).all_agree();
        case
    }

    /// A case whose client has a lease of their own.
    #[must_use]
    pub fn flipped(&self) -> Case {
        let mut case = self.agreed_to_flip();
        case.reports_all(TO_THE_FLIP);
        case
    }
}

impl Case {
    /// Reports that client, provider and corporation agree after the first flip talk.
    #[track_caller]
    pub fn all_agree(&mut self) -> &mut Self {
        self.all_agree_on(&crate::sample_fact("flip-talk-held").happening(self.day())["talkId"])
    }

    /// Reports that client, provider and corporation agree after this flip talk.
    #[track_caller]
    pub fn all_agree_on(&mut self, talk: &serde_json::Value) -> &mut Self {
        for party in ["client", "care-provider", "housing-corporation"] {
            self.reports(
                crate::sample_fact("flip-position-given").with("party", party).with("talkId", talk.clone()),
            );
        }
        self
    }
}
