//! Homes and plans: streams beside the trajectory (`docs/DOMAIN.md` §12).

mod complexes;
mod plans;
mod vacancies;
mod weighings;
mod words;
