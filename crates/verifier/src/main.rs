//! `omklap-verify FILE [--key PUBLIC-KEY]…`: is this case file what was recorded?
//!
//! Exit code 0: nothing was changed. 1: something was, and the first such thing is named. 2: the question was not understood,
//! or the file cannot be read.

use std::io::{Write, stderr, stdout};
use std::process::ExitCode;
use std::{env, fs};

use omklap_verifier::{PublicKey, Verdict, verify};

const USAGE: &str = "omklap-verify FILE [--key PUBLIC-KEY]...

Checks a case file that omklap exported: every text, event, hash, link, leaf and signature.
With --key only that key of the ledger is believed (more than one where it was replaced);
without, the keys that the file brings along, which shows only that it agrees with itself.

Exit code: 0 nothing was changed, 1 something was, 2 the file cannot be read.";

fn main() -> ExitCode {
    match asked(env::args().skip(1)) {
        Ok((file, keys)) => {
            let by_itself = keys.is_empty();
            match verify(&file, &keys) {
                Ok(verdict) => {
                    tell(&in_words(&verdict, by_itself));
                    ExitCode::SUCCESS
                }
                Err(wrong) => {
                    tell(&format!("NOT AS RECORDED\n{wrong}"));
                    ExitCode::from(1)
                }
            }
        }
        Err(why) => {
            complain(&why);
            ExitCode::from(2)
        }
    }
}

/// The file and the keys that the command line names.
fn asked(mut arguments: impl Iterator<Item = String>) -> Result<(Vec<u8>, Vec<PublicKey>), String> {
    let (mut file, mut keys) = (None, Vec::new());
    while let Some(argument) = arguments.next() {
        if argument == "--key" {
            let key = arguments.next().ok_or("--key needs a public key")?;
            keys.push(key.parse().map_err(|wrong: omklap_verifier::Wrong| wrong.to_string())?);
        } else if argument.starts_with('-') || file.is_some() {
            return Err(USAGE.to_owned());
        } else {
            file = Some(argument);
        }
    }
    let file = file.ok_or(USAGE)?;
    let bytes = fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
    Ok((bytes, keys))
}

fn in_words(verdict: &Verdict, by_itself: bool) -> String {
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
    let warning = if by_itself {
        "\n\nThe file itself names the key. Compare it with the one that the ledger's operator publishes,\nor give that one with --key."
    } else {
        ""
    };
    let on_seal = match texts_on_seal {
        0 => String::new(),
        some => format!(", {some} as the seal alone says"),
    };
    format!(
        "AS RECORDED
case        {trajectory}
exported    {exported_at}
phase       {phase}
events      {events}, each in its place in the chain ({withheld} by their hash alone: not for the holder)
texts       {texts} as they were recorded{on_seal}, {texts_erased} erased, {texts_withheld} not for the holder
ledger      every event is among the {tree_size} events that were signed
signed by   {signed_by}{warning}"
    )
}

/// That nobody reads on is no error.
fn tell(text: &str) {
    writeln!(stdout(), "{text}").ok();
}

fn complain(text: &str) {
    writeln!(stderr(), "{text}").ok();
}
