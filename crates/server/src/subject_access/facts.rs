//! Every stored fact, for the person whom the facts are about.

use std::collections::HashMap;
use std::fmt::Write;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact;
use serde_json::Value;

use super::dutch_field_names;
use crate::http::request::language::Language;

/// Every fact in the order of recording, in the terms of the field: a heading for each fact, a line
/// for each field.
#[must_use]
pub fn page_of_facts(trajectory: TrajectoryId, events: &[Value], language: Language) -> String {
    let title = language.of_two("What is held of trajectory", "Wat is vastgelegd van traject");
    let mut page = PageWriter { text: format!("# {title} {trajectory}\n"), language };
    let terms = dutch_terms();
    for event in events {
        let kind = event["fact"]["type"].as_str().unwrap_or_default();
        let term = language.of_two(kind, terms.get(kind).map_or(kind, String::as_str));
        let recorded = language.of_two("recorded", "vastgelegd");
        let by = event["metadata"]["organisation"].as_str().unwrap_or("—");
        let at = event["recordedAt"].as_str().unwrap_or_default();
        page.line(&format!("\n## {}. {term}\n\n{recorded}: {at} ({by}; {kind})\n", event["sequence"]));
        for (name, value) in
            event["fact"].as_object().into_iter().flatten().filter(|(name, _)| *name != "type")
        {
            page.field(name, value, 0);
        }
        let withheld = event["withheld"].as_array().into_iter().flatten();
        for pointer in withheld.filter_map(|withheld| withheld["pointer"].as_str()) {
            let why = "not given, for the rights of others (GDPR art. 15(4))";
            page.lacks(
                pointer,
                language.of_two(why, "niet verstrekt, om de rechten van anderen (AVG art. 15 lid 4)"),
            );
        }
        for pointer in event["erased"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            page.lacks(pointer, language.of_two("erased", "gewist"));
        }
    }
    page.text
}

struct PageWriter {
    text: String,
    language: Language,
}

impl PageWriter {
    fn line(&mut self, line: &str) {
        writeln!(self.text, "{line}").expect("a String takes everything");
    }

    /// A field, with its contents indented one step further.
    fn field(&mut self, name: &str, value: &Value, depth: usize) {
        let (indent, label) = ("  ".repeat(depth), self.label(name));
        match value {
            Value::Object(fields) => {
                self.line(&format!("{indent}- {label}:"));
                fields.iter().for_each(|(name, value)| self.field(name, value, depth + 1));
            }
            Value::Array(elements) => {
                self.line(&format!("{indent}- {label}:"));
                for (number, element) in (1..).zip(elements) {
                    self.field(&format!("{number}"), element, depth + 1);
                }
            }
            Value::String(text) if !is_code(text) => {
                self.line(&format!("{indent}- {label}:\n"));
                text.lines().for_each(|line| self.line(&format!("{indent}  > {}", as_it_is(line))));
                self.line("");
            }
            plain => {
                let plain = self.in_words(plain);
                self.line(&format!("{indent}- {label}: {plain}"));
            }
        }
    }

    fn lacks(&mut self, pointer: &str, why: &str) {
        let path = pointer.split('/').skip(1).map(|part| self.label(part)).collect::<Vec<_>>();
        let path = path.join(", ");
        self.line(&format!("- {path}: *{why}*"));
    }

    fn label(&self, name: &str) -> String {
        let dutch = dutch_field_names::FIELDS
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, dutch)| (*dutch).to_owned());
        match self.language {
            Language::Dutch => dutch.unwrap_or_else(|| in_english(name)),
            Language::English => in_english(name),
        }
    }

    fn in_words(&self, value: &Value) -> String {
        match value {
            Value::Bool(true) => self.language.of_two("yes", "ja").to_owned(),
            Value::Bool(false) => self.language.of_two("no", "nee").to_owned(),
            Value::Null => "—".to_owned(),
            Value::String(code) => code.clone(),
            other => other.to_string(),
        }
    }
}

