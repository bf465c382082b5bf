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
}
