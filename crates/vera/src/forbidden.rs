//! What is refused wherever it is in a message: the field is named, its value never repeated.
//!
//! Source: decision, ADR 50: the ledger holds no citizen service number and no income (AVG art. 5), and no
//! group that reveals care or crime (AVG art. 9 and 10).

use omklap_domain::text::citizen_service_number;
use serde_json::Value;

use crate::fault::{Fault, FaultCode};

/// How deep a message may be nested. The real ones need seven levels.
const DEEPEST: usize = 32;

/// The codes of `AANVULLENDEDOELGROEP` and `VOORRANGDETAILSOORT` that reveal care or crime.
const SPECIAL_GROUPS: [&str; 6] = ["GGZ", "PSY", "VER", "GED", "DAK", "EXD"];

/// The fields that say to which group a person belongs. In other fields the same letters mean something
/// else: `EINDEREDEN.VER` is an annulment.
const GROUP_FIELDS: [&str; 4] =
    ["aanvullendeDoelgroep", "aanvullendeDoelgroepen", "voorrangsregelingen", "voorrangsregeling"];

/// Conditions of a dwelling, not the income of a person.
const CONDITIONS: [&str; 3] = ["maximuminkomen", "minimuminkomen", "huurInkomenTabel"];

pub(crate) fn in_message(body: &Value) -> Vec<Fault> {
    let mut faults = Vec::new();
    look(body, &mut Place { pointer: String::new(), depth: 0, in_group: false }, &mut faults);
    faults
}

#[derive(Clone)]
struct Place {
    pointer: String,
    depth: usize,
    in_group: bool,
}

impl Place {
    fn below(&self, step: &str) -> Self {
        let step = step.replace('~', "~0").replace('/', "~1");
        let in_group = self.in_group || is_one_of(&step, &GROUP_FIELDS);
        Self { pointer: format!("{}/{step}", self.pointer), depth: self.depth + 1, in_group }
    }
}

fn look(value: &Value, place: &mut Place, faults: &mut Vec<Fault>) {
    let mut complain = |code| faults.push(Fault::at(place.pointer.clone(), code));
    if place.depth > DEEPEST {
        return complain(FaultCode::WrongForm);
    }
    match value {
        Value::String(text) if place.in_group && is_one_of(text, &SPECIAL_GROUPS) => {
            complain(FaultCode::SpecialGroup);
        }
        Value::String(text) if citizen_service_number(text).is_some() => {
            complain(FaultCode::CitizenServiceNumber);
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(item, &mut place.below(&at.to_string()), faults);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                let mut below = place.below(name);
                match refused(name) {
                    Some(code) => faults.push(Fault::at(below.pointer, code)),
                    None => look(value, &mut below, faults),
                }
            }
        }
        _ => {}
    }
}

/// Why a field of this name is refused, whatever its value.
fn refused(name: &str) -> Option<FaultCode> {
    let lower = name.to_ascii_lowercase();
    if matches!(lower.as_str(), "bsn" | "burgerservicenummer" | "sofinummer") {
        Some(FaultCode::CitizenServiceNumber)
    } else if (lower.contains("inkomen") || lower.contains("vermogen")) && !is_one_of(name, &CONDITIONS) {
        Some(FaultCode::Income)
    } else {
        None
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}
