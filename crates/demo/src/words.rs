//! What people write down, in Dutch as they do; all of it invented.

/// A list of texts that people write.
type Words = &'static [&'static str];

pub(super) const NAMES: Words = &[
    "Aaltje", "Abdel", "Ahmed", "Aicha", "Anja", "Anton", "Ayse", "Bart", "Bianca", "Carlos", "Cees",
    "Chantal", "Daan", "Debbie", "Dennis", "Dilan", "Elif", "Els", "Emre", "Erik", "Esther", "Femke",
    "Frits", "Gert", "Gita", "Hanneke", "Hassan", "Henk", "Ilse", "Ine", "Jamal", "Jan", "Janneke", "Jeroen",
    "Joke", "Karim", "Kees", "Kim", "Lars", "Lies", "Lucia", "Maaike", "Marco", "Marijke", "Mehmet", "Mo",
    "Nel", "Niels", "Noor", "Omar", "Patrick", "Petra", "Ria", "Rob", "Ruben", "Samira", "Sanne", "Sara",
    "Sem", "Tess", "Theo", "Tineke", "Umar", "Wendy", "Wim", "Yara", "Yvonne", "Zeynep",
];
pub(super) const HOW_TO_REACH: Words = &[
    "Via de begeleider op de groep",
    "Belt liever dan mailt, na tien uur",
    "Appen mag, bellen liever niet",
    "Op werkdagen aan het steunpunt",
    "Via het wijkteam, dagelijks bereikbaar",
];
pub(super) const NEIGHBOURHOODS: Words = &[
    "Centrum",
    "Noord",
    "Oost",
    "Zuidwest",
    "de Tuinwijk",
    "het Rozenprieel",
    "bij het station",
    "het oude dorp",
];
pub(super) const NOT_THERE: Words = &[
    "Daar wonen mensen uit de tijd dat het slecht ging.",
    "Ex-partner woont in deze buurt.",
    "Te dicht bij de kliniek; daar wil de cliënt niet elke dag langs.",
    "Te ver van de dagbesteding.",
];
pub(super) const DAY_ACTIVITY_PLACES: Words = &[
    "Kringloopwinkel",
    "Fietsenwerkplaats",
    "Buurthuis",
    "Groenploeg",
    "Naaiatelier",
    "Zorgkeuken",
    "Dierenasiel",
];

pub(super) const STEP: Words = &[
    "Afgerond, met certificaat van de corporatie.",
    "Rond; de huurtoeslag volgt zodra er een contract is.",
    "Kostte meer tijd dan gedacht, maar het staat.",
    "Zelf geregeld, begeleider keek mee.",
];
pub(super) const DEBTS: Words = &[
    "Geen schulden.",
    "Twee schuldeisers in beeld, regeling loopt.",
    "Oude zorgpremies, wordt via de gemeente afbetaald.",
    "Brieven van drie jaar samen geopend; het valt mee.",
    "Boetes en een telefoonabonnement; bewindvoerder is aangevraagd.",
];
pub(super) const NETWORK: Words = &[
    "Zus komt elke woensdag eten.",
    "Klein netwerk: een oud-collega en de huisarts.",
    "Moeder woont op loopafstand.",
    "Buurtcirkel op donderdag.",
    "Vrijwilliger van de kerk gaat mee naar afspraken.",
    "Broer in de volgende plaats, eens per maand.",
];
pub(super) const DAY_ACTIVITY: Words = &[
    "Drie ochtenden in de kringloop.",
    "Vier dagen in de fietsenwerkplaats.",
    "Groenploeg, wordt met het busje gehaald.",
    "Vrijwilligerswerk in het buurthuis.",
    "Opleiding, met de tram te doen.",
];
pub(super) const READY: Words = &[
    "Herkent de eigen signalen op tijd en weet wie te bellen.",
    "Alle stappen afgerond; het wachten mag nu niet te lang duren.",
    "Uitstroommonitor staat drie maanden op groen.",
    "Wil graag, en wij durven het aan.",
];
pub(super) const NOT_READY: Words = &[
    "Na de bezichtiging sliep de cliënt niet meer. Het gaat te snel.",
    "Terugval in gebruik; eerst behandeling.",
    "De zorg om de hoek is nog niet geregeld.",
];
pub(super) const CONSENT_WITHDRAWN: Words =
    &["Dat regel ik nu zelf.", "Wil niet dat dit nog wordt gedeeld.", "Niet meer nodig sinds de verhuizing."];

