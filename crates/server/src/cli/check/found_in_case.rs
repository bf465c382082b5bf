//! What is wrong with one trajectory, as the command line prints it.

use omklap_store::consistency::finding::Finding;
use omklap_store::read_models::difference::{Difference, RowFault};
use serde_json::{Value, json};

use super::found::Found;

impl Found for Finding {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::Missing { sequence } => format!("gebeurtenis {sequence} ontbreekt"),
            Self::ChainBroken { sequence } => {
                format!("gebeurtenis {sequence} is niet wat is vastgelegd, of volgt niet op de vorige")
            }
            Self::NotAdmitted { sequence } => {
                format!("gebeurtenis {sequence} is niet door dit register toegelaten")
            }
            Self::Unreadable { sequence, why } => {
                format!("gebeurtenis {sequence} is niet te lezen: {why}")
            }
            Self::WouldBeRefused { sequence, codes } => {
                format!("gebeurtenis {sequence} zou worden geweigerd: {codes}")
            }
            Self::DeadlineUnfounded { deadline, sequence } => {
                format!("termijn {deadline}: gebeurtenis {sequence} volgt niet uit de feiten van toen")
            }
            Self::TextDiffers { sequence } => {
                format!("een privétekst van gebeurtenis {sequence} is niet wat is vastgelegd")
            }
            Self::TextMissing { sequence } => format!(
                "een privétekst van gebeurtenis {sequence} ontbreekt, en geen feit zegt dat die is gewist"
            ),
            Self::OwnReferenceDiffers { organisation } => {
                format!("own-references: het nummer van {organisation} is niet wat is geschreven")
            }
            Self::RowUnreadable { table, why } => {
                format!("{}: een rij is niet te lezen: {why}", table.as_str())
            }
            Self::RowDiffers(difference) => row_in_dutch(difference),
            other => of_the_whole_case(other),
        }
    }

    fn place(&self) -> Value {
        match self {
            Self::Missing { sequence }
            | Self::ChainBroken { sequence }
            | Self::NotAdmitted { sequence }
            | Self::Unreadable { sequence, .. }
            | Self::TextDiffers { sequence }
            | Self::TextMissing { sequence } => json!({"event": sequence}),
            Self::WouldBeRefused { sequence, codes } => json!({"event": sequence, "refusals": codes}),
            Self::DeadlineUnfounded { deadline, sequence } => {
                json!({"deadline": deadline, "event": sequence})
            }
            Self::TextOfNoEvent => json!({"table": "vault"}),
            Self::KeyDiffers | Self::KeyMissing => json!({"table": "keys.data_keys"}),
            Self::OwnReferenceDiffers { organisation } => {
                json!({"table": "own-references", "organisation": organisation})
            }
            Self::RowUnreadable { table, .. } => json!({"table": table.as_str()}),
            Self::RowDiffers(Difference { table, row, .. }) => json!({"table": table.as_str(), "row": row}),
            Self::StockCannotRead { .. } | Self::StockDiffers => json!({}),
        }
    }
}

/// A finding about no event in particular.
fn of_the_whole_case(finding: &Finding) -> String {
    match finding {
        Finding::StockCannotRead { why } => format!("de standaardbibliotheek kan het niet lezen: {why}"),
        Finding::StockDiffers => "de standaardbibliotheek komt op een andere toestand uit".to_owned(),
        Finding::TextOfNoEvent => {
            "de kluis heeft een privétekst waarnaar geen gebeurtenis verwijst".to_owned()
        }
        Finding::KeyDiffers => "de sleutel van de privéteksten opent niet".to_owned(),
        Finding::KeyMissing => {
            "de kluis heeft privéteksten, maar keys.data_keys heeft er geen sleutel voor".to_owned()
        }
        other => other.to_string(),
    }
}

fn row_in_dutch(Difference { table, row, fault }: &Difference) -> String {
    let fault = match fault {
        RowFault::Missing => "ontbreekt".to_owned(),
        RowFault::Unfounded => "volgt niet uit de gebeurtenissen".to_owned(),
        RowFault::SaysElse(columns) => format!("zegt iets anders: {}", columns.join("; ")),
    };
    format!("{}: {row} {fault}", table.as_str())
}
