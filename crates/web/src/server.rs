//! Serving: one listener, one application, until told to stop. Connections have their limits before anything of a
//! request is read: how many there are, how many of one address, how long they may keep us waiting.

mod door;
mod line;

use crate::{router::router, site::Site};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use door::{Door, Place};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use line::{Answered, Line, Sent, Timed, Times};
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use symbolon_app::App;
use symbolon_exchange::limits::Limits;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

/// How long requests under way may take once the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long is waited where the system gives no more connections.
const BREATH: Duration = Duration::from_millis(100);

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
    /// Connections at once, how many of them from one address (a proxy excepted), and how long one may keep the
    /// server waiting.
    pub limits: Limits,
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
            limits: Limits::shipped().clone(),
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
    let listener = TcpListener::from_std(listener)?;
    let whole = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let limits = &settings.limits;
    let door = Door::new(
        whole(limits.connections),
        whole(limits.per_address),
        settings.proxies.clone(),
    );
    let times = Times {
        head: Duration::from_secs(limits.header_seconds),
        idle: Duration::from_secs(limits.idle_seconds),
    };
    let router = router(Arc::new(Site::new(app, settings)));
    // Whoever serves a connection holds one end of this: told to stop by it, and counted by it.
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            next = knock(&listener, &door) => {
                if let Some((socket, peer, place)) = next {
                    let line = Line::new(times);
                    tokio::spawn(attend(router.clone(), (socket, peer, place), line, times, stopped.clone()));
                }
            }
        }
    }
    drop((listener, stopped));
    let _ = stopping.send(());
    let _ = tokio::time::timeout(PATIENCE, stopping.closed()).await;
    Ok(())
}

type Guest = (TcpStream, SocketAddr, Place);

/// The next connection, once there is a place for it; `None` where it is not let in.
async fn knock(listener: &TcpListener, door: &Door) -> Option<Guest> {
    let free = door.free().await?;
    match listener.accept().await {
        Ok((socket, peer)) => {
            let place = door.enter(free, peer.ip())?;
            let _ = socket.set_nodelay(true);
            Some((socket, peer, place))
        }
        Err(e) => {
            // Whoever went away again is no trouble; where the system is out of sockets, some must end first.
            if e.kind() != std::io::ErrorKind::ConnectionAborted {
                tracing::warn!(error = %e, "no connection could be taken");
                tokio::time::sleep(BREATH).await;
            }
            None
        }
    }
}

/// Answers the requests of one connection.
async fn attend(
    router: Router,
    (socket, peer, place): Guest,
    line: Arc<Line>,
    times: Times,
    mut stopped: watch::Receiver<()>,
) {
    let socket = TokioIo::new(Timed::new(socket, Arc::clone(&line)));
    let service = service_fn(move |request: Request<Incoming>| {
        line.busy();
        let line = Arc::clone(&line);
        let mut request = request.map(|body| Body::new(Sent::new(body, times)));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        async move {
            let answer = answer.await?;
            Ok::<_, std::convert::Infallible>(answer.map(|body| Answered::new(body, line)))
        }
    });
    let serving = http1::Builder::new()
        .header_read_timeout(None)
        .serve_connection(socket, service);
    let mut serving = pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        _ = stopped.changed() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(e) = ended {
        tracing::debug!(error = %e, "a connection ended early");
    }
    drop(place);
}