pub(super) const REQUEST_INCOMPLETE: Words = &[
    "Graag de toekenning van de uitkering toevoegen.",
    "Overzicht van de schulden ontbreekt.",
    "Formulier is niet ondertekend door de cliënt.",
];
pub(super) const CASE_TABLE: Words = &[
    "Corporatie kijkt ook in de buurgemeente; over vier weken opnieuw.",
    "Gemeente pakt de uitkering op, aanbieder regelt de indicatie.",
    "Afgesproken dat er deze maand samen met de cliënt wordt gepraat.",
    "Een passende woning gaat voor een snelle.",
    "Budgetcoach wordt ingezet, incasso wacht zes weken.",
    "Wijkteam sluit aan bij het volgende gesprek.",
];
pub(super) const WISHES: Words = &[
    "Rust en een eigen voordeur.",
    "Dicht bij familie.",
    "Begane grond, de hond gaat mee.",
    "Liefst een balkon.",
];
pub(super) const PROFILE_WEIGHED: Words = &[
    "Past bij het profiel: zelfstandig met lichte begeleiding.",
    "In het begin intensief; het steunpunt is vlakbij.",
    "Prikkelarm genoeg, één buur.",
    "Eigen unit in een cluster, begeleider in de buurt.",
];
pub(super) const DWELLINGS: Words = &[
    "Tweekamerappartement op de eerste verdieping.",
    "Benedenwoning met een tuintje.",
    "Studio met eigen keuken.",
    "Bovenwoning met berging, net gerenoveerd.",
];
pub(super) const STAIRWELLS: Words = &[
    "Portiek van zes, geen overlastdossier.",
    "Rustige straat, actieve buurtvereniging.",
    "Gemengd complex; spreiding is besproken en akkoord.",
    "Oudere buren, wijkbeheerder loopt dagelijks langs.",
];
pub(super) const OFFER_WITHDRAWN: Words = &[
    "Bij de inspectie bleek lekkage.",
    "Vorige huurder trok de opzegging in.",
    "In het portiek kwam een melding binnen.",
];
pub(super) const HOW_IT_CAME: Words = &[
    "Na de scheiding bij vrienden, en daarna nergens meer.",
    "Opgenomen, en toen ik terugkwam was de woning weg.",
    "De post niet meer opengemaakt tot de deurwaarder kwam.",
];
pub(super) const WOULD_HAVE_HELPED: Words = &[
    "Iemand die eerder had aangebeld.",
    "Weten dat inschrijven geld kost en wat er gebeurt als je het vergeet.",
];
pub(super) const NEIGHBOURS_ASK: Words =
    &["Eén telefoonnummer voor de straat.", "De buurt wil weten wie zij 's avonds kan bellen."];
pub(super) const OBSTACLE_REMOVED: Words = &[
    "De twee gemeenten zijn het eens over wie betaalt.",
    "De uitkering is toegekend vanaf de dag van de sleutels.",
    "Urgentie is verleend, ook zonder regiobinding.",
];
pub(super) const PLACE_FOUND: Words = &[
    "Een kamer in de tussenvoorziening, vanaf maandag.",
    "Terug naar beschermd wonen, in dezelfde gemeente.",
];
pub(super) const ASSIGNMENT_RETURNED: Words = &[
    "Tot de zomer komt er niets met een lift vrij.",
    "In dit complex wonen al vier cliënten.",
    "Dagbesteding en familie zijn aan de andere kant van de regio.",
];
pub(super) const OFFER_REFUSED: Words = &[
    "Ik ken daar niemand.",
    "Het is boven een café, daar kan ik niet slapen.",
    "De huur is te hoog voor mij.",
    "Te veel trappen met mijn knie.",
];
pub(super) const SECOND_OFFER: Words = &[
    "De weigering is te begrijpen; de woning lag te ver van het netwerk.",
    "De partijen willen een tweede aanbieding, dichter bij de dagbesteding.",
    "Het profiel was niet goed gelezen.",
];

pub(super) const CONDITION_RENT: Words =
    &["Je betaalt twaalf maanden op tijd de huur.", "De huur is betaald, ook als het tegenzit: dan bel je."];
pub(super) const CONDITION_DAY: Words =
    &["Je hebt een vaste invulling van de week.", "Je houdt je werk of je dagbesteding."];
pub(super) const CONDITION_NEIGHBOURS: Words =
    &["Geen overlast; als er iets is praat je mee.", "Je houdt je aan de huisregels van het portiek."];
pub(super) const GOALS: Words = &[
    "Een eigen dagritme",
    "Zelf de post en de administratie",
    "De buren bij naam kennen",
    "Vier dagen in de week zelf koken",
];
pub(super) const EARLY_SIGNS: Words = &[
    "Gordijnen overdag dicht, telefoon niet opnemen.",
    "Slecht slapen, niet naar de dagbesteding.",
    "Post ongeopend in een la.",
    "Mensen binnenlaten die je niet kent.",
];
pub(super) const WELCOME: Words = &[
    "Meterkast, containers en meldnummer laten zien.",
    "Vroeg of er een plank mag worden opgehangen: ja.",
    "Wijkbeheerder heeft zich voorgesteld.",
];

