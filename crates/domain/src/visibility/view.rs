//! The view: the one place that decides what a viewer sees of a trajectory.
//!
//! Decision: ADR 15.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use super::audience::hides_vacant_units;
use super::beside::Beside;
use super::homes::Homes;
use super::needed::needs_the_reporter;
use super::partners::{is_matched_with, is_shared_with, kept_back, knows, small_view};
use super::shown::{Shown, outermost, pointers};
use super::signals::ever_of_health;
use super::{AccessLevel, Category, Fields, Role, Viewer};
use crate::agreements::pattern::FactTypes;
use crate::ids::{NuisanceCaseId, OrganisationId, SignalId, TrajectoryId};
use crate::trajectory::fact::{EventCorrected, Fact, Party};
use crate::trajectory::{FactType, History, Trajectory};

/// What a viewer sees of one trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub(super) knows: bool,
    levels: [AccessLevel; Category::ALL.len()],
    party: Option<Party>,
    organisation: OrganisationId,
    /// The party whose obligations are the viewer's own. A corporation has none before the match.
    pub(super) obliged_as: Option<Party>,
    /// The kinds of facts that the viewer always sees.
    pub(super) facts: FactTypes,
    /// Nuisance cases that are open and were never over: [`AccessLevel::Needed`] covers these only.
    open_cases: BTreeSet<NuisanceCaseId>,
    /// Signals that the viewer does not see: they are, or once were reported to be, about health.
    pub(super) hidden_signals: BTreeSet<SignalId>,
    /// Why the viewer has a small view beside the partners, if it has.
    pub(super) small: Option<Beside>,
    /// For a corporation: which homes are its own. Of other homes it sees neither dwelling nor
    /// rent.
    homes: Option<Homes>,
    /// Whether the viewer does not see which dwelling a vacancy is.
    pub(super) hides_vacant_units: bool,
}

/// For each category the kinds of facts that can be of it.
static KINDS_OF: LazyLock<[FactTypes; Category::ALL.len()]> = LazyLock::new(|| {
    Category::ALL.map(|category| {
        let of_it = FactType::ALL.iter().copied().filter(|kind| kind.may_be_of().contains(&category));
        FactTypes::of(&of_it.collect::<Vec<_>>())
    })
});

/// What a viewer sees of a trajectory in its current state (`docs/DOMAIN.md` §8). Pure and total; every
/// answer passes through it.
///
/// The current state decides, also for earlier facts. A viewer who lost access does not see the
/// past either, and a viewer who came later sees the past as far as the table allows. One thing
/// depends on the past: data that was once about health stays guidance data, also after a
/// correction.
#[must_use]
pub fn view(viewer: &Viewer, id: TrajectoryId, history: &History) -> View {
    let trajectory = history.state();
    let knows = knows(viewer, id, trajectory);
    let level = |category: Category| {
        if knows && !kept_back(category, viewer, id, trajectory) {
            category.seen_by(viewer.role)
        } else {
            AccessLevel::None
        }
    };
    let open_cases = if viewer.role == Role::Guide { needs_the_reporter(history) } else { BTreeSet::new() };
    let levels = Category::ALL.map(level);
    let party = viewer.role.party().filter(|_| knows);
    let waits =
        party == Some(Party::HousingCorporation) && !is_matched_with(&viewer.organisation, trajectory);
    let not_all = KINDS_OF.iter().zip(levels).filter(|(_, level)| *level != AccessLevel::All);
    let facts = not_all.fold(FactTypes::every(), |facts, (kinds, _)| facts.without(*kinds));
    // A viewer with a small view has no obligations in this trajectory.
    let small = small_view(viewer, id, trajectory);
    let obliged_as = party.filter(|_| !waits && small.is_none());
    let hidden_signals = if levels[Category::Guidance.row()] == AccessLevel::All {
        BTreeSet::new()
    } else {
        let others = ever_of_health(history).into_iter().filter(|(_, asked)| obliged_as != Some(*asked));
        others.map(|(id, _)| id).collect()
    };
    let is_corporation = party == Some(Party::HousingCorporation);
    let homes = is_corporation.then(|| Homes::of(&viewer.organisation, history));
    let organisation = viewer.organisation.clone();
    View {
        knows,
        levels,
        party,
        organisation,
        obliged_as,
        facts,
        open_cases,
        hidden_signals,
        small,
        homes,
        hides_vacant_units: hides_vacant_units(viewer.role),
    }
}

impl View {
    /// Whether the viewer has access to the trajectory at all. If not, every answer is as if it did
    /// not exist.
    #[must_use]
    pub fn knows(&self) -> bool {
        self.knows
    }

    /// The viewer's organisation.
    pub(super) fn organisation(&self) -> &OrganisationId {
        &self.organisation
    }

