//! What the facts of a report rest on elsewhere in the ledger: a complex that is described, a dwelling
//! that is not let and in no other open vacancy, a vacancy under which no client rents.

use omklap_domain::allocation::{Refusal, RestsOn, Stream, StreamId, StreamKind, WithoutLease};
use omklap_domain::day::Day;
use omklap_domain::ids::{MunicipalityCode, OrganisationId, UnitId};
use sqlx::postgres::{PgConnection, Postgres};
use sqlx::{QueryBuilder, Row};

use super::vacancies::HAS_A_TENANT;
use crate::error::StoreError;

/// One thing that a fact rests on.
enum Asked<'a> {
    Complex(StreamId),
    ComplexIn(StreamId, &'a MunicipalityCode),
    Home(&'a OrganisationId, &'a UnitId, Day),
    OnlyOpen(&'a OrganisationId, &'a UnitId, StreamId),
    WithoutLease(WithoutLease),
}

impl Asked<'_> {
    fn of(rests_on: RestsOn<'_>) -> impl Iterator<Item = Asked<'_>> {
        let RestsOn { complex, home, only_open, without_lease } = rests_on;
        let of_home = home.map(|(corporation, unit, day)| Asked::Home(corporation, unit, day));
        let open =
            home.zip(only_open).map(|((corporation, unit, _), id)| Asked::OnlyOpen(corporation, unit, id));
        let of_lease = without_lease.map(Asked::WithoutLease);
        let of_complex = complex.map(|(id, _)| Asked::Complex(id));
        let place = complex.map(|(id, municipality)| Asked::ComplexIn(id, municipality));
        [of_complex, place, of_home, open, of_lease].into_iter().flatten()
    }

    fn refusal(&self) -> Refusal {
        match self {
            Self::Complex(_) => Refusal::ComplexUnknown,
            Self::ComplexIn(..) => Refusal::ComplexElsewhere,
            Self::Home(..) => Refusal::UnitLetAlready,
            Self::OnlyOpen(..) => Refusal::UnitVacantAlready,
            Self::WithoutLease(without) => without.otherwise,
        }
    }

    /// Adds the condition under which the rule is broken. A dwelling is let if a lease holds it that is not
    /// over by the day (`read_models/holds.rs`).
    fn push_broken(&self, query: &mut QueryBuilder<'_, Postgres>) {
        match self {
            Self::Complex(id) => {
                query.push("NOT EXISTS (SELECT FROM streams WHERE status IS NOT NULL AND kind = ");
                query.push_bind(StreamKind::Complex.as_str()).push(" AND stream_id = ").push_bind(id.0);
            }
            Self::ComplexIn(id, municipality) => {
                query.push("EXISTS (SELECT FROM streams WHERE kind = ");
                query.push_bind(StreamKind::Complex.as_str()).push(" AND stream_id = ").push_bind(id.0);
                query.push(" AND municipality <> ").push_bind(municipality.to_string());
            }
            Self::Home(corporation, unit, day) => {
                query.push("EXISTS (SELECT FROM holds WHERE what = 'lease' AND corporation = ");
                query
                    .push_bind(corporation.to_string())
                    .push(" AND unit_key = ")
                    .push_bind(unit.key().into_owned());
                query.push(" AND (until IS NULL OR until > ").push_bind(jiff_sqlx::Date::from(day.date()));
                query.push(")");
            }
            Self::OnlyOpen(corporation, unit, id) => {
                query.push("EXISTS (SELECT FROM streams WHERE status = 'open' AND kind = ");
                query.push_bind(StreamKind::Vacancy.as_str()).push(" AND stream_id <> ").push_bind(id.0);
                query.push(" AND organisation = ").push_bind(corporation.to_string());
                query.push(" AND unit_key = ").push_bind(unit.key().into_owned());
                query.push(format!(" AND NOT {HAS_A_TENANT}"));
            }
            Self::WithoutLease(WithoutLease { vacancy, by, .. }) => {
                query
                    .push("EXISTS (SELECT FROM holds WHERE what = 'lease' AND vacancy = ")
                    .push_bind(vacancy.0);
                if let Some(by) = by {
                    query.push(" AND since <= ").push_bind(jiff_sqlx::Date::from(by.date()));
                }
            }
        }
        query.push(")");
    }
}

/// The rules that these facts of a stream break in the rest of the ledger, each with the index of its fact.
pub(super) async fn unfounded<S: Stream>(
    state: &S,
    facts: &[S::Fact],
    connection: &mut PgConnection,
) -> Result<Vec<(usize, Refusal)>, StoreError> {
    let of_fact = |(index, fact)| Asked::of(state.rests_on(fact)).map(move |asked| (index, asked));
    let asked: Vec<(usize, Asked<'_>)> = facts.iter().enumerate().flat_map(of_fact).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::new("SELECT ");
    for (at, (_, one)) in asked.iter().enumerate() {
        query.push(if at > 0 { ", " } else { "" });
        one.push_broken(&mut query);
    }
    let row = query.build().fetch_one(connection).await?;
    let is_broken = |at| row.try_get::<bool, _>(at);
    let mut broken = Vec::new();
    for (at, (index, one)) in asked.iter().enumerate() {
        if is_broken(at)? {
            broken.push((*index, one.refusal()));
        }
    }
    Ok(broken)
}
