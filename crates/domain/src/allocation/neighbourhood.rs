//! A neighbourhood, by the code of Statistics Netherlands (CBS).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::MunicipalityCode;

/// A neighbourhood: a CBS *wijk* (`WK` and six digits) or *buurt* (`BU` and eight digits). The first four
/// digits are those of its municipality.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^(WK[0-9]{6}|BU[0-9]{8})$", max_length = 10, example = "BU09830001")]
pub struct NeighbourhoodCode(String);

/// A text that is no code of a neighbourhood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a neighbourhood must be WK and six digits, or BU and eight")]
pub struct NotANeighbourhood;

impl NeighbourhoodCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is in this municipality.
    #[must_use]
    pub fn is_in(&self, municipality: &MunicipalityCode) -> bool {
        self.0.get(2..6) == Some(municipality.as_str())
    }
}

impl FromStr for NeighbourhoodCode {
    type Err = NotANeighbourhood;
    fn from_str(text: &str) -> Result<Self, NotANeighbourhood> {
        let digits = match text.as_bytes() {
            [b'W', b'K', digits @ ..] if digits.len() == 6 => digits,
            [b'B', b'U', digits @ ..] if digits.len() == 8 => digits,
            _ => return Err(NotANeighbourhood),
        };
        if digits.iter().all(u8::is_ascii_digit) { Ok(Self(text.to_owned())) } else { Err(NotANeighbourhood) }
    }
}

impl TryFrom<String> for NeighbourhoodCode {
    type Error = NotANeighbourhood;
    fn try_from(text: String) -> Result<Self, NotANeighbourhood> {
        text.parse()
    }
}

impl From<NeighbourhoodCode> for String {
    fn from(code: NeighbourhoodCode) -> Self {
        code.0
    }
}

impl fmt::Display for NeighbourhoodCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbourhood_is_a_district_or_a_part_of_one() {
        for right in ["WK098301", "BU09830101"] {
            assert!(right.parse::<NeighbourhoodCode>().is_ok(), "{right}");
        }
        for wrong in ["", "WK09830", "BU098301", "bu09830101", "GM0983", "BU0983010x", "BU098301011"] {
            assert!(wrong.parse::<NeighbourhoodCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn its_code_begins_with_its_municipality() {
        let (venlo, roermond) = ("0983".parse().expect("a code"), "0957".parse().expect("a code"));
        let buurt: NeighbourhoodCode = "BU09830101".parse().expect("a code");
        assert!(buurt.is_in(&venlo) && !buurt.is_in(&roermond));
    }
}
