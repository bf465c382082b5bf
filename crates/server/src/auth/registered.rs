//! The registered partners and their clients, cached for a few seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use omklap_domain::ids::ClientId;
use omklap_domain::register::Register;
use omklap_store::StoreError;
use omklap_store::organisations::Registered;

use super::scope::Scope;
use super::{Grant, NotSignedIn, SignIn, lock};

/// How long a client and the register are cached. For that long, a change by another server or by a
/// command goes unnoticed.
const CACHED: Duration = Duration::from_secs(10);

impl SignIn {
    /// The client that a token was granted to, or `None` for an administrator that is not
    /// registered.
    ///
    /// # Errors
    /// If the client is not registered, is disabled, or has another issuer.
    pub async fn client(&self, grant: &Grant) -> Result<Option<Arc<Registered>>, NotSignedIn> {
        let remembered = lock(&self.clients).get(&grant.client).cloned();
        let registered = match remembered.filter(|(since, _)| since.elapsed() < CACHED) {
            Some((_, registered)) => registered,
            None => match self.organisations.client(&grant.client).await.map_err(NotSignedIn::Store)? {
                Some(registered) => self.remember_client(registered),
                // Administrators need no registration: the issuer decides who is one.
                None if grant.scopes.contains(&Scope::Admin) => return Ok(None),
                None => return Err(NotSignedIn::ClientNotAdmitted),
            },
        };
        let client = &registered.client;
        if client.disabled || registered.organisation_disabled || client.issuer != grant.issuer {
            return Err(NotSignedIn::ClientNotAdmitted);
        }
        Ok(Some(registered))
    }

    /// Drops this client from the cache.
    pub fn forget_client(&self, client: &ClientId) {
        lock(&self.clients).remove(client);
    }

    /// The registered partners. They may be a few seconds out of date.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn register(&self) -> Result<Arc<Register>, StoreError> {
        let remembered = lock(&self.register).clone();
        if let Some((_, register)) = remembered.filter(|(since, _)| since.elapsed() < CACHED) {
            return Ok(register);
        }
        self.current_register().await
    }

    /// The registered partners, read from the database.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub async fn current_register(&self) -> Result<Arc<Register>, StoreError> {
        let register = Arc::new(self.organisations.register().await?);
        *lock(&self.register) = Some((Instant::now(), Arc::clone(&register)));
        Ok(register)
    }

    /// Clears the cache after an organisation was changed.
    pub fn forget_clients(&self) {
        lock(&self.clients).clear();
        *lock(&self.register) = None;
    }

    fn remember_client(&self, registered: Registered) -> Arc<Registered> {
        let registered = Arc::new(registered);
        let entry = (Instant::now(), Arc::clone(&registered));
        lock(&self.clients).insert(registered.client.id.clone(), entry);
        registered
    }
}
