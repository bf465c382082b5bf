//! The statements that a test sends to PostgreSQL, as sqlx logs them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The statements that were sent, each with the number of rows that came back. Clones share them.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<(String, u64)>>>);

impl Statements {
    /// Counts the statements of this test from now on, until the guard is dropped.
    pub fn counted() -> (Self, DefaultGuard) {
        let statements = Self::default();
        let counting = tracing_subscriber::registry().with(statements.clone());
        (statements, tracing::subscriber::set_default(counting))
    }

    /// The statements since the last call.
    pub fn taken(&self) -> Vec<(String, u64)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut statement = Statement::default();
            event.record(&mut statement);
            // The pool may open another connection at any time.
            if statement.text.contains("SET ROLE") {
                return;
            }
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push((statement.text, statement.rows));
        }
    }
}

/// A statement, as sqlx logs it: its beginning and, after an empty line, the whole.
#[derive(Default)]
struct Statement {
    text: String,
    rows: u64,
}

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if ["summary", "db.statement"].contains(&field.name()) {
            self.text.push_str(value);
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_returned" {
            self.rows = value;
        }
    }
}
