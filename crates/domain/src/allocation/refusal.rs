//! Why a fact of a stream is refused. The codes are in one list with those of a trajectory.

use crate::trajectory::refusal::refusals;

refusals! {
    []
    /// The first facts of a stream name it.
    StreamNotNamed "stream-not-named" "/type"
        "The first fact must be one that says what this is about." "Het eerste feit zegt waar dit over gaat.";
    /// A fact belongs to the stream that its fields name.
    NamesAnother "names-another" ""
        "This fact is about another one than the path names." "Dit feit gaat over iets anders dan het pad noemt.";
    /// (CBS)
    NeighbourhoodElsewhere "neighbourhood-elsewhere" "/neighbourhood"
        "This neighbourhood is in another municipality." "Deze buurt of wijk ligt in een andere gemeente.";
    /// A dwelling is for at least as many persons as the least number.
    PersonsTurnedRound "persons-turned-round" "/home/persons"
        "The least number of persons is above the highest." "Het kleinste aantal personen is groter dan het grootste.";
    /// Each part of a plan is agreed once.
    PartTwice "part-twice" "/homes"
        "This part was named before in the same plan." "Dit deel is al eerder in hetzelfde plan genoemd.";
    /// A vacancy is opened once.
    VacancyOpenedBefore "vacancy-opened-before" "/type"
        "This vacancy was opened before." "Deze leegkomende woning is al gemeld.";
    /// What was let or withdrawn does not change any more.
    VacancyNotOpen "vacancy-not-open" "/type"
        "This vacancy is not open: it was let or withdrawn." "Deze leegkomende woning staat niet open: zij is verhuurd of ingetrokken.";
    /// A client of the outflow lives there: the lease says to whom it was let.
    VacancyLetToOutflow "vacancy-let-to-outflow" "/to"
        "This vacancy was let to a client of the outflow: the lease is in that client's case." "Deze leegkomende woning is verhuurd aan een uitstromer: het huurcontract staat in diens traject.";
    /// A dwelling is in one open vacancy at a time.
    UnitVacantAlready "unit-vacant-already" "/home/unit"
        "The corporation has another open vacancy of this dwelling." "De corporatie heeft al een openstaande melding van deze woning.";
    /// Another dwelling is another vacancy.
    AnotherUnit "another-unit" "/home/unit"
        "This vacancy is of another dwelling." "Deze leegkomende woning is een andere woning.";
    /// A complex is described before a dwelling in it is.
    ComplexUnknown "complex-unknown" "/home/complex"
        "The corporation has described no complex with this code." "De corporatie heeft geen complex met deze code beschreven.";
    /// A complex is in one municipality, and so are its dwellings.
    ComplexElsewhere "complex-elsewhere" "/home/complex"
        "The corporation described this complex in another municipality than that of the dwelling." "De corporatie heeft dit complex beschreven in een andere gemeente dan die van de woning.";
    /// A dwelling with a tenant of the outflow is not vacant on that day.
    UnitLetAlready "unit-let-already" "/home/unit"
        "This dwelling is let on the day from which it would be available." "Deze woning is verhuurd op de dag vanaf wanneer zij beschikbaar zou zijn.";
    /// A round is called once; its date names it.
    RoundCalledBefore "round-called-before" "/type"
        "This round was called before." "Deze ronde is al uitgeschreven.";
    /// A round is called for a day to come.
    RoundInThePast "round-in-the-past" "/heldOn"
        "A round is called for a day that has not passed. Of a round of the past, the call is reported together with what became of it: held or cancelled."
        "Een ronde wordt uitgeschreven voor een dag die niet voorbij is. Van een ronde in het verleden wordt het uitschrijven gemeld samen met wat ervan werd: gehouden of afgezegd.";
    /// Providers answer between the call and the round.
    AnswerDayOutside "answer-day-outside" "/answerBy"
        "The last day to answer is from the day of the call to the day of the round."
        "De laatste dag om te antwoorden ligt tussen het uitschrijven en de dag van de ronde.";
    /// After a round, nothing more happens in it.
    RoundOver "round-over" "/type"
        "This round is over: it was held or cancelled, or its day has passed." "Deze ronde is voorbij: zij is gehouden of afgezegd, of haar dag is voorbij.";
    /// The date of a round is the day on which it is held.
    HeldOnAnotherDay "held-on-another-day" "/occurredOn"
        "A round is held on its own day." "Een ronde wordt gehouden op haar eigen dag.";
}
