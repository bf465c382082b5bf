//! `omklap-verify FILE [--key PUBLIC-KEY]…`: is this case file what was recorded?
//! `omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY…`: did the ledger only grow since this checkpoint?
//!
//! Exit code 0: nothing was changed. 1: something was, and the first such thing is named. 2: the question was not understood,
//! or a file cannot be read. 3: the case file agrees with itself, and no key was given to believe.

use std::ffi::{OsStr, OsString};
use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::{env, fs};

use omklap_verifier::{Growth, PublicKey, Verdict, Wrong, only_grew, verify};

const USAGE: &str = "omklap-verify FILE [--key PUBLIC-KEY]...
omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY...

The first checks a case file that omklap exported: every text, event, hash, link, leaf and signature.
The second checks that a ledger only grew since somebody kept the checkpoint in the file CHECKPOINT:
PROOF is the answer of /v1/ledger/proofs/consistency?from= with the size of that checkpoint.

With --key only that key of the ledger is believed (more than one where it was replaced). A case file
without it is checked by the keys that it brings along, which shows only that it agrees with itself.

Exit code: 0 nothing was changed, 1 something was, 2 a file cannot be read, 3 it agrees with itself.";

/// What the command line asks.
enum Asked {
    Case { file: Vec<u8>, keys: Vec<PublicKey> },
    Growth { kept: String, proof: String, keys: Vec<PublicKey> },
    Words(String),
}

fn main() -> ExitCode {
    let answered = match asked(env::args_os().skip(1)) {
        Ok(Asked::Words(words)) => {
            tell(&words);
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Case { file, keys }) => {
            let is_by_itself = keys.is_empty();
            let code = if is_by_itself { ExitCode::from(3) } else { ExitCode::SUCCESS };
            verify(&file, &keys)
                .map(|verdict| (in_words(&verdict, is_by_itself), code))
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
            tell(&words);
            code
        }
        Err((verdict, wrong)) => {
            tell(&format!("{verdict}\n{}", plain(&wrong.to_string())));
            ExitCode::from(1)
        }
    }
}

/// The files and the keys that the command line names.
fn asked(mut arguments: impl Iterator<Item = OsString>) -> Result<Asked, String> {
    let (mut files, mut keys, mut is_growth) = (Vec::new(), Vec::new(), false);
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
            Some(option) if option.starts_with('-') => return Err(USAGE.to_owned()),
            _ => files.push(argument),
        }
    }
    match (is_growth, files.as_slice()) {
        (false, [file]) => Ok(Asked::Case { file: read(file)?, keys }),
        (true, [_, _]) if keys.is_empty() => Err("--consistency needs a --key to believe".to_owned()),
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

fn in_words(verdict: &Verdict, is_by_itself: bool) -> String {
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
    let (heading, advice) = if is_by_itself {
        (
            "AGREES WITH ITSELF (no key was given)",
            "\n\nThe file itself names the key. Compare it with the one that the ledger's operator publishes,\nor give that one with --key.",
        )
    } else {
        ("AS RECORDED", "")
    };
    let on_seal = match texts_on_seal {
        0 => String::new(),
        some => format!(", {some} as the seal alone says"),
    };
    let [trajectory, exported_at, phase, signed_by] =
        [trajectory, exported_at, phase, signed_by].map(|told| plain(told));
    format!(
        "{heading}
case        {trajectory}
exported    {exported_at}
phase       {phase}
events      {events}, each in its place in the chain ({withheld} by their hash alone: not for the holder)
texts       {texts} as they were recorded{on_seal}, {texts_erased} erased, {texts_withheld} not for the holder
ledger      every event is among the {tree_size} events that were signed
signed by   {signed_by}{advice}"
    )
}

fn growth_in_words(growth: &Growth) -> String {
    let Growth { from, to, signed_by: [earlier, later] } = growth;
    let [earlier, later] = [earlier, later].map(|told| plain(told));
    format!(
        "ONLY GREW
kept        a ledger of {from} events, signed by {earlier}
now         the same events and {} more, signed by {later}",
        to - from
    )
}

/// Text of a file as a terminal may be shown it: nothing in it moves the cursor, begins a line or turns the direction of writing.
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

/// That nobody reads on is no error.
fn tell(text: &str) {
    writeln!(stdout(), "{text}").ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_says_does_nothing_to_the_terminal() {
        assert_eq!(plain("é — 2026\n\u{1b}[2J\u{9b}\u{202e}"), r"é — 2026\u{a}\u{1b}[2J\u{9b}\u{202e}");
    }
}
