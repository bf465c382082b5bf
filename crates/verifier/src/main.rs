//! `omklap-verify FILE [--key PUBLIC-KEY]…`: is this file what was recorded?
//! `omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY…`: did the ledger only grow since
//! this checkpoint?
//!
//! Exit code 0: nothing was changed. 1: something was changed, and the first change is named. 2:
//! the arguments are wrong, or a file cannot be read. 3: the file agrees with itself, but no key
//! was given.

mod arguments;

use std::env;
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;

use omklap_verifier::{Certified, Growth, Kept, OperatorKey, PublicKey, Verdict, WitnessKey, Wrong};
use omklap_verifier::{admitted, certified, cosigned, is_certificate, kept, only_grew, redeemed, verify};
use serde_json::Value;

use arguments::{Arguments, Subject, Task, arguments};

fn main() -> ExitCode {
    let Arguments { subject, keys, operator, receipt, witnesses, quorum } =
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
            let words = file_in_words(&file, &keys, receipt.as_deref(), operator.as_ref(), &witnesses);
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
        certified_in_words(&certified(file, keys)?)
    } else {
        in_words(&verify(file, keys)?)
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

/// A verdict under the heading that says what it is worth.
fn headed(verdict: &str, is_by_itself: bool) -> String {
    if is_by_itself {
        format!(
            "AGREES WITH ITSELF (no key was given)\n{verdict}\n\nThe file itself names the key. Compare it with the one that the ledger's operator publishes,\nor pass that key with --key."
        )
    } else {
        format!("AS RECORDED\n{verdict}")
    }
}

fn in_words(verdict: &Verdict) -> String {
    let Verdict {
        trajectory,
        events,
        withheld,
        texts,
        texts_on_seal,
        texts_erased,
        texts_withheld,
        phase,
        tree_size,
        signed_by,
        exported_at,
    } = verdict;
    let on_seal = match texts_on_seal {
        0 => String::new(),
        some => format!(", {some} covered by the seal alone"),
    };
    let [trajectory, exported_at, phase, signed_by] =
        [trajectory, exported_at, phase, signed_by].map(|text| plain(text));
    format!(
        "case        {trajectory}
exported    {exported_at}
phase       {phase}
events      {events}, each in its place in the chain ({withheld} by their hash alone: not for the holder)
texts       {texts} as they were recorded{on_seal}, {texts_erased} erased, {texts_withheld} not for the holder
ledger      every event is among the {tree_size} events that were signed
signed by   {signed_by}"
    )
}

fn certified_in_words(certified: &Certified) -> String {
    let Certified { trajectory, destroyed_on, term, events, tree_size, signed_by, exported_at } = certified;
    let [trajectory, destroyed_on, signed_by, exported_at] =
        [trajectory, destroyed_on, signed_by, exported_at].map(|text| plain(text));
    let [rule, ended_on, destroy_from] = term.each_ref().map(|text| plain(text));
    format!(
        "case        {trajectory}
exported    {exported_at}
destroyed   {destroyed_on} ({rule}: ended {ended_on}, kept until {destroy_from})
events      {events} destroyed, each named by its place and its hash
ledger      the certificate is among the {tree_size} events that were signed
signed by   {signed_by}"
    )
}

fn kept_in_words(kept: &Kept) -> String {
    let Kept { sequence, recorded_at } = kept;
    let recorded_at = plain(recorded_at);
    format!("receipt     kept: event {sequence}, recorded {recorded_at}, and every event before it")
}

fn growth_in_words(growth: &Growth) -> String {
    let Growth { from, to, signed_by: [earlier, later] } = growth;
    let [earlier, later] = [earlier, later].map(|text| plain(text));
    format!(
        "ONLY GREW
kept        a ledger of {from} events, signed by {earlier}
now         the same events and {} more, signed by {later}",
        to - from
    )
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
