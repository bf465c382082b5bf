//! `omklap-verify FILE [--key PUBLIC-KEY]…`: is this file what was recorded?
//! `omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY…`: did the ledger only grow since
//! this checkpoint?
//!
//! Exit code 0: nothing was changed. 1: something was changed, and the first change is named. 2:
//! the arguments are wrong, or a file cannot be read. 3: the file agrees with itself, but no key
//! was given.

use std::ffi::{OsStr, OsString};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::{env, fs};

use omklap_verifier::{Certified, Growth, Kept, OperatorKey, PublicKey, Verdict, Wrong};
use omklap_verifier::{admitted, certified, is_certificate, kept, only_grew, verify};

const USAGE: &str = "omklap-verify FILE [--key PUBLIC-KEY]... [--operator KEY-FILE]
omklap-verify FILE --receipt RECEIPT --key PUBLIC-KEY...
omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY...

The first checks a file that omklap exported: every text, event, hash, link, leaf and signature of a case,
or the certificate of a case that was destroyed.
The second checks the same, and whether the ledger kept the promise in the file RECEIPT, which it gave
when a fact was reported.
The third checks that a ledger only grew since the checkpoint in the file CHECKPOINT:
PROOF is the response of /v1/ledger/proofs/consistency?from= with the size of that checkpoint.

With --key only that key of the ledger is trusted (give more than one if it was replaced). Without --key
a file is checked with the keys in the file itself, which shows only that it agrees with itself.

With --operator, which needs the file with the operator's key, the MAC of every event is checked too:
each was admitted by that operator's ledger, and not written into its database by somebody else.

Exit code: 0 nothing was changed, 1 something was changed, 2 a file cannot be read, 3 it agrees with itself.";

/// What the arguments ask for.
enum Asked {
    File { file: Vec<u8>, keys: Vec<PublicKey>, operator: Option<OperatorKey>, receipt: Option<String> },
    Growth { kept: String, proof: String, keys: Vec<PublicKey> },
    Words(String),
}

fn main() -> ExitCode {
    let answered = match asked(env::args_os().skip(1)) {
        Ok(Asked::Words(words)) => {
            print(&words);
            return ExitCode::SUCCESS;
        }
        Ok(Asked::File { file, keys, operator, receipt }) => {
            let is_by_itself = keys.is_empty();
            let code = if is_by_itself { ExitCode::from(3) } else { ExitCode::SUCCESS };
            let words = if is_certificate(&file) {
                certified(&file, &keys).map(|certified| certified_in_words(&certified))
            } else {
                verify(&file, &keys).map(|verdict| in_words(&verdict))
            };
            let words = words.and_then(|words| match &receipt {
                None => Ok(words),
                Some(receipt) => {
                    kept(receipt, &file, &keys).map(|kept| format!("{words}\n{}", kept_in_words(&kept)))
                }
            });
            let words = words.and_then(|words| match operator {
                None => Ok(words),
                Some(key) => admitted(&file, &key).map(|events| {
                    format!("{words}\nadmitted    by the ledger of this operator: {events} of {events} MACs")
                }),
            });
            words
                .map(|words| (headed(&words, is_by_itself), code))
                .map_err(|wrong| ("NOT AS RECORDED", wrong))
        }
        Ok(Asked::Growth { kept, proof, keys }) => only_grew(&kept, &proof, &keys)
            .map(|growth| (growth_in_words(&growth), ExitCode::SUCCESS))
            .map_err(|wrong| ("NOT PROVEN", wrong)),
        Err(why) => {
            writeln!(stderr(), "{why}").ok();
            return ExitCode::from(2);
        }
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

/// The files and the keys on the command line.
fn asked(mut arguments: impl Iterator<Item = OsString>) -> Result<Asked, String> {
    let (mut files, mut keys, mut is_growth) = (Vec::new(), Vec::new(), false);
    let (mut operator, mut receipt) = (None, None);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Asked::Words(USAGE.to_owned())),
            Some("--version" | "-V") => {
                return Ok(Asked::Words(concat!("omklap-verify ", env!("CARGO_PKG_VERSION")).to_owned()));
            }
            Some("--consistency") => is_growth = true,
            Some("--key") => {
                let key = arguments.next().ok_or("--key needs a public key")?;
                keys.push(key.to_string_lossy().parse().map_err(|wrong: Wrong| wrong.to_string())?);
            }
            Some("--receipt") => {
                let file = arguments.next().ok_or("--receipt needs a file with a receipt")?;
                receipt = Some(text(&file)?);
            }
            Some("--operator") => {
                let file = arguments.next().ok_or("--operator needs a file with the operator's key")?;
                operator = Some(text(&file)?.parse().map_err(|wrong: Wrong| wrong.to_string())?);
            }
            Some(option) if option.starts_with('-') => return Err(USAGE.to_owned()),
            _ => files.push(argument),
        }
    }
    match (is_growth, files.as_slice()) {
        (false, [_]) if receipt.is_some() && keys.is_empty() => {
            Err("--receipt needs a --key to trust".to_owned())
        }
        (false, [file]) => Ok(Asked::File { file: read(file)?, keys, operator, receipt }),
        (true, _) if operator.is_some() || receipt.is_some() => {
            Err("--operator and --receipt need an exported file".to_owned())
        }
        (true, [_, _]) if keys.is_empty() => Err("--consistency needs a --key to trust".to_owned()),
        (true, [kept, proof]) => Ok(Asked::Growth { kept: text(kept)?, proof: text(proof)?, keys }),
        _ => Err(USAGE.to_owned()),
    }
}

fn read(file: &OsStr) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| plain(&format!("{}: {error}", file.display())))
}

fn text(file: &OsStr) -> Result<String, String> {
    String::from_utf8(read(file)?).map_err(|_| plain(&format!("{}: it is not text", file.display())))
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
