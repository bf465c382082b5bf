//! What is wrong with the ledger as a whole, as the command line prints it.

use omklap_store::tree::LedgerFinding;
use serde_json::{Value, json};

use super::found::Found;

impl Found for LedgerFinding {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::Schema { object, how } => format!("schema: {object} {}", how_in_dutch(how)),
            Self::Stream { stream, finding } => format!("{stream}: {}", finding.in_dutch()),
            Self::EventGone { leaf, position } => {
                format!("blad {leaf}: de gebeurtenis die op positie {position} is ondertekend, ontbreekt")
            }
            Self::NotSealed { trajectory } => {
                format!("destruction {trajectory}: dit register heeft deze verklaring niet verzegeld")
            }
            Self::NotDestroyed { stream, sequence } => {
                format!(
                    "{stream}: de verklaring zegt dat dit is vernietigd, maar gebeurtenis {sequence} bestaat"
                )
            }
            Self::NotInTree { stream, sequence, position } => format!(
                "{stream}: gebeurtenis {sequence} op positie {position} is niet in de boom, en latere zijn dat wel"
            ),
            Self::LeafDiffers { leaf, stream, sequence, position } => format!(
                "blad {leaf}: {stream}: gebeurtenis {sequence} op positie {position} is niet degene die is ondertekend"
            ),
            Self::TileDiffers { level, number } => {
                format!("tegel {number} van laag {level} van de boom ontbreekt of volgt niet uit de bladeren")
            }
            Self::HeadDiffers { stream, how } => {
                format!("{stream}: hoe ver dit is, is niet wat is ondertekend: {how}")
            }
            other => of_checkpoints(other),
        }
    }

    fn place(&self) -> Value {
        match self {
            Self::Schema { object, .. } => json!({"object": object}),
            Self::Stream { stream, finding } => {
                let mut place = finding.place();
                place["stream"] = stream.as_str().into();
                place
            }
            Self::EventGone { leaf, position } => json!({"leaf": leaf, "position": position}),
            Self::NotSealed { trajectory } => json!({"trajectory": trajectory}),
            Self::NotDestroyed { stream, sequence } => json!({"stream": stream, "event": sequence}),
            Self::NotInTree { stream, sequence, position } => {
                json!({"stream": stream, "event": sequence, "position": position})
            }
            Self::LeafDiffers { leaf, stream, sequence, position } => {
                json!({"leaf": leaf, "stream": stream, "event": sequence, "position": position})
            }
            Self::TileDiffers { level, number } => json!({"level": level, "tile": number}),
            Self::HeadDiffers { stream, .. } => json!({"stream": stream}),
            Self::TimeStepsBack { stream, sequence, position, recorded_at, before } => json!({
                "stream": stream, "event": sequence, "position": position, "recordedAt": recorded_at, "before": before,
            }),
            Self::TimeAhead { stream, sequence, position, recorded_at } => json!({
                "stream": stream, "event": sequence, "position": position, "recordedAt": recorded_at,
            }),
            other => place_in_checkpoints(other),
        }
    }
}

/// What is wrong with checkpoints, or with the times of events.
fn of_checkpoints(finding: &LedgerFinding) -> String {
    use LedgerFinding as F;
    match finding {
        F::NotSigned { tree_size, .. } => {
            format!("het controlepunt van {tree_size} bladeren is niet geldig ondertekend")
        }
        F::AnotherTree { first, last } => {
            format!("de controlepunten van {first} tot {last} bladeren ondertekenden een andere boom")
        }
        F::CutOff { signed, there } => {
            format!("een boom van {signed} bladeren is ondertekend, maar er zijn er maar {there}")
        }
        F::Unsigned { signed, there } => {
            format!("de boom heeft {there} bladeren, en maar {signed} zijn ondertekend")
        }
        F::HeadsDiffer { tree_size } => {
            format!("het controlepunt van {tree_size} bladeren zegt niet hoe ver elk traject was")
        }
        F::SigningLags { events, since } => {
            format!("{events} gebeurtenissen zijn niet ondertekend; de eerste is van {since}")
        }
        F::WitnessesLag { since } => {
            format!("sinds {since} heeft geen quorum van getuigen meeondertekend")
        }
        F::SigningStopped { code } => {
            format!("{code}: er wordt niets ondertekend tot een beheerder heeft gekeken")
        }
        F::TimeStepsBack { stream, sequence, position, recorded_at, before } => format!(
            "{stream}: gebeurtenis {sequence} op positie {position} is vastgelegd op {recorded_at}, na een van {before}"
        ),
        F::TimeAhead { stream, sequence, position, recorded_at } => format!(
            "{stream}: gebeurtenis {sequence} op positie {position} is vastgelegd op {recorded_at}, later dan nu"
        ),
        other => of_the_file(other),
    }
}

/// What is wrong with the checkpoints outside the database.
fn of_the_file(finding: &LedgerFinding) -> String {
    match finding {
        LedgerFinding::LineUnreadable { line } => {
            format!("regel {line} van de controlepunten buiten de database is gewijzigd")
        }
        LedgerFinding::NotInDatabase { line, tree_size } => format!(
            "regel {line} van de controlepunten buiten de database: de database heeft geen zulk controlepunt van \
             {tree_size} bladeren"
        ),
        LedgerFinding::NotOutside { tree_size } => format!(
            "het controlepunt van {tree_size} bladeren ontbreekt buiten de database, en een later is wel ondertekend"
        ),
        other => other.to_string(),
    }
}

fn place_in_checkpoints(finding: &LedgerFinding) -> Value {
    use LedgerFinding as F;
    match finding {
        F::NotSigned { tree_size, .. } | F::HeadsDiffer { tree_size } | F::NotOutside { tree_size } => {
            json!({"treeSize": tree_size})
        }
        F::AnotherTree { first, last } => json!({"firstTreeSize": first, "lastTreeSize": last}),
        F::CutOff { signed, there } | F::Unsigned { signed, there } => {
            json!({"signed": signed, "there": there})
        }
        F::SigningLags { events, since } => json!({"events": events, "since": since}),
        F::WitnessesLag { since } => json!({"since": since}),
        F::SigningStopped { code } => json!({"reason": code}),
        F::LineUnreadable { line } => json!({"line": line}),
        F::NotInDatabase { line, tree_size } => json!({"line": line, "treeSize": tree_size}),
        _ => json!({}),
    }
}

fn how_in_dutch(how: &str) -> &str {
    match how {
        "is missing" => "ontbreekt",
        "was added to what the migrations make" => "is toegevoegd aan wat de migraties maken",
        "is not what the migrations make" => "is niet wat de migraties maken",
        "is behind the last event" => "loopt achter op de laatste gebeurtenis",
        other => other,
    }
}
