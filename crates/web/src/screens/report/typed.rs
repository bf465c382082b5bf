//! What a person typed, by JSON pointer, and the fact that it makes.

use serde_json::{Map, Value};

use super::schema::{Field, Kind};
use crate::api::Mistake;
use crate::language::Language;

/// What was typed: the values of a form, each named by the place in the fact that it fills.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The value of a field; empty if there is none.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether this is one of the values of a field.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|one| one == value)
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Sets a field that is still empty.
    pub fn suggest(&mut self, name: &str, value: &str) {
        if self.one(name).is_empty() {
            self.set(name, value);
        }
    }

    /// How many elements a list has.
    pub fn length(&self, list: &str) -> usize {
        let indices = self.0.iter().filter_map(|(key, _)| index_in(list, key));
        indices.max().map_or(0, |last| last + 1)
    }

    /// Whether something is typed in a field or inside it.
    fn is_filled(&self, pointer: &str) -> bool {
        let inside = format!("{pointer}/");
        let filled = |(key, value): &&(String, String)| {
            (key == pointer || key.starts_with(&inside)) && !value.trim().is_empty()
        };
        self.0.iter().any(|pair| filled(&pair))
    }

    /// Without the elements of lists that were left empty, so that what the API says of the second
    /// element is about the second that is shown.
    pub fn without_empty_elements(mut self, fields: &[Field], at: &str) -> Self {
        for field in fields {
            let pointer = format!("{at}/{}", field.name);
            match &field.kind {
                Kind::List(element) => {
                    self.close_up(&pointer);
                    if let Kind::Group(inner) = &**element {
                        for index in 0..self.length(&pointer) {
                            self = self.without_empty_elements(inner, &format!("{pointer}/{index}"));
                        }
                    }
                }
                Kind::Group(inner) => self = self.without_empty_elements(inner, &pointer),
                _ => {}
            }
        }
        self
    }

    fn close_up(&mut self, list: &str) {
        let kept: Vec<_> =
            (0..self.length(list)).filter(|index| self.is_filled(&format!("{list}/{index}"))).collect();
        let pairs = std::mem::take(&mut self.0);
        self.0 = pairs
            .into_iter()
            .filter_map(|(key, value)| {
                let Some(index) = index_in(list, &key) else { return Some((key, value)) };
                let place = kept.iter().position(|one| *one == index)?;
                let rest = &key[format!("{list}/{index}").len()..];
                Some((format!("{list}/{place}{rest}"), value))
            })
            .collect();
    }

    /// The fields as a JSON object, or what cannot be read. A field that was left empty is absent: the
    /// API says whether that is right.
    pub fn object(
        &self,
        fields: &[Field],
        at: &str,
        language: Language,
    ) -> (Map<String, Value>, Vec<Mistake>) {
        let (mut object, mut mistakes) = (Map::new(), Vec::new());
        for field in fields {
            let pointer = format!("{at}/{}", field.name);
            if matches!(field.kind, Kind::Group(_)) && !field.is_required && !self.uses(&pointer) {
                continue;
            }
            if let Some(value) = self.value(&field.kind, &pointer, language, &mut mistakes) {
                object.insert(field.name.clone(), value);
            }
        }
        (object, mistakes)
    }

    /// Whether an optional group takes part: its box is ticked. What was typed in another group than a
    /// replacement takes part as well, so that nothing typed is lost.
    pub fn uses(&self, pointer: &str) -> bool {
        self.has("use", pointer) || (!pointer.ends_with("/replacement") && self.is_filled(pointer))
    }

    fn value(
        &self,
        kind: &Kind,
        pointer: &str,
        language: Language,
        mistakes: &mut Vec<Mistake>,
    ) -> Option<Value> {
        let text = self.one(pointer).trim();
        match kind {
            Kind::Group(fields) => {
                let (object, wrong) = self.object(fields, pointer, language);
                mistakes.extend(wrong);
                Some(object.into())
            }
            Kind::List(element) => {
                let elements = (0..self.length(pointer)).filter_map(|index| {
                    self.value(element, &format!("{pointer}/{index}"), language, mistakes)
                });
                let elements: Vec<_> = elements.collect();
                (!elements.is_empty()).then(|| elements.into())
            }
            Kind::Several(_) => {
                let chosen: Vec<_> =
                    self.all(pointer).filter(|code| !code.is_empty()).map(Value::from).collect();
                (!chosen.is_empty()).then(|| chosen.into())
            }
            _ if text.is_empty() => None,
            Kind::Euros | Kind::Number => {
                let (read, detail) = match kind {
                    Kind::Euros => (
                        cents(text),
                        language
                            .of_two("Schrijf een bedrag, zoals 623,50", "Write an amount, such as 623.50"),
                    ),
                    _ => {
                        (text.parse().ok(), language.of_two("Schrijf een heel getal", "Write a whole number"))
                    }
                };
                if read.is_none() {
                    let (pointer, detail) = (Some(pointer.to_owned()), detail.to_owned());
                    mistakes.push(Mistake { pointer, detail, ..Mistake::default() });
                }
                read.map(Value::from)
            }
            Kind::YesNo => Some((text == "true").into()),
            Kind::Day | Kind::Choice(_) | Kind::Id | Kind::Line(_) | Kind::Text(_) | Kind::Fact => {
                Some(text.replace("\r\n", "\n").into())
            }
        }
    }
}

