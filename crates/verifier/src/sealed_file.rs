//! What every file of a ledger has: a format, keys, one way to be written, and a seal over all of it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Wrong;
use crate::canonical::canonical;
use crate::note::{self, PublicKey, Signed};

/// Reads a file of this format.
pub(crate) fn read(format: &str, file: &[u8]) -> Result<Value, Wrong> {
    let read: Value = serde_json::from_slice(file)
        .map_err(|error| Wrong::at("file", format!("it is not JSON: {error}")))?;
    if read["format"] == format {
        Ok(read)
    } else {
        let what = format!("this program reads {format} here, and the file is {}", read["format"]);
        Err(Wrong::at("format", what))
    }
}

/// The public keys that a file brings along.
pub(crate) fn keys(file: &Value) -> Result<Vec<PublicKey>, Wrong> {
    list(file, "publicKeys")?.iter().map(|key| key.as_str().unwrap_or_default().parse()).collect()
}

pub(crate) fn text<'f>(file: &'f Value, field: &str) -> Result<&'f str, Wrong> {
    file[field].as_str().ok_or_else(|| Wrong::at(field, "it is missing"))
}

pub(crate) fn list<'f>(file: &'f Value, field: &str) -> Result<&'f Vec<Value>, Wrong> {
    file[field].as_array().ok_or_else(|| Wrong::at(field, "it is missing or is no list"))
}

/// Checks that a file is written as such files are, and was sealed like this by one of these keys.
pub(crate) fn check(format: &str, file: &[u8], read: &Value, keys: &[PublicKey]) -> Result<(), Wrong> {
    written_canonically(file, read)?;
    sealed(format, read, keys)
}

/// A file has one way to be written, so that no byte of it can be changed without being seen.
fn written_canonically(file: &[u8], case: &Value) -> Result<(), Wrong> {
    let mut expected =
        canonical(case).ok_or_else(|| Wrong::at("file", "it holds a number that no such file has"))?;
    expected.push('\n');
    if expected.as_bytes() == file {
        return Ok(());
    }
    let same = expected.bytes().zip(file).take_while(|(expected, found)| expected == *found).count();
    Err(Wrong::at(format!("byte {same}"), "the file is not written canonically (RFC 8785) from here on"))
}

/// The seal: a signed note over the hash of everything else.
fn sealed(format: &str, case: &Value, keys: &[PublicKey]) -> Result<(), Wrong> {
    let seal = case["seal"].as_str().ok_or_else(|| Wrong::at("seal", "it is missing"))?;
    let Signed { text, signer, signatures } = note::read(seal, keys, "seal")?;
    // Under its own signatures the seal has no other: they would be bytes that nothing covers.
    if signatures != 1 {
        return Err(Wrong::at("seal", format!("it has {signatures} signatures, and one is the ledger's")));
    }
    let mut rest = case.clone();
    rest.as_object_mut().expect("its fields were read").remove("seal");
    let rest = canonical(&rest).expect("the whole of it was");
    let expected = format!("{}\n{format}\n{}\n", signer.name(), hex::encode(Sha256::digest(rest)));
    if text == expected {
        Ok(())
    } else {
        Err(Wrong::at("seal", "the file is not the one that was sealed when it was exported"))
    }
}
