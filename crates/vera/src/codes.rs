//! The codes of VERA: the lists that omklap reads, whole, each code with its name, parent and dates.
//!
//! Source: VERA Referentiedata (CC0), in `codes.csv`; the one bad date in these lists is corrected there
//! (`EINDEDETAILREDEN.LEE` begins on 2025-02-14).

use std::sync::LazyLock;

use omklap_domain::day::Day;

use crate::fault::{Fault, FaultCode};

macro_rules! lists {
    ($($name:ident $list:literal;)*) => {
        /// A list of codes. Dutch: *soort van referentiedata*.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CodeList {
            $(#[doc = concat!("`", $list, "`")] $name,)*
        }

        impl CodeList {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in VERA.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $list,)* }
            }
        }
    };
}

lists! {
    PublicationStatus "PUBLICATIESTATUS";
    PublicationDetailStatus "PUBLICATIEDETAILSTATUS";
    PublicationModel "PUBLICATIEMODEL";
    PublicationDetailModel "PUBLICATIEDETAILMODEL";
    PublicationContract "PUBLICATIECONTRACTVORM";
    OfferStatus "AANBIEDINGSTATUS";
    OfferDetailStatus "AANBIEDINGDETAILSTATUS";
    CandidateStatus "KANDIDAATSTATUS";
    AgreementKind "OVEREENKOMSTSOORT";
    AgreementDetailKind "OVEREENKOMSTDETAILSOORT";
    AgreementStatus "OVEREENKOMSTSTATUS";
    EndReason "EINDEREDEN";
    EndDetailReason "EINDEDETAILREDEN";
    NoticeStatus "HUUROPZEGGINGSTATUS";
    PriorityKind "VOORRANGSOORT";
    PriorityDetailKind "VOORRANGDETAILSOORT";
    AccessLabel "TOEGANKELIJKHEIDSLABEL";
    UnitKind "EENHEIDSOORT";
    UnitDetailKind "EENHEIDDETAILSOORT";
    UnitSetting "EENHEIDLIGGING";
    AddressKind "ADRESSOORT";
    RelationKind "RELATIESOORT";
    RelationRole "RELATIEROLSOORT";
}

/// One code of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The name of its list.
    pub list: &'static str,
    /// The code.
    pub code: &'static str,
    /// What it is called, in Dutch.
    pub name: &'static str,
    /// The first day on which it is valid; always, if none.
    pub from: Option<Day>,
    /// The first day on which it is valid no more; never, if none.
    pub until: Option<Day>,
    /// The code of another list under which it comes, as `LIST.CODE`.
    pub parent: Option<&'static str>,
}

static CODES: LazyLock<Vec<Code>> =
    LazyLock::new(|| include_str!("codes.csv").lines().skip(1).filter_map(Code::of_row).collect());

impl Code {
    /// Every code, in the order of the lists' names.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &CODES
    }

    fn of_row(row: &'static str) -> Option<Self> {
        let fields: Vec<&'static str> = row.split(';').collect();
        let [list, code, name, from, until, parent] = fields[..] else { return None };
        let parent = Some(parent).filter(|parent| !parent.is_empty());
        Some(Self { list, code, name, from: from.parse().ok(), until: until.parse().ok(), parent })
    }

    /// Whether it is valid on a day.
    #[must_use]
    pub fn is_valid_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// The code of a list that is valid on a day.
    ///
    /// # Errors
    /// That it is unknown, not valid then, or of another list.
    pub(crate) fn find(list: CodeList, code: &str, on: Day) -> Result<&'static Self, FaultCode> {
        let named = || CODES.iter().filter(|row| row.code == code);
        let mut in_list = named().filter(|row| row.list == list.as_str()).peekable();
        match in_list.peek() {
            None if named().next().is_some() => Err(FaultCode::CodeOfAnotherList),
            None => Err(FaultCode::UnknownCode),
            Some(first) => {
                let not_valid =
                    if first.until.is_some() { FaultCode::EndedCode } else { FaultCode::FutureCode };
                in_list.find(|row| row.is_valid_on(on)).ok_or(not_valid)
            }
        }
    }

    /// A code that this program writes.
    ///
    /// # Panics
    /// If the list has no such code: a test writes each of them.
    pub(crate) fn written(list: CodeList, code: &str) -> &'static Self {
        let of_list = |row: &&Self| row.list == list.as_str() && row.code == code && row.until.is_none();
        CODES.iter().find(of_list).expect("it is in the list")
    }

    /// Whether it comes under a code of another list. One without a parent comes under any.
    #[must_use]
    pub fn is_under(&self, parent: &Self) -> bool {
        self.parent.is_none_or(|named| named.split_once('.') == Some((parent.list, parent.code)))
    }

    /// The fault of a detail that comes under another code.
    pub(crate) fn misplaced(&self, pointer: String) -> Fault {
        Fault::at(pointer, FaultCode::CodeOfAnotherParent).expecting(self.parent.unwrap_or_default())
    }
}
