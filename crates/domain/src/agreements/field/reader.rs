//! The serializer that keeps one value.

use std::borrow::Cow;
use std::fmt::{self, Display};

use serde::ser::{Impossible, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::Scalar;

/// Follows `path` and keeps the value at its end.
#[derive(Clone, Copy)]
pub(super) struct FieldReader<'p> {
    path: &'p [String],
}

impl<'p> FieldReader<'p> {
    pub(super) fn at(path: &'p [String]) -> Self {
        Self { path }
    }

    #[expect(clippy::unnecessary_wraps, reason = "the return type that a serializer needs")]
    fn end(self, value: Scalar) -> Result<Option<Scalar>, Unwritable> {
        Ok(self.path.is_empty().then_some(value))
    }

    fn number(self, number: Option<i64>) -> Result<Option<Scalar>, Unwritable> {
        number.map_or(Err(Unwritable), |number| self.end(Scalar::Number(number)))
    }
}

/// A value of a type that no field of a fact has.
#[derive(Debug)]
pub(super) struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that no field of a fact has")
    }
}

impl std::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

type Read = Result<Option<Scalar>, Unwritable>;
type Never = Impossible<Option<Scalar>, Unwritable>;

macro_rules! numbers {
    ($($method:ident $number:ty,)*) => {$(
        fn $method(self, number: $number) -> Read {
            self.number(i64::try_from(number).ok())
        }
    )*};
}

impl<'p> Serializer for FieldReader<'p> {
    type Ok = Option<Scalar>;
    type Error = Unwritable;
    type SerializeSeq = Whole<'p>;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Fields<'p>;
    type SerializeStructVariant = Never;

    numbers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
    }

    fn serialize_bool(self, yes: bool) -> Read {
        self.end(Scalar::Bool(yes))
    }
    fn serialize_f32(self, _: f32) -> Read {
        Err(Unwritable)
    }
    fn serialize_f64(self, _: f64) -> Read {
        Err(Unwritable)
    }
    fn serialize_char(self, letter: char) -> Read {
        self.end(Scalar::Text(letter.to_string().into()))
    }
    fn serialize_str(self, text: &str) -> Read {
        // Only the value that is kept is copied.
        if self.path.is_empty() { Ok(Some(Scalar::Text(text.to_owned().into()))) } else { Ok(None) }
    }
    fn serialize_bytes(self, _: &[u8]) -> Read {
        self.end(Scalar::Parts)
    }
    fn serialize_none(self) -> Read {
        Ok(None)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Read {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Read {
        Ok(None)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Read {
        Ok(None)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Read {
        self.end(Scalar::Text(Cow::Borrowed(variant)))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Read {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Read {
        value.serialize(self)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Whole<'p>, Unwritable> {
        Ok(Whole(self))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'p>, Unwritable> {
        Ok(Fields { path: self.path, read: None })
    }
    fn serialize_tuple(self, _: usize) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
}

/// A list. Only its presence is read, not its items.
pub(super) struct Whole<'p>(FieldReader<'p>);

impl SerializeSeq for Whole<'_> {
    type Ok = Option<Scalar>;
    type Error = Unwritable;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), Unwritable> {
        Ok(())
    }
    fn end(self) -> Read {
        self.0.end(Scalar::Parts)
    }
}

/// Fields: the one on the path is read, the others are not serialised.
pub(super) struct Fields<'p> {
    path: &'p [String],
    read: Option<Scalar>,
}

impl SerializeStruct for Fields<'_> {
    type Ok = Option<Scalar>;
    type Error = Unwritable;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        if let Some((first, rest)) = self.path.split_first()
            && first == name
        {
            self.read = value.serialize(FieldReader { path: rest })?;
        }
        Ok(())
    }
    fn end(self) -> Read {
        Ok(if self.path.is_empty() { Some(Scalar::Parts) } else { self.read })
    }
}
