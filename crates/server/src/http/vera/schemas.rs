//! The messages of VERA in the published document: the fields that omklap reads or writes. A message may
//! have more fields; those are ignored.
#![expect(
    dead_code,
    reason = "these types are only documentation: messages are read and written in omklap-vera"
)]

use utoipa::ToSchema;

/// A code of a list of VERA (`Referentiedata`).
#[derive(ToSchema)]
pub(super) struct Referentiedata {
    /// The code.
    code: String,
    /// What it is called.
    #[schema(nullable = false)]
    naam: Option<String>,
}

/// A reference by id.
#[derive(ToSchema)]
pub(super) struct Sleutels {
    /// The id.
    id: String,
}

/// What VERA has no field for, by name.
#[derive(ToSchema)]
pub(super) struct ExtraAttribuut {
    /// The name, such as `omklap.overlastdossier`.
    #[schema(max_length = 100)]
    naam: String,
    /// The value.
    #[schema(max_length = 20_000)]
    waarde: String,
}

/// A dwelling that is or becomes vacant.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Publicatie {
    /// Its id here; absent in a new one.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The sender's own key.
    #[schema(nullable = false)]
    id_extern: Option<String>,
    /// The sender's reference.
    #[schema(nullable = false)]
    code: Option<String>,
    /// `PUBLICATIESTATUS`.
    #[schema(nullable = false)]
    status: Option<Referentiedata>,
    /// `PUBLICATIEDETAILSTATUS`.
    #[schema(nullable = false)]
    detail_status: Option<Referentiedata>,
    /// `PUBLICATIEMODEL`: DIS.
    #[schema(nullable = false)]
    model: Option<Referentiedata>,
    /// `PUBLICATIEDETAILMODEL`: OMK.
    #[schema(nullable = false)]
    detail_model: Option<Referentiedata>,
    /// The first day on which a lease can begin.
    #[schema(nullable = false)]
    opleverdatum: Option<String>,
    /// The dwelling: one `Eenheid`, or its URI.
    #[schema(nullable = false, value_type = Option<Vec<serde_json::Value>>, max_items = 1)]
    eenheden: Option<Vec<()>>,
    /// At least `omklap.overlastdossier` in a new one.
    #[schema(nullable = false, rename = "extra-attributen", max_items = 100)]
    extra_attributen: Option<Vec<ExtraAttribuut>>,
}

/// A client who may get a dwelling. `positie` is never there.
#[derive(ToSchema)]
pub(super) struct Kandidaat {
    /// The case and the vacancy, with a point between them.
    id: String,
    /// `KANDIDAATSTATUS`.
    #[schema(nullable = false)]
    status: Option<Referentiedata>,
    /// The publication.
    publicatie: Sleutels,
    /// The URI of the dwelling.
    eenheid: String,
}

/// An offer of a dwelling.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Aanbieding {
    /// The case and the offer, with a point between them; absent in a new one.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The sender's own key.
    #[schema(nullable = false)]
    id_extern: Option<String>,
    /// `AANBIEDINGSTATUS`.
    #[schema(nullable = false)]
    status: Option<Referentiedata>,
    /// `AANBIEDINGDETAILSTATUS`.
    #[schema(nullable = false)]
    detail_status: Option<Referentiedata>,
    /// The day of the offer.
    #[schema(nullable = false)]
    datum: Option<String>,
    /// The day of the answer.
    #[schema(nullable = false)]
    antwoorddatum: Option<String>,
    /// The last day on which the client may answer.
    #[schema(nullable = false)]
    vervaldatum: Option<String>,
    /// Words about the answer. Read, and never written.
    #[schema(nullable = false)]
    antwoord_toelichting: Option<String>,
    /// The URI of the dwelling.
    #[schema(nullable = false)]
    eenheid: Option<String>,
    /// The candidate.
    #[schema(nullable = false)]
    kandidaat: Option<Sleutels>,
    /// The publication: that of the candidate.
    #[schema(nullable = false)]
    publicatie: Option<Sleutels>,
    /// The rent a month: that of the publication. Read, and never written.
    #[schema(nullable = false)]
    rekenhuur: Option<f64>,
    /// The considerations and the agreements of a new offer.
    #[schema(nullable = false, rename = "extra-attributen", max_items = 100)]
    extra_attributen: Option<Vec<ExtraAttribuut>>,
}

/// An offer that the client accepted; of a corporation also that a home went to somebody else.
#[derive(ToSchema)]
pub(super) struct Toewijzing {
    /// The case and the offer, with a point between them; absent in a new one.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The day of the acceptance.
    #[schema(nullable = false)]
    datum: Option<String>,
    /// The offer.
    #[schema(nullable = false)]
    aanbieding: Option<Sleutels>,
    /// The publication.
    #[schema(nullable = false)]
    publicatie: Option<Sleutels>,
    /// The URI of the dwelling.
    #[schema(nullable = false)]
    eenheid: Option<String>,
    /// The rent a month.
    #[schema(nullable = false)]
    rekenhuur: Option<f64>,
    /// The URI of the lease, once there is one. Written, and never read.
    #[schema(nullable = false)]
    overeenkomst: Option<String>,
}