    /// What the viewer sees of a category.
    #[must_use]
    pub fn sees(&self, category: Category) -> AccessLevel {
        self.levels[category.row()]
    }

    /// The view for an answer about the client's home in this state of the trajectory: without the
    /// category *dwelling* if another corporation is the landlord.
    #[must_use]
    pub fn of_the_home(&self, trajectory: &Trajectory) -> Self {
        let mut view = self.clone();
        if self.homes.as_ref().is_some_and(|homes| homes.lives_elsewhere(trajectory)) {
            view.levels[Category::Dwelling.row()] = AccessLevel::None;
        }
        view
    }

    /// Whether the viewer sees what every fact of this kind says of a category.
    pub(super) fn sees_all_of(&self, kind: FactType, category: Category) -> bool {
        let hides_some = self.homes.as_ref().is_some_and(|homes| homes.hides_some(kind, category));
        self.sees(category) == AccessLevel::All && !hides_some
    }

    /// The categories that the viewer sees at least in part.
    pub fn categories(&self) -> impl Iterator<Item = Category> {
        Category::ALL.into_iter().filter(|category| self.sees(*category) != AccessLevel::None)
    }

    /// How a fact is shown. Without the corrected fact, a correction shows only what it may show
    /// whatever it corrects; [`Self::show_correction`] shows more.
    #[must_use]
    pub fn show(&self, fact: &Fact) -> Shown {
        match fact {
            Fact::EventCorrected(correction) => match correction.replacement.as_deref() {
                Some(replacement) => self.show_correction(correction, replacement),
                None if self.sees_all_but_reporters() => {
                    Shown::InPart { withheld: vec!["/reason".to_owned()] }
                }
                None => Shown::Withheld,
            },
            _ => self.show_plain(fact),
        }
    }

    /// How a fact is shown that is recorded among these: for a correction, the corrected fact
    /// counts.
    #[must_use]
    pub fn show_among(&self, recorded: &[Fact], fact: &Fact) -> Shown {
        let Fact::EventCorrected(correction) = fact else { return self.show(fact) };
        match corrected(recorded, correction) {
            Some(corrected) => self.show_correction(correction, corrected),
            None => self.show(fact),
        }
    }

    /// How a correction is shown: like the corrected fact and the replacement. Its reason is shown
    /// only to a viewer who sees both whole, and to an auditor who sees something of the corrected fact:
    /// whether it was rightly corrected is what an auditor looks at (decision, ADR 42).
    #[must_use]
    pub fn show_correction(&self, correction: &EventCorrected, corrected: &Fact) -> Shown {
        let corrected = self.show_plain(corrected);
        let replacement = correction
            .replacement
            .as_deref()
            .map_or(Shown::Whole, |replacement| self.show_plain(replacement));
        let mut withheld = match &replacement {
            _ if corrected == Shown::Withheld => return Shown::Withheld,
            Shown::Whole if corrected == Shown::Whole => return Shown::Whole,
            Shown::Whole => Vec::new(),
            Shown::InPart { withheld } => {
                withheld.iter().map(|pointer| format!("/replacement{pointer}")).collect()
            }
            Shown::Withheld => vec!["/replacement".to_owned()],
        };
        if !self.is_an_auditors() {
            withheld.push("/reason".to_owned());
        }
        if withheld.is_empty() { Shown::Whole } else { Shown::InPart { withheld } }
    }

    /// Whether the viewer speaks for no party.
    fn is_an_auditors(&self) -> bool {
        self.knows && self.party.is_none()
    }

    /// The categories that a fact, recorded among these, shows to the viewer. A category counts
    /// even if the fact has none of its fields: their absence is data too.
    #[must_use]
    pub fn shown_categories(&self, recorded: &[Fact], fact: &Fact) -> BTreeSet<Category> {
        let of = |fact: &Fact| -> BTreeSet<Category> {
            let kinds = fact.fact_type().row().fields.iter().map(|(category, _)| *category);
            kinds.filter(|category| self.sees_in(fact, *category)).map(|kind| in_fact(fact, kind)).collect()
        };
        match fact {
            _ if self.show_among(recorded, fact) == Shown::Withheld => BTreeSet::new(),
            Fact::EventCorrected(correction) => {
                let corrected = corrected(recorded, correction);
                corrected.into_iter().chain(correction.replacement.as_deref()).flat_map(of).collect()
            }
            _ => of(fact),
        }
    }

