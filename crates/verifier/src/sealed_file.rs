//! What every exported file has: a format, keys, one way of writing it, and a seal over all of it.

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
        let what = format!("this program reads {format} here, but the file is {}", read["format"]);
        Err(Wrong::at("format", what))
    }
}

/// The public keys in a file.
pub(crate) fn keys(file: &Value) -> Result<Vec<PublicKey>, Wrong> {
    list(file, "publicKeys")?.iter().map(|key| key.as_str().unwrap_or_default().parse()).collect()
}

pub(crate) fn text<'f>(file: &'f Value, field: &str) -> Result<&'f str, Wrong> {
    file[field].as_str().ok_or_else(|| Wrong::at(field, "it is missing"))
}

pub(crate) fn list<'f>(file: &'f Value, field: &str) -> Result<&'f Vec<Value>, Wrong> {
    file[field].as_array().ok_or_else(|| Wrong::at(field, "it is missing or is not a list"))
}

/// Checks that a file is canonical, and that one of these keys sealed exactly this content.
pub(crate) fn check(format: &str, file: &[u8], read: &Value, keys: &[PublicKey]) -> Result<(), Wrong> {
    written_canonically(file, read)?;
    sealed(format, read, keys)
}

/// A file can be written in only one way, so any changed byte is detected.
fn written_canonically(file: &[u8], case: &Value) -> Result<(), Wrong> {
    let mut expected = canonical(case)
        .ok_or_else(|| Wrong::at("file", "it contains a number that such a file cannot have"))?;
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
    // The seal has no signatures but its own: nothing would cover the bytes of another.
    if signatures != 1 {
        return Err(Wrong::at("seal", format!("it has {signatures} signatures; it must have one")));
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
