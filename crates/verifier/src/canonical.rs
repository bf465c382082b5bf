//! Canonical JSON (RFC 8785), as far as a case file needs it: its numbers are integers.

use serde_json::Value;

/// The largest integer that every JSON reader reads in the same way (RFC 7493 §2.2).
const LARGEST: u64 = 1 << 53;

/// The canonical text of a value. `None` if it contains a number that no case file has.
pub(crate) fn canonical(value: &Value) -> Option<String> {
    let mut text = String::new();
    write(value, &mut text)?;
    Some(text)
}

fn write(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => {
            let whole = number.as_i64().filter(|whole| whole.unsigned_abs() <= LARGEST)?;
            text.push_str(&whole.to_string());
        }
        Value::String(string) => quote(string, text),
        Value::Array(elements) => list(text, ['[', ']'], elements, write)?,
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            // By UTF-16 code units (RFC 8785 §3.2.3).
            fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            list(text, ['{', '}'], &fields, |(name, value), text| {
                quote(name, text);
                text.push(':');
                write(value, text)
            })?;
        }
    }
    Some(())
}

fn list<T>(
    text: &mut String,
    [open, close]: [char; 2],
    elements: &[T],
    write: impl Fn(&T, &mut String) -> Option<()>,
) -> Option<()> {
    text.push(open);
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        write(element, text)?;
    }
    text.push(close);
    Some(())
}

/// A string with only the necessary escapes (RFC 8785 §3.2.2.2).
fn quote(string: &str, text: &mut String) {
    text.push('"');
    for letter in string.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\t' => text.push_str("\\t"),
            '\n' => text.push_str("\\n"),
            '\u{c}' => text.push_str("\\f"),
            '\r' => text.push_str("\\r"),
            control if control < ' ' => {
                text.push_str("\\u00");
                text.extend(
                    [char::from_digit(control as u32 >> 4, 16), char::from_digit(control as u32 & 15, 16)]
                        .into_iter()
                        .flatten(),
                );
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_sorted_and_only_necessary_escapes_are_written() {
        let value = json!({"b": [1, -2, null, true], "a": "é€\u{1f}\n\"\\/", "\u{fb33}": 1, "\u{1f600}": 2});
        let expected =
            "{\"a\":\"é€\\u001f\\n\\\"\\\\/\",\"b\":[1,-2,null,true],\"\u{1f600}\":2,\"\u{fb33}\":1}";
        assert_eq!(canonical(&value).as_deref(), Some(expected));
        assert_eq!(canonical(&json!(1.5)), None);
        assert_eq!(canonical(&json!(1_u64 << 54)), None);
    }
}
