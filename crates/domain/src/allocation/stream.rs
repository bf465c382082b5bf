//! What a stream beside the trajectory is, and the table of them.

use std::borrow::Cow;
use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::complex::Complex;
use super::facts::StreamFact;
use super::guarantee_fund::GuaranteeFundYear;
use super::plan::Plan;
use super::refusal::Refusal;
use super::round::Round;
use super::vacancy::Vacancy;
use crate::agreements::{AgreementSet, AgreementSets};
use crate::day::Day;
use crate::ids::{MunicipalityCode, OrganisationId, RegionId, UnitId};
use crate::organisation::OrganisationKind;
use crate::role::Role;
use crate::trajectory::Refusal as GeneralRefusal;
use crate::visibility::Viewer;

/// One stream: what its facts lead to. The default is a stream in which nothing happened.
pub trait Stream: Clone + Debug + Default + PartialEq + Send + Sync + 'static {
    /// Its facts.
    type Fact: StreamFact;
    /// Its kind.
    const KIND: StreamKind;
    /// The field that names the organisation for which a fact speaks, as a JSON pointer inside the fact.
    const SPEAKS_FOR: &'static str = "/corporation";
    /// The roles that read the streams of their own organisation.
    const READ_BY_OWNER: &'static [Role];
    /// The roles that read every stream of their regions.
    const READ_IN_REGION: &'static [Role];
    /// Those of them that do not see every field; none if all do.
    const IN_PART: Option<&'static InPart<Self>> = None;

    /// What follows from one more fact.
    fn evolve(&mut self, fact: &Self::Fact);

    /// Every rule that a fact breaks after those before it. Never asked about a correction.
    fn broken_by(&self, fact: &Self::Fact) -> Vec<BrokenRule>;

    /// Who reports this fact.
    fn reporters<'a>(&'a self, fact: &'a Self::Fact) -> Reporters<'a>;

    /// Which of these roles report, if the agreements of the region say so. Without agreements, nothing
    /// is said.
    #[must_use]
    fn reporters_by_agreement(_: &AgreementSet) -> Option<&'static [Role]> {
        None
    }

    /// Every rule of the region's agreements that a fact breaks; none are given for a region without. Like
    /// what a fact [rests on](Self::rests_on), this is looked at once, at the report: agreements change.
    #[must_use]
    fn broken_by_agreement(_: &Self::Fact, _: Option<&AgreementSet>) -> Vec<BrokenRule> {
        Vec::new()
    }

    /// The rules that a report breaks as a whole on the day on which it is made, each with the index of its fact.
    /// Looked at once, as what a fact [rests on](Self::rests_on).
    #[must_use]
    fn broken_by_report(_: &[Self::Fact], _: Day) -> Vec<(usize, BrokenRule)> {
        Vec::new()
    }

    /// What a fact names that has to be registered, besides the organisation that reports it.
    #[must_use]
    fn names(_: &Self::Fact) -> Vec<Named<'_>> {
        Vec::new()
    }

    /// What must be elsewhere in the ledger before this fact is recorded.
    fn rests_on<'a>(&'a self, _: &'a Self::Fact) -> RestsOn<'a> {
        RestsOn::default()
    }

    /// Whose it is, and where; none while nothing happened.
    fn place(&self) -> Option<Place<'_>>;

    /// The period by which it is named in its region, if it is.
    fn period(&self) -> Option<Period> {
        None
    }

    /// Whether this viewer reads it.
    fn is_read_by(&self, viewer: &Viewer) -> bool {
        self.place().is_some_and(|Place { organisation, region, .. }| {
            let owns =
                organisation == Some(&viewer.organisation) && Self::READ_BY_OWNER.contains(&viewer.role);
            owns || Self::READ_IN_REGION.contains(&viewer.role) && viewer.regions.contains(region)
        })
    }

    /// Why this viewer may not report this fact.
    ///
    /// # Errors
    /// What it is not: of a role that reports it, of the organisation for which it speaks, or of the
    /// region.
    fn may_report(&self, viewer: &Viewer, fact: &Self::Fact, sets: &AgreementSets) -> Result<(), NotTheirs> {
        let replacement = fact.correction().and_then(|correction| correction.replacement);
        [Some(fact), replacement].into_iter().flatten().try_for_each(|fact| {
            let reporters = self.reporters(fact);
            let set = reporters.region.and_then(|region| sets.of_region(region));
            let agreed = set.and_then(Self::reporters_by_agreement);
            Reporters { roles: agreed.unwrap_or(reporters.roles), ..reporters }
                .include(viewer, Self::SPEAKS_FOR)
        })
    }
}

