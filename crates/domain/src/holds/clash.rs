//! Whether the hold of one trajectory is in the way of another's on the same home.
//!
//! - Two leases never have a day in common.
//! - A home has as many offers at once as the agreements of each offer allow.
//! - A home with a tenant is offered only if the last day of the lease is known.
//! - A lease does not wait for offers to others: these are to be withdrawn.

use serde::Serialize;
use utoipa::ToSchema;

use super::{HeldBy, Hold};
use crate::day::Day;

/// A hold of another trajectory on the same home: all that may be known of it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// By what the home is held.
    pub what: HeldBy,
    /// The first day.
    pub since: Day,
    /// The first day on which the home is free again, if that is known.
    pub until: Option<Day>,
}

/// When two trajectories hold one home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Today or later: that can still be prevented.
    Now,
    /// On days that are over: it happened, or one of the records is wrong.
    Past,
}

/// What a partner has to do about a home that another trajectory holds as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = HomeMatter)]
pub enum Matter {
    /// Both cannot be right: one of the records is to be corrected. Dutch: *betwist*.
    Disputed,
    /// The home is let, while an offer of it is open: the offer is to be withdrawn. Dutch: *elders
    /// verhuurd*.
    LetElsewhere,
    /// The corporation withdrew the vacancy, while an offer of it is open: the offer is to be withdrawn.
    /// Dutch: *melding ingetrokken*.
    VacancyWithdrawn,
    /// The rent of the vacancy is not that of the open offer: the offer is withdrawn and made again, or the
    /// vacancy is put right. Dutch: *huur gewijzigd*.
    RentChanged,
}

impl Hold {
    /// Whether this hold and those of other trajectories break the rule, and when.
    #[must_use]
    pub fn clash(&self, others: &[Other], today: Day) -> Option<Clash> {
        let of = |what: HeldBy| others.iter().filter(move |other| other.what == what);
        match self.what {
            HeldBy::Lease => self.clash_of_more_than(0, of(HeldBy::Lease), today),
            HeldBy::Offer => {
                let tenants = of(HeldBy::Lease).filter(|lease| lease.until.is_none());
                let let_already = self.clash_of_more_than(0, tenants, today);
                let allowed = self.at_once.checked_sub(1);
                let offered =
                    allowed.and_then(|allowed| self.clash_of_more_than(allowed, of(HeldBy::Offer), today));
                [let_already, offered].into_iter().flatten().max_by_key(|clash| *clash == Clash::Now)
            }
        }
    }

    /// What a partner has to do about this hold, while others are as they are.
    #[must_use]
    pub fn matter(&self, others: &[Other], today: Day) -> Option<Matter> {
        if self.what == HeldBy::Lease {
            return self.clash(others, today).map(|_| Matter::Disputed);
        }
        let is_let = |other: &&Other| other.what == HeldBy::Lease && other.until.is_none();
        let tenants = others.iter().filter(is_let);
        if self.clash_of_more_than(0, tenants, today) == Some(Clash::Now) {
            return Some(Matter::LetElsewhere);
        }
        let offers: Vec<Other> = others.iter().copied().filter(|other| other.what == HeldBy::Offer).collect();
        self.clash(&offers, today).map(|_| Matter::Disputed)
    }

    fn clash_of_more_than<'o>(
        &self,
        allowed: u8,
        others: impl Iterator<Item = &'o Other>,
        today: Day,
    ) -> Option<Clash> {
        let (mut now, mut ever) = (0_usize, 0_usize);
        for other in others {
            let starts = self.since.max(other.since);
            let ends = [self.until, other.until].into_iter().flatten().min();
            if ends.is_none_or(|ends| starts < ends) {
                ever += 1;
                now += usize::from(ends.is_none_or(|ends| today < ends));
            }
        }
        let allowed = usize::from(allowed);
        if now > allowed { Some(Clash::Now) } else { (ever > allowed).then_some(Clash::Past) }
    }
}
