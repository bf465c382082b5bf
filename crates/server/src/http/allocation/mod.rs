//! Streams beside the trajectory: what the operations of every kind of stream have in common. Each kind
//! has one file, with its paths and the body of its state.

mod agenda;
pub mod candidates;
pub mod complexes;
pub mod factsheet;
pub mod fund_years;
pub mod mirror;
mod plan_body;
pub mod plans;
mod reading;
mod realised_body;
pub mod receipts;
pub(in crate::http) mod report;
pub mod rounds;
pub mod vacancies;
mod vacant_home;

use jiff::Timestamp;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::allocation::{
    Complex, GuaranteeFundFact, GuaranteeFundYear, Plan, Round, StreamFact, Vacancy, VacancyFact,
};
use serde_json::Value;

pub(in crate::http) use reading::stream_in;
use reading::tagged;
pub use reading::{StreamAsOf, StreamEventBody};
pub use report::RecordedBody;

/// An example of the response of an operation on streams.
#[must_use]
pub fn example_of(operation: &str, at: Timestamp) -> Option<Value> {
    let (fact, plan) = (complexes::example_fact(), plans::example_fact());
    let shown = match operation {
        "beginPlan" | "reportPlanFacts" => {
            serde_json::to_value(report::example::<Plan>(plan.stream()?, &plan, at))
        }
        "readPlan" => serde_json::to_value(plans::example(at)),
        "describeComplex" | "reportComplexFacts" => {
            serde_json::to_value(report::example::<Complex>(fact.stream()?, &fact, at))
        }
        "openVacancy" | "reportVacancyFacts" => {
            let fact = vacancies::example_fact();
            serde_json::to_value(report::example::<Vacancy>(fact.stream()?, &fact, at))
        }
        "beginFundYear" | "reportFundFacts" => {
            let fact = GuaranteeFundFact::from(fund_years::example_deposit());
            serde_json::to_value(report::example::<GuaranteeFundYear>(fact.stream()?, &fact, at))
        }
        "callRound" | "reportRoundFacts" => {
            let fact = rounds::example_fact();
            serde_json::to_value(report::example::<Round>(fact.stream()?, &fact, at))
        }
        "redeemStreamReceipt" => serde_json::to_value(receipts::example(fact.stream()?)),
        "readRound" => serde_json::to_value(rounds::example(at)),
        "listRounds" => serde_json::to_value(rounds::example_page()),
        "readFundYear" => serde_json::to_value(fund_years::example(at)),
        "readVacancy" => serde_json::to_value(vacancies::example(at)),
        "listCandidates" | "listVacanciesForClient" => {
            let VacancyFact::VacancyOpened(opened) = vacancies::example_fact() else { return None };
            let sets = AgreementSets::shipped();
            let set = sets.of_region(&opened.region)?;
            if operation == "listCandidates" {
                serde_json::to_value(candidates::example(&opened, set))
            } else {
                serde_json::to_value(mirror::example(&opened, set))
            }
        }
        "listVacancies" => serde_json::to_value(vacancies::example_page()),
        "readComplex" => serde_json::to_value(complexes::example(at)),
        "listComplexes" => serde_json::to_value(complexes::example_page()),
        _ => return None,
    };
    shown.ok()
}
