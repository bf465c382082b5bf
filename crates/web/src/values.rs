//! How the value of a field is written: a day in words, an amount in euros, a code as its word.

use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::days;
use crate::language::Language;
use crate::words;

/// Fields with words that a person typed: they are never taken for a code.
const TYPED: [&str; 26] = [
    "actions",
    "answer",
    "approach",
    "condition",
    "contact",
    "clientContact",
    "clientName",
    "dayActivity",
    "dayActivityPlace",
    "description",
    "earlySigns",
    "explanation",
    "facts",
    "goals",
    "how",
    "name",
    "neighbourhood",
    "network",
    "networkPlace",
    "notes",
    "observation",
    "place",
    "reason",
    "told",
    "unmetConditions",
    "wishes",
];

/// An amount of euro cents.
pub fn euros(cents: i64, language: Language) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    let digits = whole.to_string();
    let (thousand, point) = language.of_two(('.', ','), (',', '.'));
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push(thousand);
        }
        grouped.push(digit);
    }
    format!("€ {grouped}{point}{rest:02}")
}

/// The value of the field of this name.
pub fn value(name: &str, value: &Value, language: Language) -> Markup {
    match value {
        Value::Null => html! {},
        Value::Bool(yes) => {
            html! { (if *yes { language.of_two("ja", "yes") } else { language.of_two("nee", "no") }) }
        }
        Value::Number(number) => match number.as_i64() {
            Some(cents) if name.ends_with("Cents") => html! { (euros(cents, language)) },
            _ => html! { (number) },
        },
        Value::String(text) => written(name, text, language),
        Value::Array(items) if items.iter().all(Value::is_string) && !TYPED.contains(&name) => html! {
            @for (at, item) in items.iter().enumerate() {
                @if at > 0 { ", " }
                (self::value(name, item, language))
            }
        },
        Value::Array(items) => html! {
            ul { @for item in items { li { (self::value(name, item, language)) } } }
        },
        Value::Object(fields) => html! { (listed(fields, language)) },
    }
}

fn written(name: &str, text: &str, language: Language) -> Markup {
    // Why a check was missed is a code, unlike every other reason.
    let is_code = name == "reason" && ["not-reached", "declined", "not-planned"].contains(&text);
    if TYPED.contains(&name) && !is_code {
        return html! { bdi { (text) } };
    }
    if let Ok(day) = text.parse::<Date>()
        && text.len() == 10
    {
        return days::day(day, language);
    }
    if let Some(word) = words::known_code(text, language) {
        return html! { (word) };
    }
    let is_partner = ["careProvider", "corporation", "municipality", "organisation", "region", "recipients"];
    if is_partner.contains(&name) {
        return html! { (words::name_of(text)) };
    }
    if name == "type" {
        return html! { (words::fact(text, language)) };
    }
    html! { bdi { (if is_id(text) { short(text) } else { text }) } }
}

/// The fields of a fact or of a part of it.
pub fn listed(fields: &Map<String, Value>, language: Language) -> Markup {
    html! {
        dl {
            @for (name, field) in fields {
                dt { (words::field(name, language)) }
                dd { (value(name, field, language)) }
            }
        }
    }
}

/// The short form of an id: its last six digits.
pub fn short(id: &str) -> &str {
    id.get(id.len().saturating_sub(6)..).unwrap_or(id)
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(name: &str, of: &Value) -> String {
        value(name, of, Language::Dutch).into_string()
    }

    #[test]
    fn cents_are_written_as_euros() {
        assert_eq!(euros(62_350, Language::Dutch), "€ 623,50");
        assert_eq!(euros(123_456_705, Language::Dutch), "€ 1.234.567,05");
        assert_eq!(euros(123_400, Language::English), "€ 1,234.00");
        assert_eq!(shown("rentCents", &json!(100)), "€ 1,00");
    }

    #[test]
    fn a_code_is_a_word_and_what_a_person_typed_stays_as_it_is() {
        assert_eq!(shown("ground", &json!("too-far-from-network")), "te ver van het netwerk");
        assert_eq!(shown("notes", &json!("fire")), "<bdi>fire</bdi>");
        assert_eq!(shown("attendedBy", &json!(["client", "care-provider"])), "cliënt, zorgaanbieder");
        assert_eq!(shown("notes", &json!("<b>")), "<bdi>&lt;b&gt;</bdi>");
    }
}
