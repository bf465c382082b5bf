//! Homes, plans and rounds: what partners report that is about no client. A [`Stream`] is about one complex,
//! one vacancy, the plan of one region for one year, one year of its guarantee fund, or one round; it holds no personal
//! data, and its facts have the same two clocks as those of a trajectory (`docs/DOMAIN.md` §12).
//!
//! Decision: ADR 37.

pub mod agenda;
pub mod complex;
mod facts;
pub mod guarantee_fund;
mod history;
mod neighbourhood;
pub mod offered;
pub mod plan;
mod refusal;
pub mod round;
mod seen;
mod stream;
pub mod vacancy;
mod vacant_home;
pub mod weigh;

pub use complex::{Complex, ComplexCorrected, ComplexDescribed, ComplexFact};
pub use facts::StreamFact;
pub use guarantee_fund::{
    GuaranteeFundCorrected, GuaranteeFundDeposited, GuaranteeFundFact, GuaranteeFundYear,
};
pub use history::{Happened, History, MOST_IN_A_STREAM};
pub use neighbourhood::NeighbourhoodCode;
pub use plan::{Plan, PlanFact, plan_id};
pub use refusal::Refusal;
pub use round::{
    Round, RoundAnswered, RoundCalled, RoundCancelled, RoundFact, RoundHeld, RoundStatus, round_id,
};
pub use seen::{STREAM_WITHDRAWN, SeenEvent, Sight, read_events, seen_events};
pub use stream::{
    BrokenRule, Correction, InPart, Named, NamedThing, NotTheirs, Period, Place, Reporters, RestsOn, Rule,
    Stream, StreamId, StreamKind, StreamVisitor, WithoutLease,
};
pub use vacancy::{
    LetTo, VacancyChanged, VacancyCorrected, VacancyLet, VacancyOpened, VacancyWithdrawalGround,
    VacancyWithdrawn,
};
pub use vacancy::{Vacancy, VacancyFact, VacancyStatus};
pub use vacant_home::{HomeKind, PersonsRange, VacantHome};

use std::collections::BTreeMap;

use utoipa::openapi::{RefOr, Schema};

/// The schemas of the facts of every stream by their component names, and every schema that these refer
/// to.
#[must_use]
pub fn published() -> BTreeMap<String, RefOr<Schema>> {
    struct Published;
    impl StreamVisitor for Published {
        type Output = BTreeMap<String, RefOr<Schema>>;
        fn visit<S: Stream>(self) -> Self::Output {
            <S::Fact as StreamFact>::published()
        }
    }
    StreamKind::ALL.iter().flat_map(|kind| kind.visit(Published)).collect()
}