pub(super) const EVALUATION: Words = &[
    "Huis op orde, huur op tijd, slaapt goed.",
    "Het gaat met vallen en opstaan; bezoek blijft wekelijks.",
    "Tuin is opgeknapt samen met de buurman.",
    "Zit veel binnen; dagbesteding wordt opnieuw bekeken.",
];
pub(super) const REVIEW: Words = &[
    "Alle drie tevreden.",
    "Afspraak over bezoek na tien uur aangepast.",
    "Corporatie vraagt om sneller te bellen bij lekkage.",
    "Vooruitgekeken naar het omklapgesprek.",
];
pub(super) const SCALED: Words = &[
    "Op eigen verzoek minder bezoek.",
    "Tijdelijk twee keer per week.",
    "Volgens het terugvalplan.",
    "Na de vakantie weer naar het oude niveau.",
];
pub(super) const SIGNAL_HEALTH: Words = &[
    "Ziet er moe uit en vergeet afspraken.",
    "Medicatie is al een week niet opgehaald.",
    "Moeder maakt zich zorgen: eet slecht.",
];
pub(super) const SIGNAL_LONELINESS: Words =
    &["Zegt dat de weekenden lang zijn.", "Komt niet meer in het buurthuis.", "Gordijnen drie dagen dicht."];
pub(super) const SIGNAL_HOME: Words = &[
    "Brievenbus is vol.",
    "Kraan lekt, durft de corporatie niet te bellen.",
    "Wijkbeheerder ziet veel spullen op de galerij.",
];
pub(super) const SIGNAL_RENT: Words =
    &["Incasso is gestorneerd.", "Huurtoeslag is stopgezet, reden onbekend.", "Vraagt of de huur later mag."];
pub(super) const SIGNAL_OTHER: Words = &[
    "Wijkagent sprak de cliënt 's nachts op straat.",
    "Vraagt of er iemand mee kan naar het ziekenhuis.",
    "Begeleider is ziek, wie komt er nu?",
];
pub(super) const ANSWERS: Words = &[
    "Dezelfde dag langsgegaan, afspraak gemaakt voor vrijdag.",
    "Gebeld; het is opgelost.",
    "Wijkteam neemt het over en koppelt terug.",
    "Samen met de cliënt besproken, komt terug in het volgende gesprek.",
    "Monteur komt morgen.",
];
pub(super) const PLACED: Words = &[
    "Even rust, woning blijft aangehouden.",
    "Zelf gebeld met de crisisdienst.",
    "Medicatie opnieuw instellen.",
];
pub(super) const BACK_HOME: Words = &[
    "Terug, begeleider komt de eerste week elke dag.",
    "Woning was in orde, de buurvrouw gaf de planten water.",
];
pub(super) const DEPARTURE: Words = &[
    "Maatwerk: de bespreking schuift zodat de nieuwe begeleider erbij kan zijn.",
    "In overleg met de cliënt een half jaar later.",
    "Niet nodig in deze situatie, alle partijen zien dat zo.",
];
pub(super) const ELSEWHERE: Words = &[
    "Wil terug naar waar de familie woont; daar is ook een dagbesteding gevonden.",
    "Kinderen wonen daar op school. Rustig, betaalt op tijd, begeleiding eens per week.",
];
pub(super) const NOT_HERE: Words = &[
    "Vóór de zomer is er geen begeleider vrij.",
    "Het netwerk is hier nog te klein; over een half jaar opnieuw.",
];
pub(super) const OTHER_AGREEMENTS: Words = &["De regio werkt voortaan met de herziene afspraken."];

pub(super) const DAMAGE: Words = &[
    "Waterschade na een overgelopen bad.",
    "Ruit van de voordeur kapot.",
    "Keukenkastjes en vloer beschadigd.",
];
pub(super) const ALTERNATIVE_PLACES: Words = &[
    "Kamer in de doorstroomvoorziening",
    "Plek in de crisisopvang van de gemeente",
    "Trainingsunit van de zorgaanbieder",
];
pub(super) const EVICTION_PREVENTED: Words = &[
    "Uitkering met terugwerkende kracht toegekend; rest in een regeling.",
    "Budgetbeheer loopt, de opzegging is ingetrokken.",
    "Begeleiding verdubbeld en een nieuwe kans op papier gezet.",
];

