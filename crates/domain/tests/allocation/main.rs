//! Homes and plans: streams beside the trajectory (`docs/DOMAIN.md` §12).

mod agendas;
mod complexes;
mod fund_years;
mod homes_and_seekers;
mod offers;
mod plans;
mod rounds;
mod vacancies;
mod weighings;
mod words;
