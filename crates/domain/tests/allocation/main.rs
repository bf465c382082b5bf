//! Homes and plans: streams beside the trajectory (`docs/DOMAIN.md` §10).

mod complexes;
mod words;
