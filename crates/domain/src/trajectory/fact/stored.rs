//! Reads a stored fact. Its kind is known from its column, so its JSON is read straight into the struct of that
//! kind. What serde derives for a tagged enum first collects all fields, because the tag may come last.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::FactType;

/// The fields of a fact beside its `type`, which must name the kind that is read.
pub(super) struct Fields<D> {
    pub json: D,
    pub kind: FactType,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Fields<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.json.deserialize_map(BesideType { of: visitor, kind: self.kind, is_named: false })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The visitor of a struct, or the map that it visits, without the `type`.
struct BesideType<T> {
    of: T,
    kind: FactType,
    is_named: bool,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for BesideType<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.of.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.of.visit_map(BesideType { of: map, kind: self.kind, is_named: false })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for BesideType<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.of.next_key::<&'de str>()? {
            if key != "type" {
                return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
            }
            let named: &str = self.of.next_value()?;
            if self.is_named {
                return Err(A::Error::duplicate_field("type"));
            }
            if named != self.kind.as_str() {
                return Err(A::Error::custom(format_args!("its type is `{named}`, not `{}`", self.kind)));
            }
            self.is_named = true;
        }
        if self.is_named { Ok(None) } else { Err(A::Error::missing_field("type")) }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.of.next_value_seed(seed)
    }
}