/// What a role gets of a stream if some fields are hidden from it: not the facts, but
/// [what these change](super::seen_events).
#[derive(Debug)]
pub struct InPart<S: 'static> {
    /// The roles.
    pub roles: &'static [Role],
    /// Whether they see no difference between two states.
    pub looks_like: fn(&S, &S) -> bool,
    /// The kind of fact under which they get the change from one state to another.
    pub kind_of_change: fn(&S, &S) -> &'static str,
}

/// The roles that read what the partners of a region agree between them, and nothing of a case.
pub(super) const EVERY_PARTNER: &[Role] = &[
    Role::CareProvider,
    Role::Guide,
    Role::HousingCorporation,
    Role::MatchingPoint,
    Role::Municipality,
    Role::WmoConsultant,
    Role::Auditor,
];

/// Who reports a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reporters<'a> {
    /// In one of these roles.
    pub roles: &'static [Role],
    /// For this organisation, if the fact or its stream belongs to one.
    pub organisation: Option<&'a OrganisationId>,
    /// Working in this region, if the fact names one.
    pub region: Option<&'a RegionId>,
}

impl Reporters<'_> {
    /// Whether this viewer is one of them.
    ///
    /// # Errors
    /// Why not.
    fn include(&self, viewer: &Viewer, speaks_for: &'static str) -> Result<(), NotTheirs> {
        let Self { roles, organisation, region } = self;
        if !roles.contains(&viewer.role) {
            Err(NotTheirs::OfOtherRoles(roles))
        } else if organisation.is_some_and(|organisation| *organisation != viewer.organisation) {
            Err(NotTheirs::SpeaksForAnother(speaks_for))
        } else if region.is_some_and(|region| !viewer.regions.contains(region)) {
            Err(NotTheirs::RegionOfOthers)
        } else {
            Ok(())
        }
    }
}

/// What must be elsewhere in the ledger when a fact is reported. It is looked at once, at the report: what
/// changes later makes no recorded fact wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestsOn<'a> {
    /// A complex that is described, in this municipality.
    pub complex: Option<(StreamId, &'a MunicipalityCode)>,
    /// A dwelling of a corporation that has no tenant of the outflow on this day.
    pub home: Option<(&'a OrganisationId, &'a UnitId, Day)>,
    /// The only open vacancy of that dwelling.
    pub only_open: Option<StreamId>,
    /// A vacancy whose offers led to no lease of a client.
    pub without_lease: Option<WithoutLease>,
}

/// A vacancy whose offers must have led to no lease of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithoutLease {
    /// The vacancy.
    pub vacancy: StreamId,
    /// Leases that began later than this day do not count; without it, all count.
    pub by: Option<Day>,
    /// The rule that is broken if there is a lease.
    pub otherwise: Refusal,
}

/// What a fact names that has to be registered or agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// The field, as a JSON pointer inside the fact.
    pub field: String,
    /// What it names.
    pub what: NamedThing<'a>,
}

/// What the field of a fact of a stream can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedThing<'a> {
    /// An organisation that has to be a partner of one of these kinds in the region.
    Partner(&'a OrganisationId, &'static [OrganisationKind]),
    /// A municipality that has to be one of the region's, if the agreements of the region list them.
    Municipality(&'a MunicipalityCode),
}

