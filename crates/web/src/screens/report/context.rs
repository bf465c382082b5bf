//! What a form needs to know of the case: its version, the ids that its facts name, what is open.

use rand::random;
use serde_json::Value;
use uuid::Uuid;

use super::schema::{Document, Field, Kind};
use super::typed::{Typed, euros};
use crate::api::{Failure, Tagged};
use crate::language::Language;
use crate::screens::case::Case;
use crate::screens::case::course::{Entry, Timeline};
use crate::signed_in::SignedIn;
use crate::{days, words};

/// The case of a form, as the person sees it; empty for a fact that opens a case, and if the case
/// cannot be read.
#[derive(Debug, Default)]
pub struct Context {
    /// The case.
    pub case: Case,
    /// Its version, as `If-Match` takes it.
    pub version: String,
    /// Its facts that the person may see.
    pub facts: Vec<Entry>,
    /// The ids that its facts name: the field, the id, and the first fact that names it.
    named: Vec<(String, String, String)>,
}

/// Fields that name the id of another field.
const ALIASES: [(&str, &str); 2] = [("earlierCase", "caseId"), ("nuisanceCase", "caseId")];

/// The fields that get a new id, by the kind of fact; every other id is one of the case.
const DRAWN: [(&str, &str); 14] = [
    ("signal-reported", "/signalId"),
    ("dwelling-offered", "/offerId"),
    ("housed-under-intermediary-lease", "/terms/leaseId"),
    ("housed-under-three-party-lease", "/terms/leaseId"),
    ("housed-under-temporary-lease", "/terms/leaseId"),
    ("housed-under-own-lease", "/terms/leaseId"),
    ("contract-flipped", "/leaseId"),
    ("damage-reported", "/damageId"),
    ("guarantee-fund-claimed", "/claimId"),
    ("nuisance-reported", "/caseId"),
    ("flip-talk-held", "/talkId"),
    ("return-requested", "/requestId"),
    ("running-case-taken-over", "/lease/terms/leaseId"),
    ("running-case-taken-over", "/openNuisanceCases/0/caseId"),
];

impl Context {
    /// Reads the case: its state and its facts.
    ///
    /// # Errors
    /// If the API refuses or does not answer.
    pub async fn read(signed_in: &SignedIn, id: Uuid) -> Result<Self, Failure> {
        let SignedIn { person, language, pages } = signed_in;
        let of_case = format!("v1/trajectories/{id}");
        let Tagged { body: case, tag: version } = pages.api.read_tagged(person, *language, &of_case).await?;
        let events = format!("{of_case}/events");
        let timeline: Option<Timeline> =
            pages.api.read_if_shown(person, *language, &events, &[("limit", "500")]).await?;
        let facts = timeline.map(|timeline| timeline.items).unwrap_or_default();
        let named = named_in(&facts, *language);
        Ok(Self { case, version, facts, named })
    }

    /// The ids of the case that fit a field, with words for each; the latest first.
    pub fn candidates(&self, field: &str) -> Vec<(String, String)> {
        let field = ALIASES.iter().find(|(alias, _)| *alias == field).map_or(field, |(_, of)| of);
        let named = self.named.iter().filter(|(name, ..)| name == field).rev();
        named.map(|(_, id, words)| (id.clone(), words.clone())).collect()
    }

    /// The facts that can be corrected, by their number.
    pub fn facts(&self, language: Language) -> Vec<(String, String)> {
        let shown = self.facts.iter().rev().filter(|entry| !entry.is_withheld());
        shown.map(|entry| (entry.sequence.to_string(), title(entry, language))).collect()
    }

    /// The facts that came after this version.
    pub fn since(&self, version: &str) -> Vec<&Entry> {
        let digits: String =
            version.chars().skip_while(|one| *one == '"').take_while(char::is_ascii_digit).collect();
        let seen: u64 = digits.parse().unwrap_or(u64::MAX);
        self.facts.iter().filter(|entry| entry.sequence > seen).collect()
    }

    /// Fills in what is known before anybody types: today, new ids, and ids of the case if there is only
    /// one, or one that is meant.
    pub fn suggest(&self, typed: &mut Typed, kind: &str, fields: &[Field], (at, about): (&str, &str)) {
        for field in fields {
            let pointer = format!("{at}/{}", field.name);
            match &field.kind {
                Kind::Group(inner) => self.suggest(typed, kind, inner, (&pointer, about)),
                Kind::List(element) => {
                    if let Kind::Group(inner) = &**element
                        && field.is_required
                    {
                        self.suggest(typed, kind, inner, (&format!("{pointer}/0"), about));
                    }
                }
                Kind::Id if field.is_required => {
                    typed.suggest(&pointer, &self.id(kind, field, &pointer, about));
                }
                _ => {
                    if let Some(known) = self.known(&field.name) {
                        typed.suggest(&pointer, known);
                    }
                }
            }
        }
    }

