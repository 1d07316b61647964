//! Who is let in: so many connections at once, and so many of them from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places there are.
#[derive(Debug)]
pub(crate) struct Door {
    places: Arc<Semaphore>,
    each: usize,
    /// Proxies come for many: they have no limit of their own.
    proxies: Vec<IpAddr>,
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

/// A place that is taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _place: OwnedSemaphorePermit,
    address: IpAddr,
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Door {
    pub(crate) fn new(places: usize, each: usize, proxies: Vec<IpAddr>) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            each,
            proxies,
            inside: Arc::default(),
        }
    }

    /// Waits until a place is free; whoever knocks meanwhile waits in the system's queue.
    pub(crate) async fn free(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// Lets an address in; `None` where it has as many connections as one may have.
    pub(crate) fn enter(&self, place: OwnedSemaphorePermit, address: IpAddr) -> Option<Place> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = inside.entry(address).or_default();
        if *mine >= self.each && !self.proxies.contains(&address) {
            return None;
        }
        *mine += 1;
        Some(Place {
            _place: place,
            address,
            inside: Arc::clone(&self.inside),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = inside.get_mut(&self.address) {
            *mine -= 1;
            if *mine == 0 {
                inside.remove(&self.address);
            }
        }
    }
}
