//! The extra attributes (`extra-attributen`) in which a sender says what VERA has no field for.

/// The region, if the corporation works in several.
pub const REGION: &str = "omklap.regio";
/// Whether there is a nuisance file on the stairwell: `ja` or `nee`. Never assumed: such a dwelling is not
/// offered (S0).
pub const NUISANCE_ON_FILE: &str = "omklap.overlastdossier";
/// The contract models under which the dwelling is let, or the one of a lease, with commas. VERA has no
/// code for a three-party lease.
pub const CONTRACT_MODELS: &str = "omklap.contractvormen";
/// What kind of dwelling it is, if no code of VERA says so.
pub const HOME_KIND: &str = "omklap.woningtype";
/// Whether a lift leads to the dwelling.
pub const LIFT: &str = "omklap.lift";
/// Whether pets are allowed.
pub const PETS: &str = "omklap.huisdieren";
/// Within how many days a client answers an offer.
pub const RESPOND_WITHIN_DAYS: &str = "omklap.reactietermijn-dagen";
/// The parties that agree to an offer, with commas.
pub const AGREED_BY: &str = "omklap.akkoord";
/// The six considerations of an offer (S0), in the order of `Considerations`.
pub const CONSIDERATIONS: [&str; 6] = [
    "omklap.overweging-wensen",
    "omklap.overweging-profiel",
    "omklap.overweging-woning",
    "omklap.overweging-buurt",
    "omklap.overweging-netwerk",
    "omklap.overweging-dagbesteding",
];
/// The case that a lease belongs to: the sender knows it from the candidate.
pub const TRAJECTORY: &str = "omklap.traject";
/// Whether the guarantee fund backs a three-party lease.
pub const GUARANTEE_FUND: &str = "omklap.garantiefonds";
/// When the sublease ends, if not with the head lease.
pub const SUBLEASE_ENDS_ON: &str = "omklap.onderhuur-eindigt";
/// Where the client goes after the end of a lease.
pub const NEXT_PLACE: &str = "omklap.volgende-plek";
/// The parties that signed the end of a lease, with commas.
pub const SIGNED_BY: &str = "omklap.ondertekend-door";
/// The agreement that ends the lease, in the partner's own system.
pub const DOCUMENT: &str = "omklap.document";
