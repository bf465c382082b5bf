//! The file of an agreement set: every fault has a place in the file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use omklap_domain::agreements::read::{decoded, read};

fuzz_target!(|data: &[u8]| {
    let text = match decoded(data.to_vec()) {
        Ok(text) => text,
        Err(faults) => return assert!(!faults.is_empty()),
    };
    if let Err(faults) = read(&text) {
        assert!(!faults.is_empty());
        for fault in faults {
            assert!(!fault.to_string().is_empty());
        }
    }
});
