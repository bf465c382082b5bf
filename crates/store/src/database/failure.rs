//! What kind of trouble a database has, and so what helps: waiting, another connection, or a
//! person.

use std::io::ErrorKind;

use sqlx::Error;
use sqlx::migrate::MigrateError;

/// What kind of trouble the database has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It passes by itself: the database starts, recovers, stops, has no connection left or is out
    /// of reach for now. A program that starts waits; a request gets 503.
    Passing,
    /// The connection cannot be used, and waiting changes nothing: an address, a certificate or a
    /// protocol is wrong. A program that starts ends; a request gets 503.
    Connection,
    /// The database answered, and refused: the login, the database's name, or the statement is
    /// wrong.
    Final,
}

impl Trouble {
    /// The kind of an error. Only this decides it.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Io(error) => Self::of_connection(error.kind()),
            Error::PoolTimedOut => Self::Passing,
            Error::Tls(_) | Error::Protocol(_) | Error::PoolClosed | Error::WorkerCrashed => Self::Connection,
            Error::Database(refusal) => refusal.code().map_or(Self::Final, |code| Self::of_sqlstate(&code)),
            _ => Self::Final,
        }
    }

    /// The kind of an error of a migration.
    #[must_use]
    pub fn of_migration(error: &MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::of(error),
            _ => Self::Final,
        }
    }

    /// By `SQLSTATE` (PostgreSQL, appendix A).
    fn of_sqlstate(code: &str) -> Self {
        match code {
            // protocol_violation, which a pooler sends if it knows no such database or user;
            // database_dropped.
            "08P01" | "57P04" => Self::Connection,
            // read_only_sql_transaction: a primary became a standby, or a standby is about to
            // become a primary.
            "25006" => Self::Passing,
            // Connection exceptions (08); insufficient resources (53): a full disk, no connection
            // left; operator intervention (57): shutting down (57P01), crashed (57P02), starting or
            // recovering (57P03), took too long (57014).
            _ if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => Self::Passing,
            _ => Self::Final,
        }
    }

    fn of_connection(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::PermissionDenied
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidData
            | ErrorKind::Unsupported => Self::Connection,
            // Nothing listens yet, the server restarts, or the network or a name server is not
            // ready yet. A misspelt name looks the same as one that is not known yet.
            _ => Self::Passing,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::fmt;
    use std::io;

    use sqlx::error::{DatabaseError, ErrorKind as RefusalKind};

    use super::*;

    /// An error of PostgreSQL with this `SQLSTATE`.
    #[derive(Debug)]
    struct Refusal(&'static str);

    impl fmt::Display for Refusal {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Refusal {}

    impl DatabaseError for Refusal {
        fn message(&self) -> &str {
            self.0
        }
        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }
        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }
        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }
        fn kind(&self) -> RefusalKind {
            RefusalKind::Other
        }
    }

    fn of_state(code: &'static str) -> Trouble {
        Trouble::of(&Error::Database(Box::new(Refusal(code))))
    }

    #[test]
    fn a_database_that_starts_recovers_stops_or_is_full_is_waited_for() {
        for code in ["57P01", "57P02", "57P03", "57014", "53300", "53100", "53200", "08006", "08001", "25006"]
        {
            assert_eq!(of_state(code), Trouble::Passing, "{code}");
        }
    }

    #[test]
    fn a_failure_that_only_a_person_can_mend_is_final() {
        // A wrong password or user, no such database, no permission, no such table, a broken
        // constraint.
        for code in ["28P01", "28000", "3D000", "42501", "42P01", "23505", "40001", "XX000"] {
            assert_eq!(of_state(code), Trouble::Final, "{code}");
        }
        // A dropped database, a pooler that knows no such database.
        for code in ["57P04", "08P01"] {
            assert_eq!(of_state(code), Trouble::Connection, "{code}");
        }
        assert_eq!(Trouble::of(&Error::RowNotFound), Trouble::Final);
        assert_eq!(Trouble::of(&Error::Configuration("no URL".into())), Trouble::Final);
    }

    #[test]
    fn a_connection_that_does_not_come_about_is_waited_for_and_one_that_cannot_is_not() {
        use ErrorKind as Kind;
        let of = |kind| Trouble::of(&Error::Io(io::Error::from(kind)));
        for kind in [
            Kind::ConnectionRefused,
            Kind::ConnectionReset,
            Kind::ConnectionAborted,
            Kind::UnexpectedEof,
            Kind::BrokenPipe,
            Kind::TimedOut,
            Kind::NotFound,
            Kind::HostUnreachable,
            Kind::NetworkUnreachable,
            Kind::Other,
        ] {
            assert_eq!(of(kind), Trouble::Passing, "{kind}");
        }
        for kind in [Kind::PermissionDenied, Kind::InvalidInput, Kind::InvalidData, Kind::Unsupported] {
            assert_eq!(of(kind), Trouble::Connection, "{kind}");
        }
        assert_eq!(Trouble::of(&Error::PoolTimedOut), Trouble::Passing);
        for error in
            [Error::Tls("no".into()), Error::Protocol("no".into()), Error::PoolClosed, Error::WorkerCrashed]
        {
            assert_eq!(Trouble::of(&error), Trouble::Connection, "{error}");
        }
    }

    #[test]
    fn a_stopped_migration_is_judged_by_the_statement_that_failed() {
        let recovering = || Error::Database(Box::new(Refusal("57P03")));
        assert_eq!(Trouble::of_migration(&MigrateError::Execute(recovering())), Trouble::Passing);
        assert_eq!(Trouble::of_migration(&MigrateError::ExecuteMigration(recovering(), 3)), Trouble::Passing);
        assert_eq!(Trouble::of_migration(&MigrateError::VersionMissing(3)), Trouble::Final);
    }
}
