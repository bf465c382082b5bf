//! The categories of data that are shown or hidden as a whole: the rows of `docs/DOMAIN.md` §8, split
//! until each cell says one thing.

use utoipa::ToSchema;

use crate::role::Role;

/// A kind of data about a trajectory. Dutch: *gegevenssoort*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(rename_all = "kebab-case")]
pub enum Category {
    /// Who the client is and how people are reached. Dutch: *identiteit, contact*.
    Identity,
    /// Phase, dates, deadlines, and which partners are in it. Dutch: *verloop*.
    Course,
    /// What the three bring to one table, and when: that a profile was set, that the case was
    /// discussed and by whom. Dutch: *casustafel*.
    CaseTable,
    /// What was said at the case table. Dutch: *besproken aan de casustafel*.
    TableTalk,
    /// The dwelling itself. Dutch: *woning*.
    Dwelling,
    /// The place of the client in a list of candidates, and its digest: an auditor can follow who was first
    /// without seeing which dwelling it was. Dutch: *plaats op de kandidatenlijst*.
    CandidateList,
    /// The dwelling part of the profile. Dutch: *woondeel van het profiel*.
    DwellingProfile,
    /// What a corporation weighs before it offers: network, day activity, application form. Dutch:
    /// *wat wordt afgewogen*.
    Weighed,
    /// The rest of the profile. Dutch: *uitstroomprofiel*.
    Profile,
    /// The goals of living on one's own. Dutch: *woondoelen*.
    LivingGoals,
    /// Guidance plan, relapse, health. Dutch: *begeleiding, gezondheid*.
    Guidance,
    /// Whether income and debts are arranged, yes or no. Dutch: *geregeld of niet*.
    DebtsArranged,
    /// Debts and their administration. Dutch: *schulden, bewind*.
    Debts,
    /// Rent, arrears and damage. Dutch: *huur, achterstand*.
    Rent,
    /// Claims on the guarantee fund and what was decided: not the rent or damage that they rest on.
    /// Dutch: *garantiefonds*.
    GuaranteeFund,
    /// Who covered the first rent: the only obligation about the rent that the municipality has.
    /// Dutch: *eerste huur*.
    FirstRent,
    /// What the municipality did: obstacles removed, a budget coach sent, a place found. Dutch: *inzet
    /// van de gemeente*.
    MunicipalHelp,
    /// Living agreements, talks and reviews. Dutch: *woonafspraken*.
    Living,
    /// What a signal is about and how it was answered. Dutch: *signalen*.
    Signals,
    /// Dates and levels of nuisance cases. Dutch: *verloop van overlast*.
    NuisanceCourse,
    /// What happened in nuisance cases. Dutch: *overlastfeiten*.
    Nuisance,
    /// Who reported nuisance. Dutch: *melder*.
    Reporter,
    /// Flip conditions, positions and reasons. Dutch: *standpunten over de omklap*.
    Flip,
    /// Consents, and who read what. Dutch: *toestemmingen, inzage*.
    Consents,
    /// Obligations that partners agreed to set aside, and why. Dutch: *afwijkingen*.
    Departures,
    /// A move to another region that is proposed or was refused. Dutch: *overdracht naar andere regio*.
    Transfer,
    /// Dates and decisions of a request to return. Dutch: *terugkeer*.
    Return,
    /// Why a client wants to return, and the grounds of the decision. Dutch: *gronden van
    /// terugkeer*.
    ReturnGrounds,
}

/// Fields of one category, separated by spaces. A field inside another is written with slashes; `*`
/// means every element of a list. A field includes all its parts, except those that are listed here
/// themselves. If it is hidden, all its parts are, so that their number is hidden too.
pub type Fields = (Category, &'static str);

/// How much of a category a viewer sees: a cell of `docs/DOMAIN.md` §8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessLevel {
    /// All data of the category.
    All,
    /// What was shared with the viewer's party.
    Own,
    /// What the work needs: the reporter of a nuisance case, until the case is over for the first
    /// time.
    Needed,
    /// Nothing.
    None,
}

use AccessLevel::{All as A, Needed as N, None as X, Own as O};

