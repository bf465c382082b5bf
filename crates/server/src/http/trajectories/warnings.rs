//! The warnings in the answer to an offer (`docs/DOMAIN.md` §3.9).

use omklap_domain::trajectory::warning::Warning;
use omklap_domain::visibility::View;
use omklap_store::Recorded;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::Shape;
use crate::http::request::language::Language;

/// Where an offer goes against the client's profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferWarning)]
pub struct WarningBody {
    /// What it is about; never reused for another.
    code: Warning,
    /// What to look at.
    detail: &'static str,
    /// The place in the body, as a JSON pointer (RFC 6901).
    #[schema(example = "/rentCents")]
    pointer: String,
}

impl WarningBody {
    /// The warnings about the offers of this report that this viewer may see.
    #[must_use]
    pub fn list(recorded: &Recorded, view: &View, shape: Shape, language: Language) -> Vec<Self> {
        let offers = (recorded.first_sequence..).take(recorded.event_ids.len()).enumerate();
        let warnings = offers.flat_map(|(index, sequence)| {
            let warnings = view.warnings_about(&recorded.history, sequence);
            warnings.into_iter().map(move |warning| (index, warning))
        });
        let body = |(index, warning): (usize, Warning)| Self {
            code: warning,
            detail: language.of_two(warning.in_english(), warning.in_dutch()),
            pointer: match shape {
                Shape::One => warning.field().to_owned(),
                Shape::List => format!("/{index}{}", warning.field()),
            },
        };
        warnings.map(body).collect()
    }
}
