//! Homes and plans: streams beside the trajectory (`docs/DOMAIN.md` §12).

mod complexes;
mod vacancies;
mod words;
