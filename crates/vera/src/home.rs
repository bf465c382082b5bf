//! A dwelling: VERA `Eenheid`, as far as it says something of a vacant home.

use std::str::FromStr;

use omklap_domain::allocation::{HomeKind, NeighbourhoodCode, PersonsRange, VacantHome};
use omklap_domain::day::Day;
use omklap_domain::ids::{ComplexId, DocumentReference, MunicipalityCode, UnitId};
use omklap_domain::trajectory::fact::{Access, Cents, ContractModel};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::codes::CodeList;
use crate::extra;
use crate::fault::{Fault, FaultCode};
use crate::node::{Message, Node};

/// How many items of a list of a dwelling are read: clusters, criteria, settings.
const MOST_OF_A_HOME: usize = 100;

/// What a message says of a dwelling. What it leaves out is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomeMessage {
    pub(crate) unit: Option<UnitId>,
    complex: Option<ComplexId>,
    municipality: Option<MunicipalityCode>,
    neighbourhood: Option<NeighbourhoodCode>,
    pub(crate) available_from: Option<Day>,
    pub(crate) certain: Option<bool>,
    rent_cents: Option<Cents>,
    kind: Option<HomeKind>,
    rooms: Option<u8>,
    floor: Option<i8>,
    lift: Option<bool>,
    access: Option<Access>,
    quiet: Option<bool>,
    pets_allowed: Option<bool>,
    persons: Option<PersonsRange>,
    pub(crate) contract_models: Option<Vec<ContractModel>>,
    nuisance_on_file: Option<bool>,
    respond_within_days: Option<u8>,
    pub(crate) reference: Option<DocumentReference>,
}

impl HomeMessage {
    /// Reads an `Eenheid`, and the extra attributes of the message that say more of it.
    pub(crate) fn read(unit: &Node<'_>, message: &Message<'_>) -> Self {
        let address = unit.get("adres");
        let place = |field| address.as_ref().and_then(|address| address.get(field)?.get("code"));
        let neighbourhood = place("buurt").or_else(|| place("wijk"));
        Self {
            unit: unit.own_key().and_then(|key| key.parsed("letters, cijfers en . _ : / -, hoogstens 64")),
            complex: first_cluster(unit),
            municipality: place("gemeente").and_then(|code| code.parsed("vier cijfers van het CBS")),
            neighbourhood: neighbourhood
                .and_then(|code| code.parsed("WK en zes cijfers, of BU en acht cijfers van het CBS")),
            rent_cents: unit.get("rekenhuur").and_then(|rent| rent.euros()),
            kind: kind(unit, message),
            rooms: unit.get("kamersAantal").and_then(|rooms| within(&rooms, 1, 20)),
            floor: unit.get("etage").and_then(|floor| within(&floor, -3, 100)),
            lift: message.extra(extra::LIFT).and_then(|lift| lift.flag()),
            access: unit.get("toegankelijkheidslabel").and_then(|label| access(&label)),
            quiet: quiet(unit),
            pets_allowed: message.extra(extra::PETS).and_then(|pets| pets.flag()),
            persons: persons(unit),
            contract_models: models(message),
            nuisance_on_file: message.extra(extra::NUISANCE_ON_FILE).and_then(|on_file| on_file.flag()),
            respond_within_days: message
                .extra(extra::RESPOND_WITHIN_DAYS)
                .and_then(|days| within(&days, 1, 60)),
            available_from: None,
            certain: None,
            reference: None,
        }
    }

