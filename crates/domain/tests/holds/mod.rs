//! One home, one tenant (`docs/DOMAIN.md` §3.9): what a life holds, when two lives clash, and what an
//! offer is warned about.

mod clashes;
mod periods;
mod warned;
