//! The macro that turns the rules of all groups into the enum `Refusal`. Each group passes its rules,
//! behind those of the groups before it, to the next group, and the last one to this macro.

macro_rules! refusals {
    ([] $($(#[$doc:meta])* $name:ident $code:literal $field:literal $en:literal $nl:literal;)*) => {
        /// A rule that was broken (`docs/DOMAIN.md` §3.2, §5 and §12).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Refusal {
            $($(#[$doc])* $name,)*
        }

        impl Refusal {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code: the last part of the problem type.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The field that broke the rule, as a JSON pointer inside the fact. Empty if the fact as a whole
            /// broke it.
            #[must_use]
            pub fn field(self) -> &'static str {
                match self { $(Self::$name => $field,)* }
            }

            /// What is wrong, in English.
            #[must_use]
            pub fn in_english(self) -> &'static str {
                match self { $(Self::$name => $en,)* }
            }

            /// What is wrong, in Dutch.
            #[must_use]
            pub fn in_dutch(self) -> &'static str {
                match self { $(Self::$name => $nl,)* }
            }
        }
    };
}
pub(crate) use refusals;
