//! What the caller sees of a replay.

use std::collections::BTreeSet;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::replay::{Change, Step};
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{AccessLevel, Category, Shown, View, shown_categories_of};

/// A step that the caller sees at least in part: its fact, or something that it changed.
pub(super) struct Visible<'f> {
    /// The step with only the changes that the caller sees.
    pub step: Step<'f>,
    /// What the caller sees of its fact.
    pub shown: Shown,
    /// The categories that the fact and the changes disclose.
    pub categories: BTreeSet<Category>,
}

/// The steps that the caller sees at least in part, and the numbers of the facts that are in none
/// of them.
pub(super) fn visible<'f>(
    steps: Vec<Step<'f>>,
    history: &History,
    view: &View,
    sets: &AgreementSets,
) -> (Vec<Visible<'f>>, BTreeSet<u64>) {
    let mut withheld: BTreeSet<u64> = steps.iter().map(|step| step.sequence).collect();
    let (mut visible, recorded) = (Vec::with_capacity(steps.len()), history.recorded());
    for mut step in steps {
        let shown = shown(&step, recorded, view);
        let mut categories = BTreeSet::new();
        if shown != Shown::Withheld {
            categories = view.shown_categories(recorded, step.fact);
        }
        step.changes.retain(|change| {
            let seen = seen(change, view, sets);
            categories.extend(seen.iter().flatten().copied());
            seen.is_some()
        });
        if shown != Shown::Withheld || !step.changes.is_empty() {
            withheld.remove(&step.sequence);
            visible.push(Visible { step, shown, categories });
        }
    }
    (visible, withheld)
}

/// What the caller sees of the fact of a step. A correction does not reveal a withheld fact.
fn shown(step: &Step<'_>, recorded: &[Fact], view: &View) -> Shown {
    let at = step.sequence.checked_sub(1).and_then(|at| usize::try_from(at).ok());
    let as_recorded = at.and_then(|at| recorded.get(at)).map(|fact| view.show_among(recorded, fact));
    if as_recorded == Some(Shown::Withheld) { Shown::Withheld } else { view.show_among(recorded, step.fact) }
}

/// The categories that a change discloses; `None` if the caller does not see it.
fn seen(change: &Change, view: &View, sets: &AgreementSets) -> Option<BTreeSet<Category>> {
    let of_one =
        |category: Category| (view.sees(category) != AccessLevel::None).then(|| BTreeSet::from([category]));
    match change {
        Change::Opened(obliged) | Change::Settled { obligation: obliged, .. } => {
            let obligation = sets.obligation(&obliged.agreement_set, &obliged.obligation)?;
            view.sees_obligation(obligation, &obliged.responsible, obliged.reference.as_deref())
                .then(|| shown_categories_of(obligation))
        }
        Change::NuisanceLevel { .. } | Change::NuisanceState { .. } => of_one(Category::NuisanceCourse),
        Change::Phase { .. }
        | Change::FollowUpBegan { .. }
        | Change::CheckHeld { .. }
        | Change::CheckMissed { .. }
        | Change::FollowUpEnded { .. } => of_one(Category::Course),
    }
}