    fn id(&self, kind: &str, field: &Field, pointer: &str, about: &str) -> String {
        let candidates = self.candidates(&field.name);
        if is_drawn(kind, pointer) || candidates.is_empty() {
            return drawn_id();
        }
        let open = |id: &str| match field.name.as_str() {
            "signalId" => self.case.open_signals.iter().any(|one| one == id),
            _ => true,
        };
        let meant = candidates.iter().find(|(id, _)| id == about);
        let open: Vec<_> = candidates.iter().filter(|(id, _)| open(id)).collect();
        let only = (open.len() == 1 || field.name == "talkId").then(|| open.first().copied()).flatten();
        meant.or(only).map(|(id, _)| id.clone()).unwrap_or_default()
    }

    fn known(&self, field: &str) -> Option<&str> {
        match field {
            "careProvider" => self.case.care_provider.as_deref(),
            "corporation" => self.case.corporation.as_deref(),
            _ => None,
        }
    }

    /// The form of a correction has the fields of the fact that it corrects, filled in.
    pub fn expand_correction(
        &self,
        document: Document<'_>,
        fields: &mut [Field],
        typed: &mut Typed,
        is_new: bool,
    ) {
        let number: u64 = typed.one("/corrects").parse().unwrap_or_default();
        let Some(fact) = self.facts.iter().find(|entry| entry.sequence == number) else { return };
        let Some(inner) = document.fields(fact.kind()) else { return };
        let Some(replacement) = fields.iter_mut().find(|field| field.kind == Kind::Fact) else { return };
        if is_new {
            typed.set("use", "/replacement");
            fill(typed, &inner, "/replacement", &Value::from(fact.fact.clone()));
        }
        typed.suggest("/replacement/type", fact.kind());
        let kind = Field { name: "type".to_owned(), is_required: true, kind: Kind::Line(None) };
        replacement.kind = Kind::Group(std::iter::once(kind).chain(inner).collect());
    }
}

/// Whether a field gets a new id; the elements of a list are alike.
pub fn is_drawn(kind: &str, pointer: &str) -> bool {
    let parts = pointer.split('/').map(|part| if part.parse::<u32>().is_ok() { "0" } else { part });
    let pointer = parts.collect::<Vec<_>>().join("/");
    DRAWN.contains(&(kind, &*pointer))
}

/// A new id.
pub fn drawn_id() -> String {
    uuid::Builder::from_random_bytes(random()).into_uuid().to_string()
}

/// Fills a form with the values of a fact.
fn fill(typed: &mut Typed, fields: &[Field], at: &str, fact: &Value) {
    for field in fields {
        let pointer = format!("{at}/{}", field.name);
        let value = &fact[&field.name];
        match (&field.kind, value) {
            (_, Value::Null) => {}
            (Kind::Group(inner), value) => {
                typed.0.push(("use".to_owned(), pointer.clone()));
                fill(typed, inner, &pointer, value);
            }
            (Kind::List(element), Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    let place = format!("{pointer}/{index}");
                    match &**element {
                        Kind::Group(inner) => fill(typed, inner, &place, value),
                        _ => typed.set(&place, &plain(value)),
                    }
                }
            }
            (Kind::Several(_), Value::Array(codes)) => {
                typed.0.extend(codes.iter().map(|code| (pointer.clone(), plain(code))));
            }
            (Kind::Euros, Value::Number(cents)) => typed.set(&pointer, &euros(cents.as_i64().unwrap_or(0))),
            (_, value) => typed.set(&pointer, &plain(value)),
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A fact in one line, for a list to choose from.
fn title(entry: &Entry, language: Language) -> String {
    let day = entry.occurred_on().map(|day| days::in_words(day, language)).unwrap_or_default();
    format!(
        "{}, {day} ({} {})",
        words::fact(entry.kind(), language),
        language.of_two("feit", "fact"),
        entry.sequence
    )
}

fn named_in(facts: &[Entry], language: Language) -> Vec<(String, String, String)> {
    let mut named: Vec<(String, String, String)> = Vec::new();
    for entry in facts {
        let mut parts = vec![("", &entry.fact)];
        while let Some((_, fields)) = parts.pop() {
            for (name, value) in fields {
                match value {
                    Value::Object(inner) => parts.push((name, inner)),
                    Value::Array(items) => {
                        parts
                            .extend(items.iter().filter_map(|item| Some((name.as_str(), item.as_object()?))));
                    }
                    Value::String(id)
                        if name.ends_with("Id")
                            && !named.iter().any(|(field, known, _)| field == name && known == id) =>
                    {
                        named.push((name.clone(), id.clone(), title(entry, language)));
                    }
                    _ => {}
                }
            }
        }
    }
    named
}
