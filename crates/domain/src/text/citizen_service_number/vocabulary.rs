//! Words that name a citizen service number, and words that name other numbers.

/// Words for a citizen service number, alone or before [`SUFFIXES`].
pub(super) const NAMES: [&str; 7] =
    ["bsn", "bsnr", "sofi", "burgerservice", "burgerservicenummer", "sociaalfiscaal", "citizenservice"];
/// The same in two words.
pub(super) const NAMES_IN_TWO: [[&str; 2]; 4] =
    [["burger", "service"], ["citizen", "service"], ["sociaal", "fiscaal"], ["so", "fi"]];
/// Words before a name that negate it: `geen BSN`.
pub(super) const NOT: [&str; 5] = ["geen", "niet", "no", "not", "nooit"];
/// The endings of words for a number.
pub(super) const SUFFIXES: [&str; 8] = ["nummers", "nummer", "nrs", "nr", "number", "codes", "code", "id"];
/// Words that may be between a number and the word that says what it is.
pub(super) const CONNECTING: [&str; 23] = [
    "nummers", "nummer", "nrs", "nr", "no", "number", "num", "id", "van", "de", "het", "is", "was", "met",
    "en", "of", "and", "or", "ons", "uw", "onder", "the",
    // The country of a tax number: `btw NL 123456782 B01`.
    "nl",
];
/// Of these, words that join the numbers of a list.
pub(super) const JOINING: [&str; 4] = ["en", "of", "and", "or"];

/// Words that make a number another kind of number, alone or before [`SUFFIXES`]. Words for people
/// and for their files are left out: a number after `cliënt` or `dossier` often is a citizen
/// service number.
#[rustfmt::skip]
pub(super) const LABELS: [&str; 80] = [
    "zaak", "zaken", "facturen", "polissen", "kenmerk", "referentie", "ref", "reference", "factuur", "invoice", "polis", "policy", "rsin", "btw", "vat", "kvk",
    "telefoon", "tel", "telnr", "phone", "mobiel", "mob", "gsm", "fax", "rekening", "bankrekening", "iban", "contract",
    "huurcontract", "order", "bestelling", "opdracht", "offerte", "melding", "incident", "ticket", "aanvraag", "beschikking",
    "besluit", "toewijzing", "declaratie", "vordering", "artikel", "serie", "meter", "ean", "vhe", "object", "complex", "bag",
    "agb", "big", "case", "claim", "transactie", "betaling", "boeking", "document", "brief", "pakket", "zending", "machtiging",
    "oin", "vestiging", "verordening", "woning", "kadaster", "perceel", "procedure", "rol", "indicatie",
    "cjib", "giro", "girorekening", "meterstand", "lot", "werkorder", "kamer", "storing", "registratie",
];
/// Words that do so only before [`SUFFIXES`].
pub(super) const LABELS_OF_NUMBERS: [&str; 9] = [
    "klant",
    "relatie",
    "lid",
    "lidmaatschap",
    "debiteur",
    "crediteur",
    "leverancier",
    "huurder",
    "customer",
];
/// Words for money, before or after a number.
pub(super) const MONEY: [&str; 4] = ["euro", "euros", "eur", "€"];

/// The endings of compounds that name some number: `storingsnummer`, `betalingskenmerk`.
pub(super) const ENDINGS: [&str; 8] =
    ["nummers", "nummer", "nrs", "nr", "number", "codes", "code", "kenmerk"];
/// The beginnings of such compounds that often are about a citizen service number.
pub(super) const OF_PERSONS: [&str; 17] = [
    "persoon",
    "person",
    "identificatie",
    "identiteit",
    "identity",
    "client",
    "cliënt",
    "dossier",
    "patiënt",
    "patient",
    "burger",
    "bewoner",
    "inwoner",
    "deelnemer",
    "service",
    "fiscaal",
    "belasting",
];

/// Words between a number and its name behind it.
pub(super) const LINKS: [&str; 12] =
    ["is", "was", "het", "zijn", "haar", "een", "mijn", "hun", "the", "his", "her", "dus"];

pub(super) fn is_name(word: &str) -> bool {
    let alone = NAMES.contains(&word) || NAMES.contains(&without_suffix(word));
    // As the end of a longer word: `clientbsn`.
    alone || without_suffix(word).ends_with("bsn")
}

pub(super) fn is_label(word: &str) -> bool {
    let singular = word.strip_suffix("en").or_else(|| word.strip_suffix('s')).unwrap_or(word);
    if [word, singular].iter().any(|word| LABELS.contains(word)) || MONEY.contains(&word) {
        return true;
    }
    let head = ENDINGS.iter().find_map(|ending| word.strip_suffix(ending));
    let is_of_person = || is_name(word) || OF_PERSONS.iter().any(|person| word.starts_with(person));
    if head.is_some_and(|head| head.chars().count() > 2) && !is_of_person() {
        return true;
    }
    let stem = without_suffix(word);
    let is_stem = |stem: &str| {
        let is_compound = |label: &str| label.len() > 3 && stem.ends_with(label);
        LABELS.iter().any(|label| *label == stem || is_compound(label)) || LABELS_OF_NUMBERS.contains(&stem)
    };
    stem.len() < word.len() && (is_stem(stem) || is_stem(stem.trim_end_matches('s')))
}

pub(super) fn is_abbreviation(word: &str) -> bool {
    word.len() <= 4 || word.ends_with("nr")
}

pub(super) fn without_suffix(word: &str) -> &str {
    SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(word)
}
