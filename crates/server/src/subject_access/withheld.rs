//! What is withheld from a client: who reported nuisance (`docs/DOMAIN.md` §8; AVG art. 15(4)).

use std::collections::BTreeSet;

use omklap_domain::ids::TrajectoryId;
use omklap_domain::trajectory::fact::RestrictionLifted;
use omklap_domain::trajectory::{Fact, History};
use omklap_domain::visibility::{Role, Shown, View, Viewer, view};
use serde_json::{Value, json};

/// Why something is withheld: AVG art. 15(4), the only reason there is.
const RIGHTS_OF_OTHERS: &str = "rights-of-others";

/// What the client sees of a trajectory, even while its processing is restricted, because the
/// restriction protects the client.
///
/// # Panics
/// If nothing opened the trajectory.
#[must_use]
pub fn view_of_client(id: TrajectoryId, history: &History) -> View {
    let mut unrestricted = history.clone();
    if let Some(occurred_on) = history.state().record.restricted_on {
        unrestricted.record(Fact::RestrictionLifted(RestrictionLifted { occurred_on }));
    }
    let partners = unrestricted.state().partners.as_ref();
    let organisation = partners.map(|partners| partners.care_provider.clone());
    let organisation = organisation.expect("every fact that opens a trajectory names its provider");
    let client = Viewer { role: Role::Client, organisation, regions: BTreeSet::new(), trajectory: Some(id) };
    view(&client, id, &unrestricted)
}

/// Removes the withheld fields from a fact, and returns their places and the reason, as JSON.
#[must_use]
pub fn withhold(shown: &Shown, fact: &mut Value) -> Vec<Value> {
    shown.strip(fact);
    let pointers = match shown {
        Shown::Whole => &[],
        Shown::InPart { withheld } => withheld.as_slice(),
        Shown::Withheld => &[String::new()],
    };
    let reason = |pointer: &String| json!({ "pointer": pointer, "reason": RIGHTS_OF_OTHERS });
    pointers.iter().map(reason).collect()
}
