//! The form of a fact. Each field has the place in the fact as its name and id, so that a problem of
//! the API finds its field.

use jiff::civil::Date;
use maud::{Markup, html};

use super::context::{Context, drawn_id, is_drawn};
use super::schema::{Field, Kind};
use super::typed::Typed;
use crate::api::Mistake;
use crate::days;
use crate::language::Language;
use crate::words;

/// What a form is made of.
#[derive(Debug)]
pub struct Form<'a> {
    /// The kind of fact.
    pub kind: &'a str,
    /// What was typed.
    pub typed: &'a Typed,
    /// What is wrong with it.
    pub mistakes: &'a [Mistake],
    /// What is known of the case.
    pub context: &'a Context,
    /// The language.
    pub language: Language,
}

impl Form<'_> {
    /// These fields of an object at this place.
    pub fn fields(&self, fields: &[Field], at: &str) -> Markup {
        html! { @for field in fields { (self.field(field, &format!("{at}/{}", field.name))) } }
    }

    fn field(&self, field: &Field, pointer: &str) -> Markup {
        if field.name == "type" {
            return html! { input type="hidden" name=(pointer) value=(self.typed.one(pointer)); };
        }
        let label = words::field(&field.name, self.language);
        match &field.kind {
            Kind::Group(inner) if field.is_required => {
                self.set(&label, pointer, &self.fields(inner, pointer))
            }
            Kind::Group(inner) => {
                let with = html! {
                    label {
                        input type="checkbox" name="use" value=(pointer) checked[self.typed.uses(pointer)];
                        " " (self.language.of_two("Dit invullen", "Fill this in"))
                    }
                    (self.fields(inner, pointer))
                };
                self.set(&label, pointer, &with)
            }
            Kind::List(element) => self.set(&label, pointer, &self.elements(element, &field.name, pointer)),
            Kind::Several(codes) => self.set(&label, pointer, &self.boxes(codes, pointer)),
            Kind::Id
                if field.is_required
                    && (is_drawn(self.kind, pointer) || self.context.candidates(&field.name).is_empty()) =>
            {
                let id = Some(self.typed.one(pointer)).filter(|id| !id.is_empty());
                html! { input type="hidden" name=(pointer) value=(id.map_or_else(drawn_id, str::to_owned)); }
            }
            _ => self.labelled(field, &label, pointer),
        }
    }

    fn set(&self, label: &str, pointer: &str, inner: &Markup) -> Markup {
        let wrong = self.wrong(pointer);
        html! {
            fieldset.field.wrong[wrong.is_some()] id=(pointer) tabindex=[wrong.as_ref().map(|_| "-1")] {
                legend { (label) }
                @if let Some(wrong) = wrong { (wrong) }
                (inner)
            }
        }
    }

    fn labelled(&self, field: &Field, label: &str, pointer: &str) -> Markup {
        let wrong = self.wrong(pointer);
        let is_wrong = wrong.is_some();
        html! {
            div.field.wrong[is_wrong] {
                label for=(pointer) {
                    (label)
                    @if field.kind == Kind::Euros { (self.language.of_two(" (in euro)", " (in euros)")) }
                    @if !field.is_required {
                        span.hint { (self.language.of_two("mag leeg blijven", "may be left empty")) }
                    }
                }
                @if let Some(wrong) = wrong { (wrong) }
                (self.control(&field.kind, &field.name, pointer, is_wrong))
            }
        }
    }

    /// One input. What is required is said by the API, in words and for all fields at once.
    fn control(&self, kind: &Kind, name: &str, pointer: &str, is_wrong: bool) -> Markup {
        let value = self.typed.one(pointer);
        let invalid = is_wrong.then_some("true");
        let described = is_wrong.then(|| format!("{pointer}-wrong"));
        let options = |options: Vec<(String, String)>| self.select(pointer, &options, is_wrong);
        match kind {
            Kind::Day => html! {
                input id=(pointer) name=(pointer) type="date" value=(value) aria-invalid=[invalid] aria-describedby=[described];
                @if let Ok(day) = value.parse::<Date>() { span.hint { (days::in_words(day, self.language)) } }
            },
            Kind::Number if name == "corrects" => options(self.context.facts(self.language)),
            Kind::Euros | Kind::Number => html! {
                input id=(pointer) name=(pointer) inputmode="decimal" value=(value) autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];
            },
            Kind::YesNo => {
                let words = [
                    ("true", self.language.of_two("ja", "yes")),
                    ("false", self.language.of_two("nee", "no")),
                ];
                options(words.map(|(value, word)| (value.to_owned(), word.to_owned())).to_vec())
            }
            Kind::Choice(codes) => {
                options(codes.iter().map(|code| (code.clone(), words::code(code, self.language))).collect())
            }
            Kind::Id if !self.context.candidates(name).is_empty() => options(self.context.candidates(name)),
            Kind::Text(most) => html! {
                textarea id=(pointer) name=(pointer) dir="auto" maxlength=[*most] aria-invalid=[invalid] aria-describedby=[described] { "\n" (value) }
            },
            Kind::Line(most) => html! {
                input id=(pointer) name=(pointer) dir="auto" maxlength=[*most] value=(value) autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];
            },
            Kind::Id | Kind::Several(_) | Kind::List(_) | Kind::Group(_) | Kind::Fact => html! {
                input id=(pointer) name=(pointer) value=(value) autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];
            },
        }
    }

    fn select(&self, pointer: &str, options: &[(String, String)], is_wrong: bool) -> Markup {
        let chosen = self.typed.one(pointer);
        let is_listed = options.iter().any(|(value, _)| value == chosen);
        html! {
            select id=(pointer) name=(pointer) aria-invalid=[is_wrong.then_some("true")] aria-describedby=[is_wrong.then(|| format!("{pointer}-wrong"))] {
                option value="" { (self.language.of_two("kies", "choose")) }
                @if !chosen.is_empty() && !is_listed { option value=(chosen) selected { (chosen) } }
                @for (value, word) in options { option value=(value) selected[value == chosen] { (word) } }
            }
        }
    }

    fn boxes(&self, codes: &[String], pointer: &str) -> Markup {
        html! {
            @for code in codes {
                label.choice {
                    input type="checkbox" name=(pointer) value=(code) checked[self.typed.has(pointer, code)];
                    " " (words::code(code, self.language))
                }
            }
        }
    }

    fn elements(&self, element: &Kind, name: &str, pointer: &str) -> Markup {
        let more = usize::from(self.typed.one("do") == format!("more:{pointer}"));
        let slots = (self.typed.length(pointer) + more).max(1);
        let label = words::field(name, self.language);
        html! {
            @for index in 0..slots {
                @let place = format!("{pointer}/{index}");
                @match element {
                    Kind::Group(inner) => { (self.set(&format!("{label} {}", index + 1), &place, &self.fields(inner, &place))) }
                    other => {
                        @let wrong = self.wrong(&place);
                        @let is_wrong = wrong.is_some();
                        label for=(place) { (label) " " (index + 1) }
                        @if let Some(wrong) = wrong { (wrong) }
                        (self.control(other, name, &place, is_wrong))
                    }
                }
            }
            p { button.plain name="do" value={ "more:" (pointer) } { (self.language.of_two("Nog een", "One more")) } }
        }
    }

    /// What is wrong with a field, if anything is.
    fn wrong(&self, pointer: &str) -> Option<Markup> {
        let mut here = self.mistakes.iter().filter(|one| one.pointer.as_deref() == Some(pointer)).peekable();
        here.peek()?;
        let fault = self.language.of_two("Fout: ", "Error: ");
        Some(html! {
            span.error id={ (pointer) "-wrong" } { @for one in here { (fault) (one.detail) " " } }
        })
    }
}

/// The place that is shown for a place in a fact: an element of a list of codes is its list.
pub fn shown_place(fields: &[Field], pointer: &str) -> Option<String> {
    let (mut place, mut inner) = (String::new(), fields);
    let mut parts = pointer.split('/').skip(1);
    while let Some(part) = parts.next() {
        let field = inner.iter().find(|field| field.name == part)?;
        place = format!("{place}/{part}");
        match &field.kind {
            Kind::Group(fields) => inner = fields,
            Kind::List(element) => {
                let Some(index) = parts.next() else { break };
                place = format!("{place}/{index}");
                let Kind::Group(fields) = &**element else { break };
                inner = fields;
            }
            _ => break,
        }
    }
    (!place.is_empty()).then_some(place)
}