/// A dwelling.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Eenheid {
    /// Its code here; absent in a new one.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The sender's own key: the code of the dwelling.
    #[schema(nullable = false)]
    id_extern: Option<String>,
    /// `EENHEIDSOORT`.
    #[schema(nullable = false)]
    soort: Option<Referentiedata>,
    /// `EENHEIDDETAILSOORT`.
    #[schema(nullable = false)]
    detail_soort: Option<Referentiedata>,
    /// The rent a month.
    #[schema(nullable = false)]
    rekenhuur: Option<f64>,
    /// The address, as far as the ledger keeps it: municipality and neighbourhood, by the codes of CBS.
    #[schema(nullable = false, value_type = Option<Object>)]
    adres: Option<()>,
    /// Whether it is a home by itself.
    #[schema(nullable = false)]
    zelfstandig: Option<bool>,
    /// How many rooms it has.
    #[schema(nullable = false)]
    kamers_aantal: Option<i32>,
    /// On which floor it is.
    #[schema(nullable = false)]
    etage: Option<i32>,
    /// `TOEGANKELIJKHEIDSLABEL`.
    #[schema(nullable = false)]
    toegankelijkheidslabel: Option<Referentiedata>,
}

/// A client who accepted a home.
#[derive(ToSchema)]
pub(super) struct NatuurlijkPersoon {
    /// The case.
    id: String,
    /// `RELATIESOORT`: NAT.
    soort: Referentiedata,
    /// The name.
    #[schema(nullable = false)]
    aanschrijfnaam: Option<String>,
    /// The roles.
    rollen: Vec<Sleutels>,
}

/// The role of a person or an organisation.
#[derive(ToSchema)]
pub(super) struct Relatierol {
    /// Its id.
    id: String,
    /// `RELATIEROLSOORT`: WON, BEW or HUU.
    soort: Referentiedata,
    /// Since when.
    begindatum: String,
    /// Of whom.
    relatie: Sleutels,
}

/// A care provider.
#[derive(ToSchema)]
pub(super) struct Rechtspersoon {
    /// Its code.
    id: String,
    /// `RELATIESOORT`: REC.
    soort: Referentiedata,
    /// Its name.
    naam: String,
}

/// A lease.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Huurovereenkomst {
    /// The case and the lease, with a point between them; absent in a new one.
    #[schema(nullable = false)]
    id: Option<String>,
    /// The sender's own key.
    #[schema(nullable = false)]
    id_extern: Option<String>,
    /// `OVEREENKOMSTSOORT`: HUU.
    #[schema(nullable = false)]
    soort: Option<Referentiedata>,
    /// `OVEREENKOMSTDETAILSOORT`: ONB, KAM or TIJ.
    #[schema(nullable = false)]
    detail_soort: Option<Referentiedata>,
    /// `OVEREENKOMSTSTATUS`.
    #[schema(nullable = false)]
    status: Option<Referentiedata>,
    /// The first day.
    #[schema(nullable = false)]
    begindatum: Option<String>,
    /// The last day: of a lease for a fixed term, or of one that ends.
    #[schema(nullable = false)]
    einddatum: Option<String>,
    /// The rent a month.
    #[schema(nullable = false)]
    rekenhuur: Option<f64>,
    /// The dwelling.
    #[schema(nullable = false, value_type = Option<Vec<serde_json::Value>>, max_items = 1)]
    eenheden: Option<Vec<()>>,
    /// `EINDEREDEN`.
    #[schema(nullable = false)]
    einde_reden: Option<Referentiedata>,
    /// `EINDEDETAILREDEN`.
    #[schema(nullable = false)]
    einde_detail_reden: Option<Referentiedata>,
    /// At least `omklap.traject` in a new one.
    #[schema(nullable = false, rename = "extra-attributen", max_items = 100)]
    extra_attributen: Option<Vec<ExtraAttribuut>>,
}

/// The notice of a lease.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Huuropzegging {
    /// The lease.
    huurovereenkomst: Sleutels,
    /// `HUUROPZEGGINGSTATUS`.
    #[schema(nullable = false)]
    status: Option<Referentiedata>,
    /// `EINDEREDEN`.
    #[schema(nullable = false)]
    einde_reden: Option<Referentiedata>,
    /// `EINDEDETAILREDEN`.
    #[schema(nullable = false)]
    einde_detail_reden: Option<Referentiedata>,
    /// The last day of the lease.
    #[schema(nullable = false)]
    opzegdatum: Option<String>,
    /// `omklap.ondertekend-door`, `omklap.volgende-plek` and `omklap.document`.
    #[schema(nullable = false, rename = "extra-attributen", max_items = 100)]
    extra_attributen: Option<Vec<ExtraAttribuut>>,
}

/// The priority of a client.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Voorrangsregeling {
    /// The case.
    id: String,
    /// `VOORRANGSOORT`: URG.
    soort: Referentiedata,
    /// `VOORRANGDETAILSOORT`: UIT.
    detail_soort: Referentiedata,
    /// Since when the client is ready.
    #[schema(nullable = false)]
    begindatum: Option<String>,
    /// The profile.
    #[schema(nullable = false)]
    profiel: Option<Sleutels>,
}

/// The homes that fit a client.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VoorrangsregelingProfiel {
    /// The case.
    id: String,
    /// The highest rent a month in whole euros, rounded down.
    maximum_bruto_huur: i64,
    /// `TOEGANKELIJKHEIDSLABEL`: those of the homes that the client can enter; absent if any will do.
    #[schema(nullable = false)]
    toegankelijkheidslabels: Option<Vec<Referentiedata>>,
}

/// What is wrong with a request, in Dutch.
#[derive(ToSchema)]
pub(super) struct Foutbericht {
    /// The stable code of the whole.
    code: String,
    /// What is wrong, and then every fault on a line of its own: its place, its code, and the words.
    omschrijving: String,
}
