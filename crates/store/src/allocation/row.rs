//! The row by which lists find a stream.

use omklap_domain::allocation::{Place, Stream};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// What the row of a stream says: derived from its state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ListedRow {
    pub version: i64,
    pub organisation: Option<String>,
    pub region: Option<String>,
    pub status: Option<String>,
    pub unit: Option<String>,
    pub municipality: Option<String>,
}

impl ListedRow {
    /// The row of a stream in this state, at this version.
    pub fn of(state: &impl Stream, version: u64) -> Self {
        let version = version.cast_signed();
        let Some(Place { organisation, region, status, unit, municipality }) = state.place() else {
            return Self { version, ..Self::default() };
        };
        Self {
            version,
            organisation: organisation.map(ToString::to_string),
            region: Some(region.to_string()),
            status: Some(status.to_owned()),
            unit: unit.map(ToString::to_string),
            municipality: municipality.map(ToString::to_string),
        }
    }

    pub fn read(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self {
            version: row.try_get("version")?,
            organisation: row.try_get("organisation")?,
            region: row.try_get("region")?,
            status: row.try_get("status")?,
            unit: row.try_get("unit")?,
            municipality: row.try_get("municipality")?,
        })
    }
}
