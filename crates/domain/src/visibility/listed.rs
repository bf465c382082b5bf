//! What a list of trajectories shows of one, beyond the row from which the list is read.

use super::{AccessLevel, Category, Shown, View};
use crate::day::Day;
use crate::text::PrivateText;
use crate::trajectory::History;
use crate::trajectory::fact::Fact;

/// What a viewer sees of a trajectory in a list. A field to which the viewer has no access is none,
/// as is one without a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Whether the viewer sees who the client is: then even a name that is gone says something.
    pub shows_identity: bool,
    /// The client's name in its latest wording, as the history has it.
    pub client_name: Option<PrivateText>,
    /// Since when the client is ready, unless that was revoked.
    pub ready_on: Option<Day>,
    /// The day on which the client is expected to be ready, as it was announced last.
    pub expected_on: Option<Day>,
}

impl View {
    /// What a list shows of the trajectory with this history, in its current state.
    #[must_use]
    pub fn listed(&self, history: &History) -> Listed {
        let shows_identity = self.sees(Category::Identity) != AccessLevel::None;
        let shows_course = self.sees(Category::Course) != AccessLevel::None;
        let announced = history.happened().filter_map(|(_, fact)| match fact {
            Fact::OutflowAnnounced(outflow) if self.show(fact) == Shown::Whole => Some(outflow.expected_on),
            _ => None,
        });
        Listed {
            shows_identity,
            client_name: client_name(history).filter(|_| shows_identity).cloned(),
            ready_on: history.state().ready_on.filter(|_| shows_course),
            expected_on: announced.last(),
        }
    }
}

/// The client's name in the opening fact, as it reads after corrections.
fn client_name(history: &History) -> Option<&PrivateText> {
    match history.happened().next()? {
        (_, Fact::IntakeRegistered(intake)) => Some(&intake.client_name),
        (_, Fact::RunningCaseTakenOver(case)) => Some(&case.client_name),
        _ => None,
    }
}