/// The table of `docs/DOMAIN.md` §8. The rows that it does not have, or splits, are our decision:
/// docs/DOMAIN.md §8.1.
#[rustfmt::skip]
const TABLE: [(Category, [AccessLevel; 10]); 28] = [
    //                        client   provider's own  corporation  coordin. municipality  auditor
    //                                guide all desk    all officer          all Wmo
    (Category::Identity,       [A,     A,   A,  A,      A,  A,       A,      X,  A,        X]),
    (Category::Course,         [A,     A,   A,  A,      A,  A,       A,      X,  X,        A]),
    (Category::CaseTable,      [A,     A,   A,  A,      A,  A,       A,      X,  A,        A]),
    (Category::TableTalk,      [A,     A,   A,  A,      O,  O,       A,      X,  O,        X]),
    (Category::Dwelling,       [A,     A,   A,  A,      A,  A,       A,      X,  X,        X]),
    (Category::CandidateList,  [A,     A,   A,  A,      A,  A,       A,      X,  X,        A]),
    (Category::DwellingProfile,[A,     A,   A,  A,      A,  A,       A,      X,  A,        X]),
    (Category::Weighed,        [A,     A,   A,  A,      A,  A,       A,      X,  A,        X]),
    (Category::Profile,        [A,     A,   A,  A,      X,  X,       A,      X,  A,        X]),
    (Category::LivingGoals,    [A,     A,   A,  A,      A,  A,       X,      X,  X,        X]),
    (Category::Guidance,       [A,     A,   A,  A,      X,  X,       X,      X,  X,        X]),
    (Category::DebtsArranged,  [A,     A,   A,  A,      A,  A,       A,      X,  X,        X]),
    (Category::Debts,          [A,     A,   A,  A,      X,  X,       X,      X,  X,        X]),
    (Category::Rent,           [A,     A,   A,  A,      A,  A,       X,      X,  X,        X]),
    (Category::GuaranteeFund,  [A,     A,   A,  A,      A,  A,       A,      X,  A,        X]),
    (Category::FirstRent,      [A,     A,   A,  A,      A,  A,       X,      X,  A,        X]),
    (Category::MunicipalHelp,  [A,     A,   A,  A,      A,  A,       A,      X,  A,        A]),
    (Category::Living,         [A,     A,   A,  A,      A,  A,       X,      X,  X,        A]),
    (Category::Signals,        [A,     A,   A,  A,      A,  A,       X,      X,  X,        X]),
    (Category::NuisanceCourse, [A,     A,   A,  A,      A,  A,       X,      X,  X,        A]),
    (Category::Nuisance,       [A,     A,   A,  A,      A,  A,       X,      X,  X,        X]),
    (Category::Reporter,       [X,     N,   X,  A,      X,  A,       X,      X,  X,        X]),
    (Category::Flip,           [A,     A,   A,  A,      A,  A,       X,      X,  X,        A]),
    (Category::Consents,       [A,     A,   A,  A,      O,  O,       O,      X,  O,        A]),
    (Category::Departures,     [A,     A,   A,  A,      O,  O,       O,      X,  O,        X]),
    (Category::Transfer,       [A,     A,   A,  A,      X,  X,       A,      X,  A,        A]),
    (Category::Return,         [A,     A,   A,  A,      A,  A,       A,      X,  A,        A]),
    (Category::ReturnGrounds,  [A,     A,   A,  A,      X,  X,       X,      X,  A,        X]),
];

impl Category {
    /// Every category.
    pub const ALL: [Self; TABLE.len()] = {
        let mut all = [Self::Identity; TABLE.len()];
        let mut row = 0;
        while row < TABLE.len() {
            all[row] = TABLE[row].0;
            row += 1;
        }
        all
    };

    /// The name on the wire and in the access log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Course => "course",
            Self::CaseTable => "case-table",
            Self::TableTalk => "table-talk",
            Self::Dwelling => "dwelling",
            Self::CandidateList => "candidate-list",
            Self::DwellingProfile => "dwelling-profile",
            Self::Weighed => "weighed",
            Self::Profile => "profile",
            Self::LivingGoals => "living-goals",
            Self::Guidance => "guidance",
            Self::DebtsArranged => "debts-arranged",
            Self::Debts => "debts",
            Self::Rent => "rent",
            Self::GuaranteeFund => "guarantee-fund",
            Self::FirstRent => "first-rent",
            Self::MunicipalHelp => "municipal-help",
            Self::Living => "living",
            Self::Signals => "signals",
            Self::NuisanceCourse => "nuisance-course",
            Self::Nuisance => "nuisance",
            Self::Reporter => "reporter",
            Self::Flip => "flip",
            Self::Consents => "consents",
            Self::Departures => "departures",
            Self::Transfer => "transfer",
            Self::Return => "return",
            Self::ReturnGrounds => "return-grounds",
        }
    }

    /// What a role sees of it, unless the trajectory limits that.
    #[must_use]
    pub fn seen_by(self, role: Role) -> AccessLevel {
        TABLE[self.row()].1[role as usize]
    }

    /// Its row in the table. The rows have the order of the variants; a test checks that.
    pub(crate) fn row(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_its_own_row_and_every_role_its_own_column() {
        for (row, category) in Category::ALL.into_iter().enumerate() {
            assert_eq!(category.row(), row, "{}", category.as_str());
        }
        for (column, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(role as usize, column, "{}", role.as_str());
        }
    }
}