pub(super) const NUISANCE_PLACES: Words =
    &["Portiek", "Woning, eerste verdieping", "Galerij", "Tuin en achterpad"];
pub(super) const NUISANCE: Words = &[
    "Tot diep in de nacht muziek en stampen.",
    "Voortdurend aanloop, ook 's nachts.",
    "Vuilniszakken op de galerij.",
    "Geschreeuw in het portiek, buren durven er niet langs.",
    "Hond blaft als er niemand thuis is.",
];
pub(super) const REPORTERS: Words =
    &["Onderbuurvrouw", "Bewoner tegenover", "Wijkbeheerder", "Buurman op de begane grond"];
pub(super) const UNFOUNDED: Words =
    &["Het geluid kwam van een ander adres.", "Melding was dubbel.", "De cliënt was die week niet thuis."];
pub(super) const APPROACHES: Words = &[
    "Na tien uur stil; de melder heeft het nummer van de begeleider.",
    "Bel uit na tien uur, begeleider komt drie weken elke avond langs.",
    "Samen de galerij opgeruimd, elke maandag een foto.",
    "Hondentraining, overdag naar de opvang.",
];
pub(super) const REPORTED_BACK: Words = &[
    "Gebeld: wat is afgesproken en wie te bellen als het weer gebeurt.",
    "Uitgelegd dat we over vier weken samen kijken.",
];
pub(super) const ESCALATED: Words = &[
    "De afspraken helpen niet genoeg; teamleider en overlastcoördinator sluiten aan.",
    "Nieuwe meldingen van drie adressen.",
    "Dreiging naar de buren.",
];
pub(super) const DEESCALATED: Words =
    &["Vier weken zonder melding.", "Begeleiding en buren zien verbetering."];
pub(super) const RESOLVED: Words = &[
    "Geen meldingen meer; de melder bevestigt het.",
    "Gesprek aan de keukentafel met de buren heeft geholpen.",
    "Dempers onder de stoelen en een kleed op de vloer.",
    "Bezoek komt nu overdag.",
];

pub(super) const FLIP_TALK: Words = &[
    "Voorwaarden een voor een langsgelopen.",
    "Cliënt had zelf een lijstje gemaakt.",
    "Goed gesprek, besluit volgt deze maand.",
];
pub(super) const SUPPORT_AFTERWARDS: Words = &[
    "Begeleiding thuis, twee uur per week.",
    "Alleen nog de huisarts en de praktijkondersteuner.",
    "Het wijkteam belt eens per maand.",
];

pub(super) const NOT_YET: Words = &[
    "De achterstand moet eerst weg.",
    "De overlast is nog te kort geleden.",
    "Ik wil eerst zien dat het deze winter goed blijft gaan.",
    "De begeleiding is net gewisseld.",
];
pub(super) const UNMET: Words =
    &["Twaalf maanden zonder achterstand", "Zes maanden zonder overlast", "Vaste invulling van de week"];
pub(super) const ACTIONS: Words = &[
    "Automatische incasso instellen",
    "Elke maand kort contact met de wijkbeheerder",
    "Aanmelden bij de werkplaats",
];
pub(super) const CANCELLED: Words = &[
    "De nieuwe huur ligt boven wat de cliënt kan betalen.",
    "Cliënt wil nog een jaar onder het huidige contract blijven.",
];
pub(super) const CONTACT_POINTS: Words = &[
    "Waakvlamteam, telefonisch op werkdagen",
    "Wijkteam, vaste begeleider",
    "Oude begeleider; daarna het steunpunt",
];
pub(super) const FOLLOW_UP: Words = &[
    "Gewoon een huurder.",
    "Werkt nu twintig uur.",
    "Even een dip gehad, zelf gebeld.",
    "Vrijwilliger in het buurthuis.",
    "Wil graag dat we volgend jaar weer bellen.",
];
pub(super) const RETURN: Words = &[
    "De stap was te groot. Ik wil weer bij mensen in huis wonen.",
    "Het gaat al maanden niet; alleen lukt het niet.",
];
pub(super) const WMO_TEST: Words = &[
    "Wmo-consulent sprak cliënt en begeleider; terugkeer past.",
    "Kort gesprek, geen nieuwe procedure nodig.",
];
pub(super) const ENDED: Words =
    &["In overleg afgesloten.", "Dossier overgedragen.", "Afscheid genomen met koffie."];

pub(super) const WRONG_DATE: Words =
    &["Verkeerde datum ingevuld.", "De dag van invoeren stond er in plaats van de dag zelf."];
pub(super) const NEVER_HAPPENED: Words =
    &["Bij de verkeerde cliënt geregistreerd.", "De afspraak ging niet door."];