    /// The dwelling, if the message says all that omklap needs; otherwise each thing that is missing is a
    /// fault. `at` is the place of the `Eenheid`.
    pub(crate) fn whole(self, message: &Message<'_>, at: &str) -> Option<VacantHome> {
        self.name_what_is_missing(message, at);
        Some(VacantHome {
            unit: self.unit?,
            complex: self.complex,
            municipality: self.municipality?,
            neighbourhood: self.neighbourhood,
            available_from: self.available_from?,
            certain: self.certain.unwrap_or(true),
            rent_cents: self.rent_cents?,
            kind: self.kind,
            rooms: self.rooms,
            floor: self.floor,
            lift: self.lift,
            access: self.access,
            quiet: self.quiet,
            pets_allowed: self.pets_allowed,
            persons: self.persons,
            contract_models: self.contract_models?,
            nuisance_on_file: self.nuisance_on_file?,
            respond_within_days: self.respond_within_days,
            reference: self.reference,
        })
    }

    fn name_what_is_missing(&self, message: &Message<'_>, at: &str) {
        let of_unit = |field: &str| Fault::at(format!("{at}/{field}"), FaultCode::Required);
        let nuisance = Fault::at("/extra-attributen", FaultCode::Required).expecting(extra::NUISANCE_ON_FILE);
        let needed = [
            (self.unit.is_some(), of_unit("idExtern")),
            (self.municipality.is_some(), of_unit("adres/gemeente/code")),
            (self.rent_cents.is_some(), of_unit("rekenhuur")),
            (self.available_from.is_some(), Fault::at("/opleverdatum", FaultCode::Required)),
            (message.extra(extra::NUISANCE_ON_FILE).is_some(), nuisance),
        ];
        for (_, fault) in needed.into_iter().filter(|(is_there, _)| !is_there) {
            message.complain(fault);
        }
    }

    /// The dwelling as it was, with what the message says of it instead.
    #[must_use]
    pub fn over(self, before: &VacantHome) -> VacantHome {
        let before = before.clone();
        VacantHome {
            unit: self.unit.unwrap_or(before.unit),
            complex: self.complex.or(before.complex),
            municipality: self.municipality.unwrap_or(before.municipality),
            neighbourhood: self.neighbourhood.or(before.neighbourhood),
            available_from: self.available_from.unwrap_or(before.available_from),
            certain: self.certain.unwrap_or(before.certain),
            rent_cents: self.rent_cents.unwrap_or(before.rent_cents),
            kind: self.kind.or(before.kind),
            rooms: self.rooms.or(before.rooms),
            floor: self.floor.or(before.floor),
            lift: self.lift.or(before.lift),
            access: self.access.or(before.access),
            quiet: self.quiet.or(before.quiet),
            pets_allowed: self.pets_allowed.or(before.pets_allowed),
            persons: self.persons.or(before.persons),
            contract_models: self.contract_models.unwrap_or(before.contract_models),
            nuisance_on_file: self.nuisance_on_file.unwrap_or(before.nuisance_on_file),
            respond_within_days: self.respond_within_days.or(before.respond_within_days),
            reference: self.reference.or(before.reference),
        }
    }
}

/// The complex: the code of the first cluster.
fn first_cluster(unit: &Node<'_>) -> Option<ComplexId> {
    let clusters = unit.get("clusters")?.items(MOST_OF_A_HOME);
    clusters.first()?.own_key()?.parsed("letters, cijfers en . _ : / -, hoogstens 64")
}

/// What kind of dwelling it is: an extra attribute, or the detail code, or that it is a room.
fn kind(unit: &Node<'_>, message: &Message<'_>) -> Option<HomeKind> {
    if let Some(named) = message.extra(extra::HOME_KIND) {
        return word(&named, "één van apartment, house, studio, clustered-unit en room");
    }
    let unit_kind = unit.get("soort").and_then(|kind| kind.code(CodeList::UnitKind));
    let detail = unit.get("detailSoort").and_then(|kind| kind.detail(CodeList::UnitDetailKind, unit_kind));
    let is_room = unit.get("zelfstandig").and_then(|alone| alone.flag()) == Some(false);
    match detail.map(|detail| detail.code) {
        Some("KAM") => Some(HomeKind::Room),
        _ if is_room => Some(HomeKind::Room),
        Some("BEN" | "BOV" | "COR" | "GAL" | "MAI" | "POF" | "POW") => Some(HomeKind::Apartment),
        Some("EIN" | "GTW" | "GWO" | "HAL" | "HER" | "HOE" | "TUS" | "TWE" | "VRI") => Some(HomeKind::House),
        _ => None,
    }
}

