//! The table of codes.

use std::collections::BTreeSet;

use omklap_vera::{Code, CodeList};

use crate::messages::day;

#[test]
fn every_row_of_the_table_is_of_a_known_list_and_every_list_has_codes() {
    let listed: BTreeSet<_> = CodeList::ALL.iter().map(|list| list.as_str()).collect();
    let in_table: BTreeSet<_> = Code::all().iter().map(|code| code.list).collect();
    assert_eq!(listed, in_table);
}

#[test]
fn every_parent_is_a_code_of_the_table() {
    for code in Code::all() {
        let Some(parent) = code.parent else { continue };
        let (list, name) = parent.split_once('.').expect("a list and a code");
        let is_there = Code::all().iter().any(|row| (row.list, row.code) == (list, name));
        assert!(is_there, "{parent} of {code:?}");
    }
}

#[test]
fn a_code_that_was_replaced_is_valid_until_its_last_day() {
    let ended = Code::all().iter().find(|code| code.code == "GEL" && code.list == "TOEGANKELIJKHEIDSLABEL");
    let ended = ended.expect("it is in the table");
    assert!(ended.is_valid_on(day("2026-06-11")) && !ended.is_valid_on(day("2026-06-12")));
}

#[test]
fn a_date_that_the_standard_misspells_is_read_as_it_was_meant() {
    let liveability = Code::all().iter().find(|code| code.code == "LEE" && code.list == "EINDEDETAILREDEN");
    assert_eq!(liveability.expect("it is in the table").from, Some(day("2025-02-14")));
}

#[test]
fn no_pair_of_valid_rows_has_the_same_code() {
    let mut seen = BTreeSet::new();
    for code in Code::all().iter().filter(|code| code.is_valid_on(day("2026-09-01"))) {
        assert!(seen.insert((code.list, code.code)), "{code:?}");
    }
}
