//! A due obligation, as every list shows it.

use omklap_domain::agreements::AgreementSets;
use omklap_domain::day::Day;
use omklap_domain::trajectory::fact::{AgreementSetVersion, Party};
use omklap_store::ObligationRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::kept_by::KeptByBody;
use crate::http::request::language::Language;

/// A due obligation. Dutch: *wat er nog moet gebeuren*.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DueObligation)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct DueBody {
    /// The number of the agreement.
    #[schema(minimum = 1, maximum = 255)]
    agreement: u8,
    /// The obligation's id in the set.
    #[schema(example = "4.2")]
    obligation: String,
    /// The text of the obligation, in the caller's language.
    text: String,
    /// The responsible parties.
    responsible: Vec<Party>,
    /// The due date; absent if it has none, or if its deadline is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date, nullable = false)]
    due_on: Option<Day>,
    /// Whether that day has passed.
    overdue: bool,
    /// When it started.
    #[schema(value_type = String, format = Date)]
    started_on: Day,
    /// The number of the fact that started it.
    #[schema(minimum = 1)]
    started_by: u64,
    /// Which of the follow-up checks it is, by its month after the flip.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    month: Option<u8>,
    /// What it is about, such as the id of a nuisance case.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reference: Option<String>,
    /// The set in force when it started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = AgreementSetVersion)]
    agreement_set: Option<AgreementSetVersion>,
    /// The facts that are still needed to keep it.
    kept_by: KeptByBody,
}

impl DueBody {
    pub(in crate::http) fn of(
        row: ObligationRow,
        today: Day,
        sets: &AgreementSets,
        language: Language,
    ) -> Self {
        let obligation = sets.obligation(&row.agreement_set, &row.obligation);
        let text = obligation.map(|one| language.of_two(&one.text.en, &one.text.nl).clone());
        Self {
            agreement: row.agreement,
            text: text.unwrap_or_default(),
            overdue: row.is_overdue_on(today),
            obligation: row.obligation.to_string(),
            responsible: row.owed_by,
            due_on: row.due_on,
            started_on: row.started_on,
            started_by: row.started_by,
            month: row.month,
            reference: row.reference,
            kept_by: obligation.map(|one| KeptByBody::of(one, &row.happened)).unwrap_or_default(),
            agreement_set: AgreementSetVersion::named(&row.agreement_set),
        }
    }

    /// The open obligations, the most urgent first. Those without a date come last.
    pub(in crate::http) fn list(
        mut rows: Vec<ObligationRow>,
        today: Day,
        sets: &AgreementSets,
        language: Language,
    ) -> Vec<Self> {
        rows.retain(ObligationRow::is_open);
        rows.sort_by(|one, other| {
            (one.due_on.is_none(), one.due_on).cmp(&(other.due_on.is_none(), other.due_on))
        });
        rows.into_iter().map(|row| Self::of(row, today, sets, language)).collect()
    }
}
