//! Verdicts as people read them.

use std::cmp::Ordering;

use omklap_verifier::{Certified, Compared, Growth, Kept, Verdict};
use sha2::{Digest, Sha256};

use crate::plain;

/// A verdict under the heading that says what it is worth.
pub(crate) fn headed(verdict: &str, is_by_itself: bool) -> String {
    if is_by_itself {
        format!(
            "AGREES WITH ITSELF (no key was given)\n{verdict}\n\nThe file itself names the key. Compare it with the one that the ledger's operator publishes,\nor pass that key with --key."
        )
    } else {
        format!("AS RECORDED\n{verdict}")
    }
}

/// The verdict on a case file.
pub(crate) fn in_words(file: &[u8], verdict: &Verdict) -> String {
    let Verdict {
        trajectory,
        events,
        is_complete,
        withheld,
        in_part,
        texts,
        texts_on_seal,
        texts_erased,
        texts_withheld,
        phase,
        tree_size,
        root,
        signed_by,
        exported_at,
        exported_for: [organisation, role],
    } = verdict;
    let on_seal = match texts_on_seal {
        0 => String::new(),
        some => format!(", {some} covered by the seal alone"),
    };
    let complete = if *is_complete {
        "the ledger states that the case had no other event at this checkpoint"
    } else {
        "not shown: the file is from before ledgers stated it"
    };
    let [trajectory, exported_at, phase, signed_by] =
        [trajectory, exported_at, phase, signed_by].map(|text| plain(text));
    let [organisation, role] = [organisation, role].map(|text| plain(text));
    let in_full = events - withheld;
    let as_hash = withheld - in_part;
    format!(
        "{}
case        {trajectory}
exported    {exported_at} for {organisation} as {role}
phase       {phase}
events      {events}, each in its place in the chain
shown       {in_full} in full, {in_part} in part (this rests on the seal alone), {as_hash} as a hash
complete    {complete}
texts       {texts} as they were recorded{on_seal}, {texts_erased} erased, {texts_withheld} not for the holder
ledger      every event is among the {tree_size} leaves that were signed, root {root}
signed by   {signed_by}",
        of_file(file)
    )
}

/// Which file was checked, and by what.
fn of_file(file: &[u8]) -> String {
    let digest = hex::encode(Sha256::digest(file));
    format!("file        SHA-256 {digest}\nchecked by  omklap-verify {}", env!("CARGO_PKG_VERSION"))
}

/// The verdict on a certificate.
pub(crate) fn certified_in_words(file: &[u8], certified: &Certified) -> String {
    let Certified { trajectory, destroyed_on, term, events, tree_size, root, signed_by, exported_at } =
        certified;
    let [trajectory, destroyed_on, signed_by, exported_at] =
        [trajectory, destroyed_on, signed_by, exported_at].map(|text| plain(text));
    let [rule, ended_on, destroy_from] = term.each_ref().map(|text| plain(text));
    format!(
        "{}
case        {trajectory}
exported    {exported_at}
destroyed   {destroyed_on} ({rule}: ended {ended_on}, kept until {destroy_from})
events      {events} destroyed, each named by its place and its hash
ledger      the certificate is among the {tree_size} leaves that were signed, root {root}
signed by   {signed_by}",
        of_file(file)
    )
}

/// That a receipt was kept.
pub(crate) fn kept_in_words(kept: &Kept) -> String {
    let Kept { sequence, recorded_at } = kept;
    let recorded_at = plain(recorded_at);
    format!("receipt     kept: event {sequence}, recorded {recorded_at}, and every event before it")
}

/// How a ledger grew.
pub(crate) fn growth_in_words(growth: &Growth) -> String {
    let Growth { from, to, signed_by: [earlier, later] } = growth;
    let [earlier, later] = [earlier, later].map(|text| plain(text));
    format!(
        "ONLY GREW
kept        a ledger of {from} leaves, signed by {earlier}
now         the same leaves and {} more, signed by {later}",
        to - from
    )
}

/// That a file is of the same history as a checkpoint of one's own.
pub(crate) fn compared_in_words(Compared { kept, of_file }: Compared) -> String {
    let how = match kept.cmp(&of_file) {
        Ordering::Less => format!("this file continues the {kept} leaves that it covers"),
        Ordering::Equal => "it covers the same leaves".to_owned(),
        Ordering::Greater => format!("it continues the {of_file} leaves of this file"),
    };
    format!("\nkept        your checkpoint is of the same history: {how}")
}
