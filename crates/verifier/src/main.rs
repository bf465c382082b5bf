//! `omklap-verify FILE [--key PUBLIC-KEY]…`: is this file what was recorded?
//! `omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY…`: did the ledger only grow since
//! this checkpoint?
//!
//! Exit code 0: nothing was changed. 1: something was changed, and the first change is named. 2:
//! the arguments are wrong, or a file cannot be read. 3: the file agrees with itself, but no key
//! was given.

mod arguments;
mod words;

use std::env;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use omklap_verifier::{OperatorKey, PublicKey, WitnessKey, Wrong};
use omklap_verifier::{
    admitted, certified, compared, cosigned, is_certificate, kept, only_grew, redeemed, verify,
};
use serde_json::Value;

use arguments::{Arguments, Subject, Task, arguments};
use words::{certified_in_words, compared_in_words, growth_in_words, headed, in_words, kept_in_words};

fn main() -> ExitCode {
    let Arguments { subject, keys, operator, receipt, kept: of_ones_own, witnesses, quorum } =
        match arguments(env::args_os().skip(1)) {
            Ok(Task::Words(words)) => {
                print(&words);
                return ExitCode::SUCCESS;
            }
            Ok(Task::Check(arguments)) => *arguments,
            Err(why) => {
                writeln!(stderr(), "{why}").ok();
                return ExitCode::from(2);
            }
        };
    let witnesses = Witnesses { keys: witnesses, quorum };
    let answered = match subject {
        Subject::File(file) => {
            let words = file_in_words(&file, &keys, receipt.as_deref(), operator.as_ref(), &witnesses)
                .and_then(|words| Ok(words + &held_against(&file, of_ones_own.as_ref(), &keys)?));
            let code = if keys.is_empty() { ExitCode::from(3) } else { ExitCode::SUCCESS };
            words
                .map(|words| (headed(&words, keys.is_empty()), code))
                .map_err(|wrong| ("NOT AS RECORDED", wrong))
        }
        Subject::Growth { kept, proof } => only_grew(&kept, &proof, &keys)
            .and_then(|growth| Ok(growth_in_words(&growth) + &witnesses.in_words(&proof, "/checkpoint")?))
            .map(|words| (words, ExitCode::SUCCESS))
            .map_err(|wrong| ("NOT PROVEN", wrong)),
        Subject::Redemption { receipt, answer } => redeemed(&receipt, &answer, &keys)
            .and_then(|kept| {
                let cosigned = witnesses.in_words(&answer, "/proof/checkpoint")?;
                Ok(format!("KEPT\n{}{cosigned}", kept_in_words(&kept)))
            })
            .map(|words| (words, ExitCode::SUCCESS))
            .map_err(|wrong| ("NOT PROVEN", wrong)),
    };
    match answered {
        Ok((words, code)) => {
            print(&words);
            code
        }
        Err((verdict, wrong)) => {
            print(&format!("{verdict}\n{}", plain(&wrong.to_string())));
            ExitCode::from(1)
        }
    }
}

/// The verdict on an exported file, with the other checks that were requested.
fn file_in_words(
    file: &[u8],
    keys: &[PublicKey],
    receipt: Option<&str>,
    operator: Option<&OperatorKey>,
    witnesses: &Witnesses,
) -> Result<String, Wrong> {
    let mut words = if is_certificate(file) {
        certified_in_words(file, &certified(file, keys)?)
    } else {
        in_words(file, &verify(file, keys)?)
    };
    if let Some(receipt) = receipt {
        words.push('\n');
        words += &kept_in_words(&kept(receipt, file, keys)?);
    }
    if let Some(key) = operator {
        let events = admitted(file, key)?;
        let line = format!("\nadmitted    by the ledger of this operator: {events} of {events} MACs");
        words += &line;
    }
    // It was verified, so it is text.
    words += &witnesses.in_words(&String::from_utf8_lossy(file), "/checkpoint")?;
    Ok(words)
}

/// The last line of the verdict on a file: whether a checkpoint of one's own was held against it.
fn held_against(
    file: &[u8],
    kept: Option<&(String, Option<String>)>,
    keys: &[PublicKey],
) -> Result<String, Wrong> {
    let Some((kept, proof)) = kept else {
        return Ok("\nkept        no checkpoint was held against it (--kept)".to_owned());
    };
    Ok(compared_in_words(compared(file, kept, proof.as_deref(), keys)?))
}

/// The witnesses to trust, and how many of them must have cosigned.
struct Witnesses {
    keys: Vec<WitnessKey>,
    quorum: usize,
}

impl Witnesses {
    /// Who cosigned the checkpoint at this place of a JSON document; nothing if no witness was named.
    fn in_words(&self, document: &str, place: &str) -> Result<String, Wrong> {
        if self.keys.is_empty() {
            return Ok(String::new());
        }
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let note = document.pointer(place).and_then(Value::as_str).unwrap_or_default();
        let by = cosigned(note, &self.keys, self.quorum)?;
        let names = by.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
        Ok(format!("\nwitnessed   by {} of {}: {names}", by.len(), self.keys.len()))
    }
}

/// Text from a file, escaped for a terminal: it cannot move the cursor, begin a line or change the
/// direction of writing.
fn plain(text: &str) -> String {
    let is_unseen = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
    };
    text.chars()
        .map(
            |letter| if is_unseen(letter) { letter.escape_unicode().to_string() } else { letter.to_string() },
        )
        .collect()
}

/// A closed standard output is not an error.
fn print(text: &str) {
    writeln!(stdout(), "{text}").ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_file_cannot_control_the_terminal() {
        assert_eq!(plain("é — 2026\n\u{1b}[2J\u{9b}\u{202e}"), r"é — 2026\u{a}\u{1b}[2J\u{9b}\u{202e}");
    }
}
