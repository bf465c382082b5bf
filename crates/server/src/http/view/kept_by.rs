//! The facts that keep an obligation, as the set names them.

use std::collections::BTreeMap;

use omklap_domain::agreements::assess::Happened;
use omklap_domain::agreements::field::Scalar;
use omklap_domain::agreements::obligation::Obligation;
use omklap_domain::agreements::pattern::Pattern;
use omklap_domain::trajectory::FactType;
use serde::Serialize;
use utoipa::ToSchema;

/// The facts that keep an obligation: all of `all`, and one of `any`, without those that already
/// happened while it is open. A fact that the reader does not see is named whether it happened or
/// not. Both lists are empty if the ledger itself keeps it.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = KeptBy)]
pub(in crate::http) struct KeptByBody {
    /// Facts that must all happen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    all: Vec<KeepingFactBody>,
    /// Facts; one of these must happen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    any: Vec<KeepingFactBody>,
}

/// A fact that helps to keep an obligation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeepingFact)]
struct KeepingFactBody {
    /// The kind of fact.
    #[serde(rename = "type")]
    kind: FactType,
    /// The values that its fields must have: one of those listed.
    #[serde(rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false, value_type = BTreeMap<String, Vec<serde_json::Value>>)]
    conditions: BTreeMap<String, Vec<Scalar>>,
    /// The fields that must be present.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    has: Vec<String>,
}

impl KeptByBody {
    /// What must still happen.
    pub(in crate::http) fn of(obligation: &Obligation, happened: &Happened) -> Self {
        let listed = |patterns: &[Pattern]| patterns.iter().flat_map(KeepingFactBody::of).collect();
        // All of one kind or of another: one pattern of several kinds is kept by one of them.
        let missing = happened.missing_of(&obligation.kept_by);
        let (all, several): (Vec<_>, Vec<_>) =
            missing.all.into_iter().partition(|pattern| pattern.facts.iter().count() == 1);
        let any: Vec<Pattern> = missing.any.into_iter().chain(several).collect();
        Self { all: listed(&all), any: listed(&any) }
    }
}

impl KeepingFactBody {
    fn of(pattern: &Pattern) -> Vec<Self> {
        let (present, valued): (Vec<_>, Vec<_>) =
            pattern.conditions.iter().partition(|condition| condition.one_of.is_empty());
        let has: Vec<String> = present.iter().map(|condition| condition.field.to_string()).collect();
        let conditions: BTreeMap<_, _> =
            valued.iter().map(|condition| (condition.field.to_string(), condition.one_of.clone())).collect();
        let each = pattern.facts.iter();
        each.map(|kind| Self { kind, conditions: conditions.clone(), has: has.clone() }).collect()
    }
}
