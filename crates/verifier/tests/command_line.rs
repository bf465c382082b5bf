//! The command line of `omklap-verify`. Its verdicts on case files are tested where these are
//! written.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Output};

const KEY: &str = "omklap.example.org/ledger+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

#[test]
fn help_and_version_are_printed() {
    for arguments in ["--help", "-h"] {
        let (code, said, complained) = ran([arguments]);
        assert_eq!((code, complained.as_str()), (Some(0), ""));
        assert!(said.starts_with("omklap-verify FILE"), "{said}");
    }
    let (code, said, _) = ran(["--version"]);
    assert_eq!((code, said.as_str()), (Some(0), concat!("omklap-verify ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn wrong_arguments_give_no_verdict() {
    for arguments in [
        &[][..],
        &["--unknown"],
        &["one", "two"],
        &["no-such-file"],
        &["--key"],
        &["no-such-file", "--key", "no key"],
        &["no-such-file", "--receipt"],
        &["Cargo.toml", "--receipt", "Cargo.toml"],
        &["--consistency", "one", "two", "--receipt", "Cargo.toml", "--key", KEY],
        &["Cargo.toml", "--kept", "Cargo.toml"],
        &["Cargo.toml", "--proof", "Cargo.toml", "--key", KEY],
        &["--consistency", "one", "two", "--kept", "Cargo.toml", "--key", KEY],
        &["no-such-file", "--operator"],
        &["no-such-file", "--operator", "no-such-key"],
        &["Cargo.toml", "--operator", "Cargo.toml"],
        &["--consistency", "one", "--key", KEY],
        &["--consistency", "one", "two"],
    ] {
        let (code, said, complained) = ran(arguments);
        assert_eq!((code, said.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!complained.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_file_may_have_any_name_and_its_name_cannot_control_the_terminal() {
    let (code, _, complained) = ran([OsStr::from_bytes(b"no \xff such\x1b[2J")]);
    assert_eq!(code, Some(2));
    assert!(complained.starts_with("no \u{fffd} such\\u{1b}[2J: "), "{complained}");
}

fn ran(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> (Option<i32>, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_omklap-verify")).args(arguments).output();
    let Output { status, stdout, stderr } = run.expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (status.code(), text(stdout), text(stderr))
}
