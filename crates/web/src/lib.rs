//! The page for people: worklist, case, report, replay, figures and verification in a browser.
//!
//! Each screen is a function of an answer of the public API, which is called with the token of the
//! person who is signed in. There is no other way to the data: every rule about who sees what, every
//! line of the access log and every problem is the same as for a partner's program.

mod api;
mod assets;
mod days;
mod frame;
mod language;
mod own_form;
mod pages;
mod screens;
mod session;
mod sign_in;
mod signed_in;
mod values;
mod words;

pub use pages::{Pages, ROUTES, Settings, Today, Trouble, routes};
pub use sign_in::{DemoCase, DemoPerson, Development, Program, Showcase, SignInWith};

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_has_no_other_way_to_the_data_than_the_api() {
        let dependencies = include_str!("../Cargo.toml");
        for other_way in ["omklap-store", "sqlx", "omklap ="] {
            assert!(!dependencies.contains(other_way), "{other_way}");
        }
    }
}