/// The index of the element of a list that a field belongs to.
fn index_in(list: &str, key: &str) -> Option<usize> {
    let rest = key.strip_prefix(list)?.strip_prefix('/')?;
    let index = rest.split('/').next()?.parse().ok()?;
    // Nobody types more; a larger number would only cost memory.
    (index < 500).then_some(index)
}

/// An amount in euros as cents: `623,50`, `623.5`, `1.250,00` or `1250`.
fn cents(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '€').collect();
    let last = text.rfind([',', '.']).filter(|at| text.len() - at <= 3);
    let (whole, rest) = last.map_or((text.as_str(), ""), |at| (&text[..at], &text[at + 1..]));
    let parts: Vec<_> = whole.split([',', '.']).collect();
    let is_grouped = parts.iter().skip(1).all(|part| part.len() == 3);
    let whole = parts.concat();
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !is_grouped || !is_number(&whole) || !is_number(rest) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(rest)
}

/// Cents as they are typed.
pub fn euros(cents: i64) -> String {
    format!("{},{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn field(name: &str, kind: Kind) -> Field {
        Field { name: name.to_owned(), is_required: true, kind }
    }

    #[test]
    fn an_amount_is_read_as_people_write_it() {
        for (text, expected) in [
            ("623,50", Some(62_350)),
            ("623.5", Some(62_350)),
            ("€ 1.250,00", Some(125_000)),
            ("1250", Some(125_000)),
            ("1.250", Some(125_000)),
            ("0", Some(0)),
            ("12,3,4", None),
            ("veel", None),
            ("-5", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(cents(text), expected, "{text}");
        }
    }

    #[test]
    fn empty_fields_are_absent_and_empty_elements_are_closed_up() {
        let condition =
            Kind::Group(vec![field("kind", Kind::Line(None)), field("condition", Kind::Text(None))]);
        let fields = [field("conditions", Kind::List(Box::new(condition))), field("notes", Kind::Text(None))];
        let typed = typed(&[
            ("/conditions/0/kind", ""),
            ("/conditions/0/condition", " "),
            ("/conditions/1/kind", "rent"),
            ("/conditions/1/condition", "op tijd"),
            ("/notes", ""),
        ]);
        let closed = typed.without_empty_elements(&fields, "");
        let (fact, mistakes) = closed.object(&fields, "", Language::Dutch);
        assert_eq!(Value::from(fact), json!({"conditions": [{"kind": "rent", "condition": "op tijd"}]}));
        assert!(mistakes.is_empty());
        assert_eq!(closed.one("/conditions/0/kind"), "rent");
    }

    #[test]
    fn what_is_no_number_is_named_by_its_place() {
        let fields = [field("rentCents", Kind::Euros), field("month", Kind::Number)];
        let (fact, mistakes) =
            typed(&[("/rentCents", "veel"), ("/month", "3")]).object(&fields, "", Language::Dutch);
        assert_eq!(Value::from(fact), json!({"month": 3}));
        assert_eq!(mistakes[0].pointer.as_deref(), Some("/rentCents"));
    }
}