/// Why a viewer may not report a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTheirs {
    /// These roles report it.
    OfOtherRoles(&'static [Role]),
    /// It belongs to another organisation, which this field names.
    SpeaksForAnother(&'static str),
    /// The viewer's organisation does not work in the region.
    RegionOfOthers,
}

/// Whose a stream is, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The organisation that it belongs to, if it belongs to one.
    pub organisation: Option<&'a OrganisationId>,
    /// Its region.
    pub region: &'a RegionId,
    /// What can be asked for in a list, as a word.
    pub status: &'static str,
    /// The dwelling that it is about, if it is about one.
    pub unit: Option<&'a UnitId>,
    /// The municipality in which its dwellings are, if it is about any.
    pub municipality: Option<&'a MunicipalityCode>,
}

/// A period by which a stream is named in its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A year.
    Year(u16),
    /// A day.
    Day(Day),
}

/// A correction of a fact of a stream, as [`StreamFact::correction`] shows it.
#[derive(Debug, PartialEq)]
pub struct Correction<'a, F> {
    /// The number of the corrected fact.
    pub corrects: u64,
    /// What really happened; none if nothing did.
    pub replacement: Option<&'a F>,
}

/// A rule that a reported fact breaks, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRule {
    /// The rule.
    pub rule: Rule,
    /// The field that broke it, as a JSON pointer inside the fact. Empty if the fact as a whole did.
    pub field: Cow<'static, str>,
}

/// A rule for the facts of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A rule for every fact, also of a trajectory.
    General(GeneralRefusal),
    /// A rule of streams.
    OfStream(Refusal),
}

impl BrokenRule {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.rule {
            Rule::General(refusal) => refusal.code(),
            Rule::OfStream(refusal) => refusal.code(),
        }
    }
}

impl From<GeneralRefusal> for BrokenRule {
    fn from(refusal: GeneralRefusal) -> Self {
        Self { rule: Rule::General(refusal), field: refusal.field().into() }
    }
}

impl From<Refusal> for BrokenRule {
    fn from(refusal: Refusal) -> Self {
        Self { rule: Rule::OfStream(refusal), field: refusal.field().into() }
    }
}

/// The id of a stream. For one that a partner names by its own code, it follows from that code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(pub Uuid);

impl StreamId {
    /// The id of the stream of this kind that these codes name: a UUID of version 8, the beginning of
    /// SHA-256 over the kind and the codes, each code with a zero byte before it.
    ///
    /// # Panics
    /// Never: SHA-256 has 32 bytes.
    #[must_use]
    pub fn named(kind: StreamKind, codes: &[&str]) -> Self {
        let mut hash = Sha256::new_with_prefix(kind.as_str());
        for code in codes {
            hash.update([0]);
            hash.update(code);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let bytes = *digest.first_chunk::<16>().expect("SHA-256 has 32 bytes");
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl std::str::FromStr for StreamId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

impl From<StreamId> for Uuid {
    fn from(id: StreamId) -> Self {
        id.0
    }
}

/// Something that is done with the type of a stream.
pub trait StreamVisitor {
    /// What it leads to.
    type Output;
    /// Does it.
    fn visit<S: Stream>(self) -> Self::Output;
}

macro_rules! streams {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// The kinds of streams beside the trajectory.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum StreamKind {
            $($(#[$doc])* $name,)*
        }

        impl StreamKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name of the kind in the ledger: the type of its aggregate.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The kind with this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }

            /// Does something with the type of this kind of stream.
            pub fn visit<V: StreamVisitor>(self, visitor: V) -> V::Output {
                match self { $(Self::$name => visitor.visit::<$name>(),)* }
            }
        }
    };
}

streams! {
    /// Dwellings that belong together (VERA *cluster*).
    Complex "complex";
    /// What the partners of a region agree for a year.
    Plan "plan";
    /// A dwelling that is for the outflow (VERA *publicatie*).
    Vacancy "vacancy";
    /// What was put into the guarantee fund of a region for a year.
    GuaranteeFundYear "guarantee-fund-year";
    /// The monthly round of a region.
    Round "round";
}