    /// Removes from a body on the wire what the viewer does not see, and lists it in `withheld`.
    pub fn redact(&self, body: &mut Value, fields: &[Fields]) {
        let hidden = fields.iter().filter(|(category, _)| self.sees(*category) == AccessLevel::None);
        let hidden = hidden.flat_map(|(_, fields)| fields.split(' '));
        let withheld = outermost(&hidden.flat_map(|field| pointers(body, field)).collect::<Vec<_>>());
        if withheld.is_empty() {
            return;
        }
        Shown::InPart { withheld: withheld.clone() }.strip(body);
        if let Value::Object(body) = body {
            body.insert("withheld".to_owned(), withheld.into());
        }
    }

    fn show_plain(&self, fact: &Fact) -> Shown {
        if !self.knows || !self.sees_in(fact, fact.fact_type().category()) {
            return Shown::Withheld;
        }
        let hidden = |(category, _): &&Fields| !self.sees_in(fact, *category);
        let hidden: Vec<_> = fact.fact_type().row().fields.iter().filter(hidden).collect();
        if hidden.is_empty() {
            return Shown::Whole;
        }
        let written = serde_json::to_value(fact).expect("a fact can be written as JSON");
        let fields = hidden.iter().flat_map(|(_, fields)| fields.split(' '));
        Shown::InPart {
            withheld: outermost(&fields.flat_map(|field| pointers(&written, field)).collect::<Vec<_>>()),
        }
    }

    /// Whether the viewer sees the fields of a category in this fact. The party that is asked to
    /// answer a signal sees it whole.
    pub(super) fn sees_in(&self, fact: &Fact, category: Category) -> bool {
        if matches!(fact, Fact::SignalReported(signal) if self.obliged_as == Some(signal.asked)) {
            return true;
        }
        let category = if self.is_of_health(fact) { Category::Guidance } else { in_fact(fact, category) };
        if self.homes.as_ref().is_some_and(|homes| homes.hides(fact, category)) {
            return false;
        }
        match self.sees(category) {
            AccessLevel::All => true,
            AccessLevel::None => false,
            AccessLevel::Own => {
                self.party.is_some_and(|party| is_shared_with(fact, party, &self.organisation))
            }
            AccessLevel::Needed => {
                matches!(fact, Fact::NuisanceReported(report) if self.open_cases.contains(&report.case_id))
            }
        }
    }

    /// Whether this is a signal about health, or the answer to one.
    fn is_of_health(&self, fact: &Fact) -> bool {
        match fact {
            Fact::SignalReported(signal) => {
                signal.kind.is_of_health() || self.hidden_signals.contains(&signal.signal_id)
            }
            Fact::SignalAnswered(answer) => self.hidden_signals.contains(&answer.signal_id),
            _ => false,
        }
    }

    fn sees_all_but_reporters(&self) -> bool {
        Category::ALL
            .into_iter()
            .all(|category| category == Category::Reporter || self.sees(category) == AccessLevel::All)
    }

    /// Whether the viewer sees facts of this kind, or only that there is a fact. None if that
    /// [depends](FactType::is_seen_by_what_it_says) on the fields of the fact; use [`Self::show`]
    /// then.
    #[must_use]
    pub fn shows_kind(&self, fact_type: FactType) -> Option<bool> {
        let by_kind = self.knows && self.sees(fact_type.category()) == AccessLevel::All;
        (!fact_type.is_seen_by_what_it_says()).then_some(by_kind)
    }
}

impl FactType {
    /// The categories that a fact of this kind itself can have.
    fn may_be_of(self) -> Vec<Category> {
        let more = (self == Self::PreparationStepCompleted).then_some(Category::Profile);
        [self.category()].into_iter().chain(more).collect()
    }

    /// Whether the fields of a fact, and not only its kind, decide who sees it.
    #[must_use]
    pub fn is_seen_by_what_it_says(self) -> bool {
        matches!(
            self,
            Self::PreparationStepCompleted
                | Self::SignalReported
                | Self::SignalAnswered
                | Self::DepartureAgreed
                | Self::PrivacyExplained
                | Self::ConsentGiven
                | Self::ConsentWithdrawn
                | Self::NuisanceReported
                | Self::FirstRentHelpRequested
                | Self::FirstRentCovered
                | Self::FirstRentRepaid
                | Self::EventCorrected
        )
    }
}

/// The fact that a correction is about.
fn corrected<'f>(recorded: &'f [Fact], correction: &EventCorrected) -> Option<&'f Fact> {
    recorded.get(usize::try_from(correction.corrects.checked_sub(1)?).ok()?)
}

/// The category of a field in this fact. It differs from the category by kind for a preparation
/// step that is not about money: only for income and debts do partners see that they are arranged.
fn in_fact(fact: &Fact, category: Category) -> Category {
    match (fact, category) {
        (Fact::PreparationStepCompleted(done), Category::DebtsArranged) if !done.step.is_about_money() => {
            Category::Profile
        }
        _ => category,
    }
}
