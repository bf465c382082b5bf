//! Standard output and standard error of the commands. If nobody reads the output any more, as
//! after `| head -1`, a command ends quietly and closes what it opened.

use std::borrow::Cow;
use std::error::Error;
use std::fmt::{Arguments, Write as _};
use std::io::{self, ErrorKind, Write as _, stderr, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::ExitCode;
use std::sync::OnceLock;

use indicatif::ProgressBar;
use serde_json::{Value, json};

/// What a shell makes of a program that was ended by SIGPIPE.
const READER_GONE: u8 = 141;

/// Why a command is left in the middle of its output.
struct Unwritable(io::Error);

/// Prints a line of the answer on standard output.
macro_rules! out {
    ($($words:tt)*) => { $crate::cli::output::line(format_args!($($words)*)) };
}
pub(super) use out;

/// Prints a line beside the answer on standard error.
macro_rules! note {
    ($($words:tt)*) => { $crate::cli::output::beside(format_args!($($words)*)) };
}
pub(super) use note;

/// Whether results are printed as JSON in this run.
static AS_JSON: OnceLock<bool> = OnceLock::new();

/// Sets whether results are printed as JSON.
pub(super) fn print_json(wanted: bool) {
    AS_JSON.get_or_init(|| wanted);
}

/// Whether results are printed as JSON.
pub(super) fn as_json() -> bool {
    AS_JSON.get().copied().unwrap_or_default()
}

/// Prints a result: one JSON object on a line, or words.
pub(super) fn result(json: &Value, words: &str) {
    if as_json() { out!("{json}") } else { out!("{words}") }
}

/// Prints a line of the answer.
pub(super) fn line(words: Arguments<'_>) {
    written(writeln!(stdout().lock(), "{}", harmless(&words.to_string())));
}

/// A terminal obeys control characters, and what people wrote can have them: they are printed as JSON
/// writes them.
fn harmless(words: &str) -> Cow<'_, str> {
    let is_obeyed = |letter: char| letter.is_control() && letter != '\n';
    if !words.contains(is_obeyed) {
        return Cow::Borrowed(words);
    }
    let mut printed = String::with_capacity(words.len());
    for letter in words.chars() {
        if is_obeyed(letter) {
            write!(printed, "\\u{:04x}", u32::from(letter)).expect("writing to a string cannot fail");
        } else {
            printed.push(letter);
        }
    }
    Cow::Owned(printed)
}

/// Prints a line while a bar is drawn on standard error, which makes room for it.
pub(super) fn line_beside(bar: &ProgressBar, words: &str) {
    // The bar holds a lock while it makes room: it is left as usual, and only then anything
    // unwinds.
    written(bar.suspend(|| writeln!(stdout().lock(), "{}", harmless(words))));
}

/// Prints a text as it is.
pub(super) fn text(text: &str) {
    written(stdout().lock().write_all(text.as_bytes()).and_then(|()| stdout().flush()));
}

/// Prints a line on standard error. A failure is ignored: programs read standard output only.
pub(super) fn beside(words: Arguments<'_>) {
    writeln!(stderr().lock(), "{}", harmless(&words.to_string())).ok();
}

/// Unwinds without a message if it was not written, so that everything the command holds is
/// dropped.
fn written(outcome: io::Result<()>) {
    if let Err(error) = outcome {
        resume_unwind(Box::new(Unwritable(error)));
    }
}

/// Runs a command to its end, or to the end of its output.
pub(super) fn until_nobody_reads(command: impl FnOnce() -> Result<ExitCode, Box<dyn Error>>) -> ExitCode {
    match catch_unwind(AssertUnwindSafe(command)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => match error.downcast_ref::<io::Error>() {
            Some(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(READER_GONE),
            _ => failed(error.as_ref()),
        },
        Err(unwound) => match unwound.downcast::<Unwritable>() {
            Ok(unwritable) if unwritable.0.kind() == ErrorKind::BrokenPipe => ExitCode::from(READER_GONE),
            Ok(unwritable) => failed(&unwritable.0),
            Err(panicked) => resume_unwind(panicked),
        },
    }
}

/// Prints on standard error why a command failed: in words, or as a JSON object for programs.
pub(super) fn failed(error: &dyn Error) -> ExitCode {
    if as_json() {
        note!("{}", json!({"error": error.to_string()}));
    } else {
        note!("omklap: {error}");
    }
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_a_terminal_would_obey_is_printed_as_json_writes_it() {
        assert_eq!(harmless("De Vaart\n  telefoon 020"), "De Vaart\n  telefoon 020");
        let title = "De\u{1b}]0;x\u{7} Vaart\r\u{9b}2J\t\0";
        assert_eq!(harmless(title), "De\\u001b]0;x\\u0007 Vaart\\u000d\\u009b2J\\u0009\\u0000");
    }
}
