//! Examples of numbers that are found, and of numbers that are left alone.

use super::super::Verdict;
use super::verdict;

/// A number alone, written in every way.
const POSSIBLE: &[&str] = &[
    "111222333",
    "111 222 333 van cliënt",
    "111-222-333",
    "1112-22-333",
    "111–222–333",
    "111/222/333",
    "111,222,333",
    "111_222_333",
    "111  222  333",
    "111   222   333",
    "111 - 222 - 333",
    "111:222:333",
    "111\t222\t333",
    "111\n222\n333",
    "111\u{A0}222\u{A0}333",
    "111\u{2009}222\u{2009}333",
    "111\u{200B}222\u{200B}333",
    "111\u{AD}222\u{AD}333",
    "111. 222. 333",
    "(111)222333",
    "(111) 222-333",
    "111222333",
    "١١١٢٢٢٣٣٣",
    "𝟏𝟏𝟏𝟐𝟐𝟐𝟑𝟑𝟑",
    "nr111222333",
    "111222333x",
    "1112.22 333",
    "tel. +31 6 12345678, 111222333",
    "31 111222333",
    "dossier 111222333",
    "dossier111222333",
    "Dossier: 111.222.333",
    "111+222+333",
    "111~222~333",
    "111'222'333",
    "111;222;333",
    "111€222€333",
    "111-----222-----333",
];

/// A number with its name.
const CERTAIN: &[&str] = &[
    "BSN 111222333.",
    "bsn111222333",
    "bsn:1112.22.333",
    "bsnr111222333",
    "sofinr111222333",
    "tel. +31, BSN 111222333",
    "111222333 is zijn bsn",
    "111222333 (BSN)",
    "zaaknummer 123456782, BSN 111222333",
    "bsn 11 12 22 333 12 maart",
    "bsn 111 + 222 + 333",
    "bsn O12345672",
    "BSN l11222333",
    "burgerservicenummer III222333",
    "lll222333 (bsn)",
];

/// Numbers that are no citizen service number.
const OTHER_NUMBERS: &[&str] = &[
    "111222334",
    "0612345678",
    "NL91ABNA0417164300",
    "A111222333",
    "1112223331",
    "000000000",
    "2026-11-21",
    "111 222 3331",
    "+31 111222333",
    "+31 (0)111222333",
    "111222333a4",
    "1 en 11222333",
    "+32 470 000 004",
    "zaak 2026.92462",
    "111 222 333 444",
    "123456782 (zaaknummer)",
    "123456782 (geen bsn)",
    "111.222.333,00",
    "111.222.333 euro",
    "NL123456782B01",
    "INV123456782",
    "111 + 222 + 333 euro",
    "111 + 222 + 333",
    "111+222+333=666",
    "111+222+333+444",
    "€111 €222 €333",
    "111% 222% 333%",
    "111×222×333 mm",
    "O12345672",
    "geen bsn: l11222333",
    "zaaknummer l11222333, BSN onbekend",
];

/// A number with its name and another word.
const NAMED: &[&str] = &[
    "BSN/RSIN: 123456782",
    "burger servicenummer 123456782",
    "burger-servicenr: 123456782",
    "sociaal-fiscaalnummer 123456782",
    "BSN/RSIN-nummer 123456782",
    "BSN of RSIN: 123456782",
    "BSN (geen RSIN) 123456782",
    "BSN, geen zaaknummer 123456782",
    "BSN of btw-nummer 123456782",
    "klantnummer 123456782 (BSN)",
    "klantnummer 111222333 (=BSN)",
    "factuur 123456782 is bsn",
    "BSN: 123456782B01",
    "BSN NL123456782B01",
    "burgerservicenummer123456782B02",
    "BSN: €123456782",
    "bsn is +31123456782",
    "BSN 00123456782",
    "BSN 1000.0069",
    "BSN 1000 0069",
    "BSN 10 00 00 69",
    "BSN ①②③④⑤⑥⑦⑧②",
    "BSN ¹²³⁴⁵⁶⁷⁸²",
    "BSN ₁₂₃ ₄₅₆ ₇₈₂",
    "BSN 12345678②",
];

#[test]
fn a_citizen_service_number_is_found_however_it_is_written() {
    for text in POSSIBLE {
        assert_eq!(verdict(text), Some(Verdict::Possible), "{text}");
    }
    for text in CERTAIN {
        assert_eq!(verdict(text), Some(Verdict::Certain), "{text}");
    }
}

#[test]
fn other_numbers_are_left_alone() {
    for text in OTHER_NUMBERS {
        assert_eq!(verdict(text), None, "{text}");
    }
}

#[test]
fn its_name_wins_over_a_word_for_another_number_beside_it() {
    for text in NAMED {
        assert_eq!(verdict(text), Some(Verdict::Certain), "{text}");
    }
}

#[test]
fn its_name_does_not_win_where_it_names_no_number() {
    for text in [
        "BSN onbekend, zaaknummer 123456782",
        "geen BSN of RSIN: 123456782",
        "zaaknummer 123456782 (BSN bekend)",
        "zaaknummer 123456782 is niet BSN",
        "zaaknummer 123456782, BSN volgt",
        "geen BSN, telefoon 0123456782",
    ] {
        assert_eq!(verdict(text), None, "{text}");
    }
}

#[test]
fn a_compound_for_some_number_rules_out_a_merely_possible_one() {
    for text in [
        "betalingskenmerk 123456782",
        "CJIB 123456782",
        "registratienummer: 123456782",
        "inschrijfnummer 123456782",
        "werkorder 123456782",
        "werkordernummer 123456782",
        "storingsnummer 123456782",
        "toestelnr 123456782",
        "pasnummer 123456782",
        "sleutelnummer 123456782",
        "giro 123456782",
        "girorekening 123456782",
        "meterstand 123456782",
        "lot 123456782",
        "lotnummer 123456782",
        "huisnummers 111, 222, 333",
        "kamers 1 1 1 2 2 2 3 3 3",
    ] {
        assert_eq!(verdict(text), None, "{text}");
    }
}

#[test]
fn a_compound_for_a_number_of_a_person_rules_out_nothing() {
    for name in [
        "cliëntnummer",
        "persoonsnummer",
        "identificatienummer",
        "fiscaalnummer",
        "dossiernr",
        "patiëntnummer",
        "nummer",
    ] {
        assert_eq!(verdict(&format!("{name} 123456782")), Some(Verdict::Possible), "{name}");
    }
}
