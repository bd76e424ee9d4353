//! Who listens to which life, so that a change is heard at once and nobody has to ask.

use super::PlayError;
use crate::players::Token;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// Tabs and bots that listen to one life at once. A browser has six connections to a host over HTTP/1.1, and
/// needs some for everything else.
pub(crate) const LISTENERS_MAX: usize = 4;

/// One bell a life, as long as somebody listens. Bounded by seats times [`LISTENERS_MAX`].
#[derive(Clone, Default)]
pub(crate) struct Bells(Arc<Mutex<HashMap<Token, watch::Sender<()>>>>);

/// One who listens, until it is dropped.
pub(crate) struct Listener {
    bells: Bells,
    token: Token,
    rings: watch::Receiver<()>,
}

impl Bells {
    pub(crate) fn listen(&self, token: &Token) -> Result<Listener, PlayError> {
        let mut all = self.all();
        let bell = all.entry(token.clone()).or_insert_with(|| watch::channel(()).0);
        if bell.receiver_count() >= LISTENERS_MAX {
            return Err(PlayError::TooManyListeners);
        }
        let rings = bell.subscribe();
        Ok(Listener { bells: self.clone(), token: token.clone(), rings })
    }

    /// Something was written into this life.
    pub(crate) fn ring(&self, token: &Token) {
        if let Some(bell) = self.all().get(token) {
            bell.send_replace(());
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Token, watch::Sender<()>>> {
        // A map is whole between any two calls of its own.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Resolves when something was written since the last time.
    pub(crate) async fn rung(&mut self) {
        // The bell outlives its listeners.
        if self.rings.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut all = self.bells.all();
        if all.get(&self.token).is_some_and(|bell| bell.receiver_count() <= 1) {
            all.remove(&self.token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bell_goes_with_the_last_who_listens() {
        let (bells, token) = (Bells::default(), Token::random().unwrap());
        let listeners: Vec<Listener> =
            (0..LISTENERS_MAX).map(|_| bells.listen(&token).unwrap()).collect();
        assert!(matches!(bells.listen(&token), Err(PlayError::TooManyListeners)));
        drop(listeners);
        assert!(bells.all().is_empty());
        assert!(bells.listen(&token).is_ok());
    }
}