/// The Dutch term of each kind of fact, as its description has it.
pub(crate) fn dutch_terms() -> HashMap<String, String> {
    let schemas = serde_json::to_value(fact::published()).expect("schemas are JSON");
    let terms = schemas.as_object().into_iter().flatten().filter_map(|(_, schema)| {
        let kind = schema.pointer("/properties/type/enum/0")?.as_str()?;
        // A description is wrapped, so the term may be on the next line.
        let after = schema["description"].as_str()?.split_once("Dutch:")?.1.trim_start();
        let term = after.strip_prefix('*')?.split_once('*')?.0;
        Some((kind.to_owned(), term.split_whitespace().collect::<Vec<_>>().join(" ")))
    });
    terms.collect()
}

/// `clientHeardOn` as `client heard on`.
pub(crate) fn in_english(name: &str) -> String {
    let spaced = name.chars().flat_map(|letter| {
        let before = letter.is_ascii_uppercase().then_some(' ');
        before.into_iter().chain(letter.to_lowercase())
    });
    spaced.collect()
}

/// Whether this is a date, a number, an id or a code, which needs no escaping in Markdown.
fn is_code(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:.".contains(&byte))
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
}

/// A written text, escaped for Markdown.
fn as_it_is(line: &str) -> String {
    let letters = line.trim_start().char_indices().flat_map(|(at, letter)| {
        let means_something =
            if at == 0 { letter.is_ascii_punctuation() } else { "\\`*_[]<>#|~&".contains(letter) };
        means_something.then_some('\\').into_iter().chain([letter])
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(fact: &Value) -> String {
        let event = json!({"sequence": 1, "recordedAt": "2026-03-02T09:00:00Z", "metadata": {}, "fact": fact,
                           "withheld": [{"pointer": "/reporter", "reason": "rights-of-others"}], "erased": ["/place"]});
        page_of_facts(TrajectoryId(uuid::Uuid::nil()), &[event], Language::Dutch)
    }

    #[test]
    fn a_client_reads_the_words_of_the_field() {
        let page = page(&json!({"type": "nuisance-reported", "happenedOn": "2026-03-01"}));
        assert!(page.contains("## 1. overlastmelding"), "{page}");
        assert!(page.contains("- gebeurd op: 2026-03-01"), "{page}");
        assert!(page.contains("- melder: *niet verstrekt") && page.contains("- plaats: *gewist*"), "{page}");
    }

    #[test]
    fn no_text_makes_a_heading_or_anything_else_of_the_page() {
        let page = page(
            &json!({"type": "x", "facts": "# Kop\n## nog een\n<b>", "terms": {"reason": "- a", "rentCents": 5}}),
        );
        let headings: Vec<_> =
            page.lines().filter(|line| line.trim_start_matches([' ', '>']).starts_with('#')).collect();
        assert_eq!(headings.len(), 2, "{page}");
        assert!(page.contains("  > \\# Kop\n  > \\#\\# nog een\n  > \\<b\\>"), "{page}");
        assert!(page.contains("  - huur in centen: 5"), "{page}");
    }

    #[test]
    fn every_field_of_every_fact_has_a_dutch_name() {
        fn look_into(schema: &Value, unnamed: &mut Vec<String>) {
            for (name, inside) in schema.as_object().into_iter().flatten() {
                if name == "properties" {
                    let fields = inside.as_object().into_iter().flatten().map(|(field, _)| field.as_str());
                    let missing = |field: &&str| {
                        *field != "type" && dutch_field_names::FIELDS.iter().all(|(known, _)| known != field)
                    };
                    unnamed.extend(fields.filter(missing).map(str::to_owned));
                }
                look_into(inside, unnamed);
            }
            schema.as_array().into_iter().flatten().for_each(|inside| look_into(inside, unnamed));
        }
        let mut unnamed = Vec::new();
        look_into(&serde_json::to_value(fact::published()).expect("JSON"), &mut unnamed);
        unnamed.sort_unstable();
        unnamed.dedup();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }
}
