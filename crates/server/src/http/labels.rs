//! What codes are called, in Dutch and English: for menus and pages of partners' programs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::{HttpResponse, get};
use omklap_domain::labels::{Label, lists, spaced};
use omklap_domain::trajectory::FactType;
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::problem::{Complaint, Fault, Problem};
use super::request::query::{Parameters, Params, Query};
use crate::subject_access::{FIELDS, dutch_terms, in_english};

/// The tables of codes, by the names of their schemas.
static TABLES: LazyLock<BTreeMap<String, Vec<LabelBody>>> = LazyLock::new(tables);

/// What codes are called.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LabelTables)]
struct TablesBody {
    /// A table for each list of codes, in the order of their names.
    items: Vec<TableBody>,
}

/// The labels of one list of codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LabelTable)]
struct TableBody {
    /// The name of the schema whose values these are; `Field` for the fields of facts.
    #[serde(rename = "type")]
    #[schema(example = "RefusalGround")]
    of: &'static str,
    /// A label for each code.
    labels: &'static [LabelBody],
}

/// What one code is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Label)]
struct LabelBody {
    /// The code.
    #[schema(example = "too-far-from-network")]
    code: String,
    /// In Dutch.
    #[schema(example = "te ver van het netwerk")]
    nl: String,
    /// In English.
    #[schema(example = "too far from network")]
    en: String,
}

/// Which tables to list.
#[derive(Clone, Debug)]
pub struct LabelParams {
    of: Option<String>,
}

/// The filter; without it, every table is listed.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read into the name of a table; this is its documentation")]
struct LabelParamsDoc {
    /// Of this list of codes only.
    #[param(rename = "type", inline, nullable = false, value_type = Option<TableName>, required = false, example = "RefusalGround")]
    of: Option<String>,
}

/// The name of a table: of a schema whose values have labels, or `Field`.
struct TableName;

impl PartialSchema for TableName {
    fn schema() -> RefOr<Schema> {
        let names = TABLES.keys().map(String::as_str);
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}

impl ToSchema for TableName {}

impl Parameters for LabelParams {
    fn read(query: &mut Query) -> Self {
        let of = query.take::<String>("type", Fault::NotOneOf);
        if of.as_ref().is_some_and(|of| !TABLES.contains_key(of)) {
            let known = TABLES.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            query.complain(Complaint::parameter("type", Fault::NotOneOf).limit(known));
        }
        Self { of }
    }
}

/// List the labels
///
/// What every code is called in Dutch and English: kinds of facts, the values of their fields, the
/// fields themselves, roles, phases. Both languages come together, whatever `Accept-Language` says.
#[utoipa::path(
    operation_id = "listLabels", tag = "organisations", params(LabelParamsDoc), security(("signIn" = [])),
    responses((status = 200, description = "The labels.", body = TablesBody)),
)]
#[get("/labels")]
pub async fn list(Params(params): Params<LabelParams>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(TablesBody::of(params.of.as_deref())))
}

/// An example of the response.
#[must_use]
pub fn example() -> impl Serialize {
    TablesBody::of(Some("RefusalGround"))
}

impl TablesBody {
    fn of(name: Option<&str>) -> Self {
        let wanted = TABLES.iter().filter(|(of, _)| name.is_none_or(|name| name == *of));
        Self { items: wanted.map(|(of, labels)| TableBody { of, labels }).collect() }
    }
}

fn tables() -> BTreeMap<String, Vec<LabelBody>> {
    let body = |label: &Label| {
        let Label { code, nl, en } = label.clone();
        LabelBody { code, nl, en }
    };
    let written = lists().iter().map(|(of, labels)| (of.clone(), labels.iter().map(body).collect()));
    let mut tables: BTreeMap<_, Vec<_>> = written.collect();
    tables.insert("FactType".to_owned(), facts());
    let field = |(name, nl): &(&str, &str)| LabelBody {
        code: (*name).to_owned(),
        nl: (*nl).to_owned(),
        en: in_english(name),
    };
    tables.insert("Field".to_owned(), FIELDS.iter().map(field).collect());
    tables
}

/// The kinds of facts. Their Dutch terms are in their descriptions.
fn facts() -> Vec<LabelBody> {
    let terms = dutch_terms();
    let label = |kind: &FactType| {
        let code = kind.as_str();
        let nl = terms.get(code).cloned().unwrap_or_else(|| spaced(code));
        LabelBody { code: code.to_owned(), nl, en: spaced(code) }
    };
    FactType::ALL.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use omklap_domain::visibility::Role;
    use serde_json::Value;

    use super::*;
    use crate::auth::scope::Scope;
    use crate::http::documents::openapi;

    /// Every list of codes in the published schemas, and the two that have no schema of their own.
    fn published() -> BTreeMap<String, BTreeSet<String>> {
        let document = serde_json::to_value(openapi::document()).expect("JSON");
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let codes = |schema: &Value| -> Option<BTreeSet<String>> {
            Some(schema["enum"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        };
        let mut lists: BTreeMap<_, _> =
            schemas.iter().filter_map(|(name, schema)| Some((name.clone(), codes(schema)?))).collect();
        lists.insert("Role".to_owned(), Role::ALL.map(|role| role.as_str().to_owned()).into());
        lists.insert("Scope".to_owned(), Scope::ALL.map(|scope| scope.as_str().to_owned()).into());
        lists
    }

    #[test]
    fn every_code_of_the_published_schemas_has_a_label_and_nothing_else_has() {
        let mut lists = published();
        lists.insert("Field".to_owned(), FIELDS.iter().map(|(name, _)| (*name).to_owned()).collect());
        assert_eq!(TABLES.keys().collect::<Vec<_>>(), lists.keys().collect::<Vec<_>>());
        for (of, codes) in lists {
            let labelled: BTreeSet<_> = TABLES[&of].iter().map(|label| label.code.clone()).collect();
            assert_eq!(labelled, codes, "{of}: correct labels.toml");
        }
    }

    #[test]
    fn every_kind_of_fact_has_its_dutch_term() {
        let terms = dutch_terms();
        let without: Vec<_> =
            FactType::ALL.iter().filter(|kind| !terms.contains_key(kind.as_str())).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn no_two_codes_of_a_list_have_the_same_label() {
        for (of, labels) in TABLES.iter().filter(|(of, _)| *of != "Field") {
            for read in [|label: &LabelBody| label.nl.clone(), |label: &LabelBody| label.en.clone()] {
                let texts: BTreeSet<_> = labels.iter().map(read).collect();
                assert_eq!(texts.len(), labels.len(), "{of}: {texts:?}");
            }
        }
    }
}
