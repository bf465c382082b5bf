//! Refusals do not show the dates of hidden facts. Two histories that differ only in hidden facts
//! give the same answers, for every reporter, kind of fact and day.

use std::collections::BTreeSet;

use omklap_domain::trajectory::Refused;
use omklap_domain::visibility::{Role, Shown, View, Viewer, may_be_tried, may_report, redact_refusal, view};
use uuid::Uuid;

use crate::vocabulary::*;

const ID: TrajectoryId = TrajectoryId(Uuid::from_u128(7));

/// A signal whose ID no reporter knows.
const HIDDEN: SignalId = SignalId(Uuid::from_u128(0x5160_a100));

/// The roles that report and do not see everything.
const REPORTERS: [Role; 5] =
    [Role::Client, Role::HousingCorporation, Role::NuisanceOfficer, Role::MatchingPoint, Role::WmoConsultant];

#[test]
fn a_refusal_does_not_reveal_the_date_of_a_hidden_fact() {
    let (mut differences, mut compared) = (BTreeSet::new(), 0);
    for story in lives() {
        for viewer in viewers(&story) {
            let twins = twins(&story, &viewer);
            if twins.is_empty() {
                continue;
            }
            let tried = tried(&story, &viewer);
            let ours = answers(&viewer, &story.history, &tried);
            for twin in twins {
                let theirs = answers(&viewer, &twin, &tried);
                compared += tried.len();
                let pairs = tried.iter().zip(ours.iter().zip(&theirs));
                for (fact, (one, other)) in pairs.filter(|(fact, (one, other))| !alike(one, other, fact)) {
                    let (role, kind, on) = (viewer.role.as_str(), fact.fact_type(), fact.occurred_on());
                    differences.insert(format!("{role} tries {kind} on {on}: {one} and {other}"));
                }
            }
        }
    }
    assert!(compared > 10_000, "{compared} answers were compared");
    assert!(differences.is_empty(), "{}", differences.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_hidden_signal_is_unknown_on_every_day_even_to_a_caller_with_its_id() {
    let before = housed();
    let hidden = |later| before.clone().days_later(later).then(signal).days_later(20);
    let [one, other] = [hidden(1), hidden(9)];
    let corporation = viewer(Role::HousingCorporation, &one);
    let tried = days(&one).into_iter().chain(days(&other));
    let tried: Vec<Fact> = tried.flat_map(|on| [signal(on).into(), signal_answered(on).into()]).collect();
    let [one, other] = [one, other].map(|story| answers(&corporation, &story.history, &tried));
    assert_eq!(one, other);
    assert!(one.iter().all(|answer| answer != "admitted"), "{one:#?}");
}

#[test]
fn a_viewer_with_full_access_gets_every_reason_on_every_day() {
    for story in lives() {
        let viewer = viewer(Role::CareProvider, &story);
        let tried = tried(&story, &viewer);
        for refused in answers(&viewer, &story.history, &tried) {
            let withheld = ["reason-withheld", "past-day-not-tried"];
            assert!(!withheld.iter().any(|code| refused.contains(code)), "{refused}");
        }
    }
}

#[test]
fn a_corporation_reports_its_offer_its_lease_and_the_flip_late() {
    let late = |story: Story, fact: fn(Day) -> Fact| {
        let corporation = viewer(Role::HousingCorporation, &story);
        assert_eq!(answers(&corporation, &story.history, &[fact(story.next)]), ["admitted"]);
    };
    late(matching(), |on| dwelling_offered(on).into());
    late(contracting(), |on| intermediary_lease(on).into());
    late(approved_to_flip().then(relapse_plan), |on| contract_flipped(on).into());
}

/// A report about today may differ in one bit: whether a reason is withheld. Never in more.
fn alike(one: &str, other: &str, fact: &Fact) -> bool {
    let of_today = fact.occurred_on() == *TODAY && !matches!(fact, Fact::EventCorrected(_));
    let seen = |answer: &str| {
        let (codes, rest) = answer.split_once(';').unwrap_or_default();
        let codes: Vec<_> = codes.split_whitespace().filter(|code| *code != "reason-withheld").collect();
        if codes.is_empty() { None } else { Some(format!("{codes:?}{rest}")) }
    };
    one == other || of_today && seen(one) == seen(other)
}

/// The answer to each of these reports, in full.
fn answers(viewer: &Viewer, history: &History, tried: &[Fact]) -> Vec<String> {
    let view = view(viewer, ID, history);
    tried.iter().map(|fact| answer(viewer, &view, history, fact)).collect()
}

fn answer(viewer: &Viewer, view: &View, history: &History, fact: &Fact) -> String {
    let facts = [fact.clone()];
    if !view.knows() {
        return "not-found".to_owned();
    }
    if may_report(viewer, ID, history, &facts).is_err() {
        return "not-theirs".to_owned();
    }
    let tried = may_be_tried(viewer, ID, history, &facts, *TODAY).and_then(|()| history.check(fact, rules()));
    let Err(mut refused) = tried else { return "admitted".to_owned() };
    redact_refusal(view, history, &mut refused);
    written(&refused, viewer.role != Role::WmoConsultant)
}

/// One fact of every kind that this role reports, on every day that could make a difference, and
/// corrections that move facts that it sees.
fn tried(story: &Story, viewer: &Viewer) -> Vec<Fact> {
    let days = days(story);
    let own =
        |kind: &&FactType| kind.row().reporters.contains(&viewer.role) && **kind != FactType::EventCorrected;
    let kinds = FactType::ALL.iter().filter(own);
    let facts = kinds.flat_map(|kind| days.iter().map(|day| fact_of(*kind, *day)));
    let recorded: Vec<_> = (1..).zip(story.history.recorded()).collect();
    let moved = recorded.iter().flat_map(|(corrects, fact)| {
        days.iter().step_by(5).map(|day| {
            let replacement = Some(Box::new(happening(fact, *day)));
            EventCorrected { corrects: *corrects, replacement, ..corrected(*TODAY) }.into()
        })
    });
    facts.chain(moved).collect()
}

fn written(refused: &Refused, sees_course: bool) -> String {
    let codes: Vec<_> = refused.refusals.iter().map(|refusal| refusal.code()).collect();
    let phase = sees_course.then_some(refused.phase);
    format!("{}; {phase:?} {:?}", codes.join(" "), refused.breaks)
}

fn viewer(role: Role, story: &Story) -> Viewer {
    let partners = story.state().partners.clone().expect("opened");
    let organisation = match role {
        Role::Client | Role::CareProvider => partners.care_provider,
        Role::HousingCorporation | Role::NuisanceOfficer => code("stadswonen"),
        _ => partners.municipality,
    };
    Viewer { role, organisation, regions: BTreeSet::from([partners.region]), trajectory: Some(ID) }
}

fn viewers(story: &Story) -> Vec<Viewer> {
    let stranger = Viewer { organisation: code("een-ander"), ..viewer(Role::HousingCorporation, story) };
    REPORTERS.iter().map(|role| viewer(*role, story)).chain([stranger]).collect()
}

/// Cases at several stages, each with many facts that some reporter does not see.
fn lives() -> Vec<Story> {
    let hidden: [fn(Day) -> Fact; 6] = [
        |on| preparation_step(on).into(),
        |on| SignalReported { signal_id: HIDDEN, ..signal(on) }.into(),
        |on| relapse_plan(on).into(),
        |on| guidance_plan(on).into(),
        |on| consent_given(on).into(),
        |on| departure(on).into(),
    ];
    let with_hidden = |story: Story| {
        hidden.iter().fold(story, |story, fact| {
            let attempt = story.clone().when(fact);
            if attempt.reasons().is_empty() { attempt.admitted() } else { story }
        })
    };
    let money = |story: Story| story.then(rent_missed).then(damage).then(arrears_cleared);
    let another_home = |story: Story| story.then(housing_requested).then(assigned_to_another);
    let bases = vec![
        preparing(),
        matching(),
        contracting(),
        housed(),
        money(housed()),
        losing_the_home(),
        quiet(),
        another_home(money(quiet())),
        another_home(housed().then(absence)),
        allowed_to_return(),
        approved_to_flip(),
        flipped(),
        deceased(),
        completed().then(return_requested),
    ];
    bases.into_iter().map(|story| with_hidden(story).days_later(20)).collect()
}

fn assigned_to_another(on: Day) -> CorporationAssigned {
    CorporationAssigned { corporation: code("een-ander"), ..corporation_assigned(on) }
}

/// Histories that differ in the day of one fact that is hidden from this viewer, or have another
/// hidden fact in its place. The number of hidden facts is no secret: each has its sequence number.
fn twins(story: &Story, viewer: &Viewer) -> Vec<History> {
    let history = &story.history;
    let seen = view(viewer, ID, history);
    let recorded = history.recorded();
    let mut twins = Vec::new();
    if !seen.knows() {
        return twins;
    }
    for at in 1..recorded.len() {
        if seen.show(&recorded[at]) != Shown::Withheld {
            continue;
        }
        let on = recorded[at].occurred_on();
        let others = [-2, 1, 9].map(|days| happening(&recorded[at], on.plus_days(days)));
        let instead: Fact = relapse_plan(on).into();
        let instead = Some(instead).filter(|fact| seen.show(fact) == Shown::Withheld);
        for other in others.into_iter().chain(instead) {
            let (before, after) = (recorded[..at].iter().cloned(), recorded[at + 1..].iter().cloned());
            let facts = before.chain([other]).chain(after);
            let mut twin = History::default();
            let admitted =
                facts.collect::<Vec<_>>().into_iter().all(|fact| twin.report(fact, rules()).is_ok());
            if admitted && view(viewer, ID, &twin).knows() {
                twins.push(twin);
            }
        }
    }
    twins
}

fn happening(fact: &Fact, on: Day) -> Fact {
    let mut written = serde_json::to_value(fact).expect("JSON");
    written["occurredOn"] = serde_json::to_value(on).expect("a day");
    serde_json::from_value(written).expect("a fact")
}

/// Every day of the case on which something happened, the day after the last one, today and
/// tomorrow.
fn days(story: &Story) -> Vec<Day> {
    let happened = story.history.recorded().iter().map(Fact::occurred_on);
    happened.chain([story.next, TODAY.plus_days(1), *TODAY]).collect::<BTreeSet<_>>().into_iter().collect()
}
