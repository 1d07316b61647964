//! Serving: one listener, one application, until told to stop.

use crate::{router::router, site::Site};
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use symbolon_app::App;

/// Threads a server wants. Questions to a local database are asked on them, so there is one more than
/// cores, for a question that waits for the disk; with many more, requests take turns and all end late.
#[must_use]
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get() + 1)
}

/// What a server is told besides the application.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cookies carry `Secure` and the `__Host-` prefix, and HSTS is sent: everywhere but on loopback HTTP.
    pub secure: bool,
    /// Requests a second and burst, by signed-in user.
    pub user_rate: (u32, u32),
    /// Requests a second and burst, by address, without sign-in.
    pub address_rate: (u32, u32),
    /// Requests of one user at once.
    pub at_once: u64,
    /// Rates of what costs more than looking.
    pub costly: crate::rate::Costly,
    /// Whether this is the demonstration, which prints its links where it was started.
    pub demonstration: bool,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub proxies: Vec<std::net::IpAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure: true,
            user_rate: (20, 60),
            address_rate: (5, 60),
            at_once: symbolon_exchange::limits::Limits::shipped().per_user,
            costly: crate::rate::Costly::default(),
            demonstration: false,
            proxies: vec![],
        }
    }
}

/// Serves until `stop` resolves, then finishes what is under way within 20 seconds.
///
/// # Errors
/// What the system says about the listener.
pub async fn serve(
    app: Arc<App>,
    listener: std::net::TcpListener,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let router = router(Arc::new(Site::new(app, settings)));
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        let _ = stopping.send(());
    });
    let patience = async {
        let _ = stopped.await;
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
    };
    tokio::select! {
        result = serving => result,
        () = patience => Ok(()),
    }
}
