//! The vocabulary as OpenAPI schemas: what a partner may send, derived from the types that decode it.

use std::collections::BTreeMap;

use utoipa::openapi::schema::{
    AdditionalProperties, Array, ArrayItems, Discriminator, ObjectBuilder, OneOf, OneOfBuilder, SchemaType,
    Type,
};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::{Fact, schemas_of_all};

/// Schemas by name, as they are collected from the types.
#[derive(Default)]
pub struct Collected {
    by_name: BTreeMap<String, RefOr<Schema>>,
    facts: Vec<(&'static str, String)>,
}

impl Collected {
    /// Adds one kind of fact: its fields, and `type`, which distinguishes it from the others.
    pub fn fact<T: ToSchema>(&mut self, fact_type: &'static str) {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            let tag = ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .enum_values(Some([fact_type]));
            object.properties.insert("type".to_owned(), tag.into());
            object.required.insert(0, "type".to_owned());
        }
        self.facts.push((fact_type, T::name().into_owned()));
        let mut referred = Vec::new();
        T::schemas(&mut referred);
        self.by_name.extend(referred);
        self.by_name.insert(T::name().into_owned(), schema);
    }

    /// The same without this schema, which refers to all the others.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.by_name.remove(name);
        self
    }

    /// The names of the kinds of facts, each with the name of its schema.
    #[must_use]
    pub fn facts(self) -> Vec<(&'static str, String)> {
        self.facts
    }

    /// The schemas by name. An optional field may be absent. `null` is not a value here, so no schema
    /// allows it.
    #[must_use]
    pub fn published(self) -> BTreeMap<String, RefOr<Schema>> {
        tidied(self.by_name)
    }

    /// The schema of a fact of any kind.
    #[must_use]
    pub fn one_of(self, description: &str) -> RefOr<Schema> {
        let reference = |name: &str| Ref::from_schema_name(name);
        let mapping = self.facts.iter().map(|(fact_type, name)| (*fact_type, reference(name).ref_location));
        let mut one_of = OneOfBuilder::new()
            .description(Some(description))
            .discriminator(Some(Discriminator::with_mapping("type", mapping.collect::<Vec<_>>())));
        for (_, name) in &self.facts {
            one_of = one_of.item(reference(name));
        }
        one_of.into()
    }
}

/// The schema of each kind of fact by its component name, and every schema that these refer to.
#[must_use]
pub fn published() -> BTreeMap<String, RefOr<Schema>> {
    schemas_of_all().without("Fact").published()
}

fn tidied(mut by_name: BTreeMap<String, RefOr<Schema>>) -> BTreeMap<String, RefOr<Schema>> {
    let inline: BTreeMap<String, RefOr<Schema>> = by_name
        .iter()
        .filter(|(name, _)| name.as_str() == "Day")
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    by_name.retain(|name, _| !inline.contains_key(name));
    for schema in by_name.values_mut() {
        tidy(schema, &inline);
    }
    by_name
}

/// Removes `null` from optional fields and inlines dates.
fn tidy(schema: &mut RefOr<Schema>, inline: &BTreeMap<String, RefOr<Schema>>) {
    if let RefOr::Ref(reference) = schema {
        let name = reference.ref_location.rsplit('/').next().unwrap_or_default();
        if let Some(RefOr::T(Schema::Object(day))) = inline.get(name) {
            let mut day = day.clone();
            if !reference.description.is_empty() {
                day.description = Some(reference.description.clone());
            }
            *schema = RefOr::T(Schema::Object(day));
        }
        return;
    }
    if let RefOr::T(Schema::OneOf(one_of)) = schema
        && let Some(value) = only_value(one_of)
    {
        *schema = value;
        return tidy(schema, inline);
    }
    match schema {
        RefOr::T(Schema::Object(object)) => {
            without_null(&mut object.schema_type);
            object.properties.values_mut().for_each(|field| tidy(field, inline));
            if let Some(AdditionalProperties::RefOr(of)) = object.additional_properties.as_deref_mut() {
                tidy(of, inline);
            }
        }
        RefOr::T(Schema::Array(Array { items: ArrayItems::RefOrSchema(items), schema_type, .. })) => {
            without_null(schema_type);
            tidy(items, inline);
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter_mut().for_each(|item| tidy(item, inline)),
        _ => {}
    }
}

/// The single alternative to `null`, with the field's description.
fn only_value(one_of: &OneOf) -> Option<RefOr<Schema>> {
    let is_null = |item: &RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null));
    let mut values = one_of.items.iter().filter(|item| !is_null(item));
    let mut value = values.next()?.clone();
    if values.next().is_some() || one_of.items.len() != 2 {
        return None;
    }
    if let (RefOr::Ref(reference), Some(description)) = (&mut value, &one_of.description) {
        reference.description.clone_from(description);
    }
    Some(value)
}

fn without_null(schema_type: &mut SchemaType) {
    if let SchemaType::Array(types) = schema_type {
        types.retain(|of| *of != Type::Null);
        if let [only] = types.as_slice() {
            *schema_type = SchemaType::Type(only.clone());
        }
    }
}

impl PartialSchema for Fact {
    fn schema() -> RefOr<Schema> {
        schemas_of_all().one_of("One thing that happened in a trajectory.")
    }
}

impl ToSchema for Fact {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.extend(published());
    }
}
