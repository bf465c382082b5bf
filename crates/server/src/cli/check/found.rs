//! What a check finds, as the command line prints it: in the language of this run, and with its place as
//! fields of JSON (`docs/OPERATING.md` lists them).

use std::fmt::Display;

use omklap_store::access_log::LogFinding;
use omklap_store::allocation::check::StreamFinding;
use omklap_store::registry::check::RegistryFinding;
use omklap_store::registry::reporters::NotRegistered;
use serde_json::{Value, json};

use crate::cli::language::of_two;

/// Something that a check found. Its words in English are those of `Display`.
pub(super) trait Found: Display {
    /// A stable code for this kind of finding.
    fn code(&self) -> &'static str;
    /// Its words in Dutch.
    fn in_dutch(&self) -> String;
    /// Its place: an object.
    fn place(&self) -> Value;

    /// Its words in the language of this run.
    fn in_words(&self) -> String {
        of_two(Self::to_string as fn(&Self) -> String, Self::in_dutch)(self)
    }
}

impl Found for StreamFinding {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::Unreadable { sequence, why } => {
                format!("gebeurtenis {sequence} is niet te lezen: {why}")
            }
            Self::WouldBeRefused { sequence, codes } => {
                format!("gebeurtenis {sequence} zou worden geweigerd: {codes}")
            }
            Self::RowDiffers => "streams: de rij volgt niet uit de gebeurtenissen".to_owned(),
            Self::RowOfNothing => "streams: er is een rij voor, en geen gebeurtenis".to_owned(),
        }
    }

    fn place(&self) -> Value {
        match self {
            Self::Unreadable { sequence, .. } => json!({"event": sequence}),
            Self::WouldBeRefused { sequence, codes } => json!({"event": sequence, "refusals": codes}),
            Self::RowDiffers | Self::RowOfNothing => json!({"table": "streams"}),
        }
    }
}

impl Found for RegistryFinding {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::Unreadable { stream, sequence } => {
                format!("{stream}: gebeurtenis {sequence} is niet te lezen")
            }
            Self::RowDiffers { stream, what } => {
                format!("{stream}: {} is niet wat er is geregistreerd", part_in_dutch(what))
            }
            Self::RowMissing { stream } => format!("{stream}: de rij ontbreekt"),
            Self::RowOfNothing { stream } => {
                format!("{stream}: er is een rij voor, en geen gebeurtenis")
            }
        }
    }

    fn place(&self) -> Value {
        let stream = self.stream();
        let mut place = json!({"stream": stream});
        if let Some(organisation) = stream.strip_prefix("organisation ") {
            place["organisation"] = organisation.into();
        }
        match self {
            Self::Unreadable { sequence, .. } => place["event"] = (*sequence).into(),
            Self::RowDiffers { what, .. } => place["part"] = what.as_str().into(),
            Self::RowMissing { .. } | Self::RowOfNothing { .. } => {}
        }
        place
    }
}

/// A part of a registration.
fn part_in_dutch(part: &str) -> String {
    let known = [
        ("its kind", "de soort"),
        ("the list of its regions", "de lijst van regio's"),
        ("its name or contact points", "de naam of een contactpunt"),
        ("whether it is disabled", "of zij is uitgezet"),
        ("its version", "de versie"),
        ("its text", "de tekst"),
        ("its program", "het programma"),
        ("its organisation", "de organisatie"),
        ("its role", "de rol"),
        ("its URL", "de URL"),
        ("its list of kinds of events", "de lijst van soorten gebeurtenissen"),
        ("its trajectory", "het traject"),
        ("its secret", "het geheim"),
    ];
    let dutch = known.into_iter().find(|(english, _)| *english == part).map(|(_, dutch)| dutch.to_owned());
    dutch.unwrap_or_else(|| part.replacen("program ", "programma ", 1))
}

impl Found for NotRegistered {
    fn code(&self) -> &'static str {
        Self::CODE
    }

    fn in_dutch(&self) -> String {
        let Self { stream, sequence, organisation } = self;
        format!(
            "{stream}: gebeurtenis {sequence}: {organisation} was niet met dit programma in deze rol geregistreerd"
        )
    }

    fn place(&self) -> Value {
        json!({"stream": self.stream, "event": self.sequence, "organisation": self.organisation})
    }
}

impl Found for LogFinding {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn in_dutch(&self) -> String {
        let found = match self {
            Self::OutOfPlace { batch, at } => {
                format!("partij {batch} van {at:.0} sluit niet aan op de vorige")
            }
            Self::Differs { batch, at, lines, there, how, .. } => {
                let how = match *how {
                    "lines are missing" => "er ontbreken regels",
                    "lines were added" => "er zijn regels toegevoegd",
                    _ => "een regel is gewijzigd",
                };
                format!("partij {batch} van {at:.0} had {lines} regels; het zijn er {there}: {how}")
            }
            Self::Added { minute, lines } => {
                format!("{lines} regels van {minute:.0} zijn in geen partij")
            }
            Self::Unreadable { lines, access_id } => format!(
                "{lines} regels zijn niet te lezen, of zeggen van voor het begin of na het eind van het logboek te zijn; \
                 de eerste is {access_id}"
            ),
            Self::Lags { lines, since } => format!(
                "{lines} regels zijn nog in geen partij; de eerste is van {since:.0}, en het logboek gaat door"
            ),
        };
        format!("inzagelogboek: {found}")
    }

    fn place(&self) -> Value {
        match self {
            Self::OutOfPlace { batch, at } => json!({"batch": batch, "at": at}),
            Self::Differs { batch, at, month, lines, there, .. } => {
                json!({"batch": batch, "at": at, "month": month, "lines": lines, "there": there})
            }
            Self::Added { minute, lines } => json!({"minute": minute, "lines": lines}),
            Self::Unreadable { lines, access_id } => json!({"accessId": access_id, "lines": lines}),
            Self::Lags { lines, since } => json!({"since": since, "lines": lines}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_has_its_place_and_its_words_in_dutch() {
        let stream = "organisation de-vaart".to_owned();
        let kind = RegistryFinding::RowDiffers { stream: stream.clone(), what: "its kind".to_owned() };
        assert_eq!(kind.in_dutch(), "organisation de-vaart: de soort is niet wat er is geregistreerd");
        let place = json!({"stream": stream, "organisation": "de-vaart", "part": "its kind"});
        assert_eq!(kind.place(), place);
        let program = RegistryFinding::RowDiffers { stream, what: "program de-vaart-ecd".to_owned() };
        assert!(program.in_dutch().contains("programma de-vaart-ecd"), "{}", program.in_dutch());
        let (at, month) = ("2026-11-02T09:01:00Z".parse().expect("an instant"), "2026-11".to_owned());
        let batch = LogFinding::Differs { batch: 7, at, month, lines: 3, there: 2, how: "lines are missing" };
        let dutch = "inzagelogboek: partij 7 van 2026-11-02T09:01:00Z had 3 regels; het zijn er 2: er ontbreken regels";
        assert_eq!(batch.in_dutch(), dutch);
        assert_eq!(batch.place()["month"], "2026-11");
    }
}
