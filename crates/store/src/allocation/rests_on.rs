//! What the facts of a report rest on elsewhere in the ledger: a complex that is described, a dwelling
//! that is not let.

use omklap_domain::allocation::{Refusal, RestsOn, Stream, StreamKind};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::error::StoreError;

/// The complexes and dwellings of a report, column by column, each with the index of its fact.
#[derive(Default)]
struct Asked<'a> {
    complexes: (Vec<i64>, Vec<Uuid>),
    homes: (Vec<i64>, Vec<&'a str>, Vec<&'a str>, Vec<jiff_sqlx::Date>),
}

/// What these facts rest on and the ledger does not have, by their index. A dwelling is let if a lease
/// holds it that is not over by the day (`read_models/holds.rs`).
const UNFOUNDED: &str = "
    SELECT asked.nth, true AS is_complex FROM unnest($1::bigint[], $2::uuid[]) AS asked (nth, complex)
    WHERE NOT EXISTS (SELECT FROM streams WHERE kind = $3 AND stream_id = complex AND status IS NOT NULL)
    UNION ALL
    SELECT asked.nth, false FROM unnest($4::bigint[], $5::text[], $6::text[], $7::date[])
                                AS asked (nth, corporation, unit, day)
    WHERE EXISTS (SELECT FROM holds WHERE holds.corporation = asked.corporation AND holds.unit = asked.unit
                  AND what = 'lease' AND (until IS NULL OR until > day))
    ORDER BY 1, 2 DESC";

/// The rules that these facts of a stream break in the rest of the ledger.
pub(super) async fn unfounded<S: Stream>(
    state: &S,
    facts: &[S::Fact],
    connection: &mut PgConnection,
) -> Result<Vec<(usize, Refusal)>, StoreError> {
    let mut asked = Asked::default();
    for (nth, RestsOn { complex, home }) in (0..).zip(facts.iter().map(|fact| state.rests_on(fact))) {
        if let Some(complex) = complex {
            asked.complexes.0.push(nth);
            asked.complexes.1.push(complex.0);
        }
        if let Some((corporation, unit, day)) = home {
            asked.homes.0.push(nth);
            asked.homes.1.push(corporation.as_str());
            asked.homes.2.push(unit.as_str());
            asked.homes.3.push(jiff_sqlx::Date::from(day.date()));
        }
    }
    if asked.complexes.0.is_empty() && asked.homes.0.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, bool)> = sqlx::query_as(UNFOUNDED)
        .bind(asked.complexes.0)
        .bind(asked.complexes.1)
        .bind(StreamKind::Complex.as_str())
        .bind(asked.homes.0)
        .bind(asked.homes.1)
        .bind(asked.homes.2)
        .bind(asked.homes.3)
        .fetch_all(connection)
        .await?;
    let refusal = |is_complex| if is_complex { Refusal::ComplexUnknown } else { Refusal::UnitLetAlready };
    let index = |nth: i64| usize::try_from(nth).unwrap_or_default();
    Ok(rows.into_iter().map(|(nth, is_complex)| (index(nth), refusal(is_complex))).collect())
}
