//! Why a fact is refused: one name per rule, with a code that never changes. The rules are in groups,
//! a file each, as in `admit/`: in each entry the name, the code, the field at fault and both texts.

mod after_flip;
mod ending;
mod flip;
mod general;
mod intake;
mod leases;
mod living;
mod matching;
mod nuisance;
mod record;
mod table;

use std::fmt;

use after_flip::after_flip_refusals;
use ending::ending_refusals;
use flip::flip_refusals;
use general::general_refusals;
use intake::intake_refusals;
use leases::leases_refusals;
use living::living_refusals;
use matching::matching_refusals;
use nuisance::nuisance_refusals;
use record::record_refusals;
pub(crate) use table::refusals;

general_refusals! { [
    intake_refusals matching_refusals leases_refusals living_refusals
    nuisance_refusals ending_refusals flip_refusals after_flip_refusals record_refusals
    refusals
] }

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.in_english())
    }
}
