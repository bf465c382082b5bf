//! What the database itself enforces, whatever a program does: keys, references and triggers, by
//! their names.

use sqlx::postgres::PgConnection;

use super::finding::LedgerFinding;
use crate::error::StoreError;

/// A guard of a table, as the migrations made it.
const GUARDS: [(&str, &str); 14] = [
    ("events", "events_pkey"),
    ("events", "events_in_order_of_position"),
    ("events", "announce_event_writer"),
    ("events", "erase_with_the_fact"),
    ("events", "destroy_with_the_certificate"),
    ("events", "forget_deliveries_with_the_certificate"),
    ("vault", "vault_pkey"),
    ("vault", "vault_trajectory_id_fkey"),
    ("keys.data_keys", "data_keys_pkey"),
    ("idempotency_keys", "idempotency_keys_pkey"),
    ("access_log", "access_log_pkey"),
    ("ledger_tiles", "ledger_tiles_pkey"),
    ("ledger_tiles", "tiles_only_grow"),
    ("checkpoints", "checkpoints_pkey"),
];

/// Adds the guards that are missing or disabled.
pub(super) async fn check_guards(
    database: &mut PgConnection,
    findings: &mut Vec<LedgerFinding>,
) -> Result<(), StoreError> {
    let missing: Vec<(String, String)> = sqlx::query_as(
            "WITH working AS (
                SELECT conrelid AS guarded, conname AS name FROM pg_constraint
                    WHERE convalidated AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgconstraint = pg_constraint.oid
                                                                                AND tgenabled NOT IN ('O', 'A'))
                UNION ALL SELECT indrelid, relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
                    WHERE indisunique AND indisvalid
                UNION ALL SELECT tgrelid, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')
             )
             SELECT guarded, name FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS made (guarded, name, number)
             WHERE NOT EXISTS (SELECT FROM working WHERE working.guarded = to_regclass(made.guarded) AND working.name = made.name)
             ORDER BY number",
        )
        .bind(GUARDS.map(|(guarded, _)| guarded))
        .bind(GUARDS.map(|(_, name)| name))
        .fetch_all(database)
        .await?;
    findings.extend(missing.into_iter().map(|(table, guard)| LedgerFinding::Unguarded { table, guard }));
    Ok(())
}
