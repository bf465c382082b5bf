//! The table of `docs/DOMAIN.md` §8, written from the document for the leak tests alone.

use std::collections::BTreeMap;

use omklap_domain::visibility::Role;

/// `x` is all, `o` what was shared with the role's party, `t` what was said where it was at the table, `u` as long as the nuisance case is open,
/// `-` nothing.
const TABLE: &str = "
                  client guide provider desk | nominated matched flipped | coordinator municipality wmo auditor
identity          x      x     x        x      -         x       x         x           -            x   -
course            x      x     x        x      x         x       x         x           -            -   x
case-table        x      x     x        x      x         x       x         x           -            x   x
table-talk        x      x     x        x      t         t       t         x           -            t   -
dwelling          x      x     x        x      x         x       x         x           -            -   -
candidate-list    x      x     x        x      x         x       x         x           -            -   x
dwelling-profile  x      x     x        x      x         x       x         x           -            x   -
weighed           x      x     x        x      -         -       -         x           -            x   -
profile           x      x     x        x      -         -       -         x           -            x   -
living-goals      x      x     x        x      -         x       -         -           -            -   -
guidance          x      x     x        x      -         -       -         -           -            -   -
debts-arranged    x      x     x        x      -         x       x         x           -            -   -
debts             x      x     x        x      -         -       -         -           -            -   -
rent              x      x     x        x      -         x       x         -           -            -   -
guarantee-fund    x      x     x        x      -         x       x         x           -            x   -
first-rent        x      x     x        x      -         x       x         -           -            x   -
municipal-help    x      x     x        x      -         x       x         x           -            x   x
living            x      x     x        x      -         x       x         -           -            -   x
signals           x      x     x        x      -         x       x         -           -            -   -
nuisance-course   x      x     x        x      -         x       x         -           -            -   x
nuisance          x      x     x        x      -         x       x         -           -            -   -
reporter          -      u     -        x      -         -       -         -           -            -   -
flip              x      x     x        x      -         x       x         -           -            -   x
consents          x      x     x        x      o         o       o         o           -            o   x
return            x      x     x        x      -         x       x         x           -            x   x
transfer          x      x     x        x      -         -       -         x           -            x   x
departures        x      x     x        x      -         o       o         o           -            o   -
return-grounds    x      x     x        x      -         -       -         -           -            x   -
";

/// The relation of a corporation to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Unknown,
    Nominated,
    /// Nominated, and the client consents that corporations weigh the profile.
    Admission,
    Matched,
    /// Matched, and the client withdrew the consents for what was shared.
    Unconsented,
    Flipped,
    /// The client left, and there is money to settle.
    Settling,
}

impl Stage {
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Nominated,
        Self::Admission,
        Self::Matched,
        Self::Unconsented,
        Self::Flipped,
        Self::Settling,
    ];
}

/// The categories that corporation, matching point and municipality see only as long as the client consents.
const SHARED: [&str; 8] = [
    "dwelling",
    "dwelling-profile",
    "weighed",
    "profile",
    "living-goals",
    "guidance",
    "debts-arranged",
    "debts",
];

/// What a role sees of each category; none if it has no access to the case.
pub type Visible = Option<BTreeMap<&'static str, &'static str>>;

pub struct Table {
    columns: Vec<&'static str>,
    pub rows: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Table {
    pub fn read() -> Self {
        let mut lines = TABLE.trim().lines().map(|line| line.split_whitespace().filter(|cell| *cell != "|"));
        let columns = lines.next().expect("a head").collect();
        let rows = lines.map(|mut cells| (cells.next().expect("a category"), cells.collect()));
        Self { columns, rows: rows.collect() }
    }

    pub fn of(&self, role: Role, stage: Stage) -> Visible {
        let column = match (role, stage) {
            (Role::Client, _) => "client",
            (Role::Guide, _) => "guide",
            (Role::CareProvider, _) => "provider",
            (Role::NuisanceDesk, _) => "desk",
            (Role::HousingCorporation | Role::NuisanceOfficer, Stage::Unknown) | (Role::Municipality, _) => {
                return None;
            }
            (Role::HousingCorporation | Role::NuisanceOfficer, Stage::Nominated | Stage::Admission) => {
                "nominated"
            }
            (
                Role::HousingCorporation | Role::NuisanceOfficer,
                Stage::Matched | Stage::Unconsented | Stage::Settling,
            ) => "matched",
            (Role::HousingCorporation | Role::NuisanceOfficer, Stage::Flipped) => "flipped",
            (Role::MatchingPoint, _) => "coordinator",
            (Role::WmoConsultant, _) => "wmo",
            (Role::Auditor, _) => "auditor",
        };
        let at = self.columns.iter().position(|name| *name == column).expect("a column");
        let mut sight: BTreeMap<_, _> = self.rows.iter().map(|(name, cells)| (*name, cells[at])).collect();
        let is_corporation = matches!(role, Role::HousingCorporation | Role::NuisanceOfficer);
        let keeps = |category: &str| match stage {
            Stage::Unconsented
                if is_corporation || [Role::MatchingPoint, Role::WmoConsultant].contains(&role) =>
            {
                !SHARED.contains(&category)
            }
            Stage::Settling if is_corporation => ["course", "rent", "guarantee-fund"].contains(&category),
            _ => true,
        };
        sight.iter_mut().filter(|(category, _)| !keeps(category)).for_each(|(_, seen)| *seen = "-");
        if is_corporation && stage == Stage::Admission {
            sight.insert("weighed", "x");
        }
        // The officer also sees the reporter, from the match until the client leaves.
        if role == Role::NuisanceOfficer
            && ![Stage::Nominated, Stage::Admission, Stage::Settling].contains(&stage)
        {
            sight.insert("reporter", "x");
        }
        Some(sight)
    }
}
