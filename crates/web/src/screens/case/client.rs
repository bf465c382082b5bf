//! What a client reads first about its own case, in plain words.

use maud::{Markup, html};
use serde_json::Value;

use super::Case;
use super::course::Timeline;
use crate::language::Language;
use crate::{values, words};

/// The explanation of the page, and the conditions for the flip.
pub fn own_words(case: &Case, timeline: &Timeline, language: Language) -> Markup {
    let text = |dutch, english| language.of_two(dutch, english);
    let set = timeline.items.iter().rev().find(|entry| {
        entry.kind() == "flip-conditions-set" && matches!(entry.mark.status.as_str(), "standing" | "")
    });
    let conditions = set.and_then(|entry| entry.fact.get("conditions")).and_then(Value::as_array);
    html! {
        div.box {
            p {
                (text(
                    "Dit is uw dossier. U leest hier wat er is gebeurd, wat er nog komt en wie dat doet. \
                     Klopt er iets niet? Zeg het tegen uw begeleider: een fout wordt gecorrigeerd en niet uitgegumd.",
                    "This is your own case. You read what happened, what is still to come, and who does it. \
                     Is something wrong? Tell your guide: a mistake is corrected and not rubbed out.",
                ))
            }
            h2 #conditions { (text("Wat er nodig is voor uw eigen contract", "What your own lease needs")) }
            @match conditions {
                Some(conditions) => {
                    ul {
                        @for condition in conditions {
                            li {
                                @if let Some(kind) = condition.get("kind").and_then(Value::as_str) {
                                    (words::code(kind, language)) ": "
                                }
                                (values::value("condition", condition.get("condition").unwrap_or(&Value::Null), language))
                            }
                        }
                    }
                }
                None => { p { (text("Dat is nog niet afgesproken.", "That is not agreed yet.")) } }
            }
            p {
                a href="#flip" { (text("Hoe ver bent u?", "How far are you?")) } " · "
                a href={ "/cases/" (case.trajectory_id) "/seen" } { (text("Wie keek er in mijn dossier?", "Who looked at my case?")) }
            }
        }
    }
}