/// How accessible it is. `GNV` and the ended `GEL` say that there are no stairs inside, not that none lead
/// to the door: they are no promise of the ground floor or a lift.
fn access(label: &Node<'_>) -> Option<Access> {
    match label.code(CodeList::AccessLabel)?.code {
        "ROL" | "RUI" => Some(Access::Wheelchair),
        "NUL" | "ROA" => Some(Access::GroundFloorOrLift),
        "ZON" => Some(Access::AnyFloor),
        _ => None,
    }
}

/// Whether the place is quiet: on a quiet road, or on a busy one.
fn quiet(unit: &Node<'_>) -> Option<bool> {
    let settings = unit.get("ligging")?.items(MOST_OF_A_HOME);
    let codes: Vec<_> = settings
        .iter()
        .filter_map(|setting| setting.code(CodeList::UnitSetting))
        .map(|code| code.code)
        .collect();
    if codes.contains(&"DRU") {
        return Some(false);
    }
    codes.contains(&"RUS").then_some(true)
}

/// For how many persons: the criterion `PER`, or the older conditions.
fn persons(unit: &Node<'_>) -> Option<PersonsRange> {
    let criteria = unit.get("criteria").map(|criteria| criteria.items(MOST_OF_A_HOME)).unwrap_or_default();
    let of_persons = |criterion: &Node<'_>| {
        criterion
            .get("soort")
            .and_then(|kind| kind.get("code"))
            .is_some_and(|code| code.text() == Some("PER"))
    };
    let (node, least, most) = match criteria.into_iter().find(of_persons) {
        Some(criterion) => (criterion, "aantalOndergrens", "aantalBovengrens"),
        None => (unit.get("voorwaarden")?, "minimumAantalPersonen", "maximumAantalPersonen"),
    };
    let bound = |name| node.get(name).and_then(|bound| within(&bound, 1, 20));
    let (min, max) = (bound(least), bound(most));
    Some(PersonsRange { min: min.or(max.map(|_| 1))?, max: max.unwrap_or(20) })
}

/// The contract models that an extra attribute names.
fn models(message: &Message<'_>) -> Option<Vec<ContractModel>> {
    words(&message.extra(extra::CONTRACT_MODELS)?, "intermediary, three-party, temporary of own")
}

/// A number between two bounds.
pub(crate) fn within<T>(node: &Node<'_>, least: T, most: T) -> Option<T>
where
    T: TryFrom<i64> + FromStr + PartialOrd + std::fmt::Display + Copy,
{
    let expected = format!("{least} tot en met {most}");
    let number: T = node.number(&expected)?;
    if least <= number && number <= most {
        return Some(number);
    }
    node.complain(FaultCode::WrongForm, &expected);
    None
}

/// The only word in a value, of the ledger's own vocabulary.
pub(crate) fn word<T: DeserializeOwned>(node: &Node<'_>, expected: &str) -> Option<T> {
    let mut all = words(node, expected)?;
    if all.len() > 1 {
        node.complain(FaultCode::WrongForm, expected);
        return None;
    }
    all.pop()
}

/// Words of the ledger's own vocabulary, with commas between them.
pub(crate) fn words<T: DeserializeOwned>(node: &Node<'_>, expected: &str) -> Option<Vec<T>> {
    let text = node.text()?;
    let each = text.split(',').map(|word| serde_json::from_value(Value::from(word.trim())));
    let read = each.collect::<Result<Vec<T>, _>>();
    read.map_err(|_| node.complain(FaultCode::WrongForm, expected)).ok()
}
