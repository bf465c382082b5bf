//! Texts that were erased, in facts that still refer to them.

use serde_json::Value;

/// Removes the references to erased texts from a fact, and returns their places as JSON pointers
/// (RFC 6901). Such a reference is the id in the vault and the commitment; neither reveals the
/// text.
#[must_use]
pub fn take_out(fact: &mut Value) -> Vec<String> {
    let mut erased = Vec::new();
    look_into(fact, "", &mut erased);
    erased
}

fn look_into(value: &mut Value, at: &str, erased: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| {
                let at = format!("{at}/{name}");
                let is_erased = is_reference(value);
                if is_erased {
                    erased.push(at);
                } else {
                    look_into(value, &at, erased);
                }
                !is_erased
            });
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter_mut().enumerate() {
                let at = format!("{at}/{index}");
                if is_reference(element) {
                    *element = Value::Null;
                    erased.push(at);
                } else {
                    look_into(element, &at, erased);
                }
            }
        }
        _ => {}
    }
}

/// No other object of a fact has these two fields.
fn is_reference(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| {
        fields.len() == 2 && fields.contains_key("id") && fields.contains_key("commitment")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_erased_text_is_named_by_its_place() {
        let text = json!({"id": "0199a3b4-c5d6-7f01-a234-56789abcdef0", "commitment": "00"});
        let mut fact = json!({"occurredOn": "2026-03-01", "notes": text, "conditions": [text, "kept"],
                              "replacement": {"clientName": text}});
        assert_eq!(take_out(&mut fact), ["/conditions/0", "/notes", "/replacement/clientName"]);
        let left = json!({"occurredOn": "2026-03-01", "conditions": [null, "kept"], "replacement": {}});
        assert_eq!(fact, left);
    }
}
