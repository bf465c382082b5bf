//! What the arguments ask for.

use std::ffi::{OsStr, OsString};
use std::fs;

use omklap_verifier::{OperatorKey, PublicKey, WitnessKey, Wrong};

const USAGE: &str = "omklap-verify FILE [--key PUBLIC-KEY]... [--operator KEY-FILE]
omklap-verify FILE --receipt RECEIPT --key PUBLIC-KEY...
omklap-verify FILE --kept CHECKPOINT [--proof PROOF] --key PUBLIC-KEY...
omklap-verify --redeemed ANSWER --receipt RECEIPT --key PUBLIC-KEY...
omklap-verify --consistency CHECKPOINT PROOF --key PUBLIC-KEY...
Each with [--witness WITNESS-KEY]... [--quorum NUMBER]

The first checks a file that omklap exported: every text, event, hash, link, leaf and signature of a case,
or the certificate of a case that was destroyed.
The second checks the same, and whether the ledger kept the promise in the file RECEIPT, which it gave
when a fact was reported.
The third checks the same, and holds the file against the checkpoint in the file CHECKPOINT, which you kept
or read from the ledger today. Unless both cover as much, PROOF is the response of
/v1/ledger/proofs/consistency?from=&to= with both sizes, the smaller first.
The fourth checks that promise without the file of the case:
ANSWER is the response of /v1/trajectories/{id}/receipts/{hash}.
The fifth checks that a ledger only grew since the checkpoint in the file CHECKPOINT:
PROOF is the response of /v1/ledger/proofs/consistency?from= with the size of that checkpoint.

With --key only that key of the ledger is trusted (give more than one if it was replaced). Without --key
a file is checked with the keys in the file itself, which shows only that it agrees with itself.

With --operator, which needs the file with the operator's key, the MAC of every event is checked too:
each was admitted by that operator's ledger, and not written into its database by somebody else.

With --witness that witness must have cosigned the checkpoint: it has seen no other history under this
ledger's name. With --quorum that many of the named witnesses are enough.

Exit code: 0 nothing was changed, 1 something was changed, 2 a file cannot be read, 3 it agrees with itself.";

/// What to do.
pub(crate) enum Task {
    /// Print these words.
    Words(String),
    /// Check something.
    Check(Box<Arguments>),
}

/// What to check, and by which keys.
pub(crate) struct Arguments {
    pub subject: Subject,
    pub keys: Vec<PublicKey>,
    pub operator: Option<OperatorKey>,
    /// For a file: the receipt that it must keep.
    pub receipt: Option<String>,
    /// For a file: the checkpoint to hold against it, and the proof between the two.
    pub kept: Option<(String, Option<String>)>,
    pub witnesses: Vec<WitnessKey>,
    pub quorum: usize,
}

/// What to check.
pub(crate) enum Subject {
    File(Vec<u8>),
    Growth { kept: String, proof: String },
    Redemption { receipt: String, answer: String },
}

/// The options of the command line, as they were given.
#[derive(Default)]
struct Given {
    files: Vec<OsString>,
    keys: Vec<PublicKey>,
    is_growth: bool,
    operator: Option<OperatorKey>,
    receipt: Option<String>,
    kept: Option<String>,
    proof: Option<String>,
    redeemed: Option<String>,
    witnesses: Vec<WitnessKey>,
    quorum: Option<usize>,
}

/// The files and the keys on the command line.
pub(crate) fn arguments(mut arguments: impl Iterator<Item = OsString>) -> Result<Task, String> {
    let mut given = Given::default();
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Task::Words(USAGE.to_owned())),
            Some("--version" | "-V") => {
                return Ok(Task::Words(concat!("omklap-verify ", env!("CARGO_PKG_VERSION")).to_owned()));
            }
            Some("--consistency") => given.is_growth = true,
            Some(option) if option.starts_with('-') => given.read(option, arguments.next())?,
            _ => given.files.push(argument),
        }
    }
    given.checked().map(Box::new).map(Task::Check)
}

impl Given {
    fn read(&mut self, option: &str, value: Option<OsString>) -> Result<(), String> {
        let value = |what: &str| value.ok_or_else(|| format!("{option} needs {what}"));
        let in_words = |wrong: Wrong| wrong.to_string();
        match option {
            "--key" => {
                self.keys.push(value("a public key")?.to_string_lossy().parse().map_err(in_words)?);
            }
            "--witness" => {
                let key = value("the public key of a witness")?;
                self.witnesses.push(key.to_string_lossy().parse().map_err(in_words)?);
            }
            "--quorum" => {
                let number = value("a number")?.to_string_lossy().parse().ok();
                self.quorum =
                    Some(number.filter(|quorum| *quorum > 0).ok_or("--quorum needs a number from 1 on")?);
            }
            "--receipt" => self.receipt = Some(text(&value("a file with a receipt")?)?),
            "--kept" => self.kept = Some(text(&value("a file with a checkpoint")?)?),
            "--proof" => self.proof = Some(text(&value("a file with a proof of consistency")?)?),
            "--redeemed" => self.redeemed = Some(text(&value("a file with the answer to a receipt")?)?),
            "--operator" => {
                let file = value("a file with the operator's key")?;
                self.operator = Some(text(&file)?.parse().map_err(in_words)?);
            }
            _ => return Err(USAGE.to_owned()),
        }
        Ok(())
    }

    fn checked(self) -> Result<Arguments, String> {
        let Self { files, keys, is_growth, operator, receipt, kept, proof, redeemed, witnesses, quorum } =
            self;
        let is_of_a_file = !is_growth && redeemed.is_none() && files.len() == 1;
        if (kept.is_some() || proof.is_some()) && !(is_of_a_file && kept.is_some()) {
            return Err("--kept needs an exported file, and --proof needs --kept".to_owned());
        }
        if kept.is_some() && keys.is_empty() {
            return Err("--kept needs a --key to trust".to_owned());
        }
        let quorum = quorum.unwrap_or(witnesses.len());
        if quorum > witnesses.len() {
            return Err(format!("--quorum {quorum} needs as many --witness keys"));
        }
        let needs_key = |option: &str| format!("{option} needs a --key to trust");
        let (subject, receipt) = match (is_growth, redeemed, files.as_slice()) {
            (false, Some(_), []) if keys.is_empty() => return Err(needs_key("--redeemed")),
            (false, Some(answer), []) if operator.is_none() => {
                let receipt = receipt.ok_or("--redeemed needs the --receipt that was redeemed")?;
                (Subject::Redemption { receipt, answer }, None)
            }
            (_, Some(_), _) => return Err("--redeemed needs a --receipt, and no exported file".to_owned()),
            (false, None, [_]) if receipt.is_some() && keys.is_empty() => return Err(needs_key("--receipt")),
            (false, None, [file]) => (Subject::File(read(file)?), receipt),
            (true, None, _) if operator.is_some() || receipt.is_some() => {
                return Err("--operator and --receipt need an exported file".to_owned());
            }
            (true, None, [_, _]) if keys.is_empty() => return Err(needs_key("--consistency")),
            (true, None, [kept, proof]) => (Subject::Growth { kept: text(kept)?, proof: text(proof)? }, None),
            _ => return Err(USAGE.to_owned()),
        };
        let kept = kept.map(|kept| (kept, proof));
        Ok(Arguments { subject, keys, operator, receipt, kept, witnesses, quorum })
    }
}

fn read(file: &OsStr) -> Result<Vec<u8>, String> {
    fs::read(file).map_err(|error| crate::plain(&format!("{}: {error}", file.display())))
}

fn text(file: &OsStr) -> Result<String, String> {
    String::from_utf8(read(file)?).map_err(|_| crate::plain(&format!("{}: it is not text", file.display())))
}
