//! Serving until told to stop: listener, signals, checkpoints. Shared by `serve` and `demo`.

use crate::Outcome;
use crate::exit::{CONFLICT, FAILED, Failure, NOT_PERMITTED, USAGE};
use crate::instance::Instance;
use crate::witnessing::Witnesses;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use symbolon_web::Settings;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Takes the address, or says who may have it.
pub fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).map_err(|e| match e.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure::new(CONFLICT, format!("port {} is in use", address.port())).help(
                "Stop what listens there, choose another with --port (or --listen), or let the system choose: --port 0",
            )
        }
        std::io::ErrorKind::PermissionDenied => {
            Failure::new(NOT_PERMITTED, format!("{address} may not be taken: {e}"))
                .help("Ports below 1024 need a privilege: choose a higher one and put a proxy in front.")
        }
        std::io::ErrorKind::AddrNotAvailable => {
            Failure::new(USAGE, format!("{address} is no address of this machine"))
        }
        _ => Failure::new(FAILED, format!("{address}: {e}")),
    })
}

/// A runtime that hears Ctrl-C and SIGTERM from the moment it is made.
pub struct Server {
    runtime: tokio::runtime::Runtime,
    stop: watch::Receiver<bool>,
}

fn failed(e: std::io::Error) -> Failure {
    Failure::new(FAILED, e.to_string())
}

impl Server {
    /// Begins to listen for signals. Made before anything is announced: a signal then always means
    /// an orderly end.
    pub fn new() -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(symbolon_web::threads())
            .enable_all()
            .build()
            .map_err(failed)?;
        let (said, stop) = watch::channel(false);
        let (mut interrupt, mut terminate) = {
            let _inside = runtime.enter();
            (
                signal(SignalKind::interrupt()).map_err(failed)?,
                signal(SignalKind::terminate()).map_err(failed)?,
            )
        };
        runtime.spawn(async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            tracing::info!("stopping: no new requests are taken");
            let _ = said.send(true);
        });
        Ok(Self { runtime, stop })
    }

    /// Does something when it is told to stop.
    pub fn on_stop(&self, then: impl FnOnce() + Send + 'static) {
        let mut stop = self.stop.clone();
        self.runtime.spawn(async move {
            if stop.wait_for(|s| *s).await.is_ok() {
                then();
            }
        });
    }

    /// Serves until told to stop, signing while there is news, and at the end.
    pub fn serve(
        self,
        instance: Instance,
        listener: TcpListener,
        settings: Settings,
        every: Duration,
        witnesses: &Witnesses,
    ) -> Outcome<()> {
        let instance = Arc::new(instance);
        let mut stop = self.stop.clone();
        let watched = Arc::clone(&instance);
        let stopped = async move {
            tokio::select! { _ = stop.wait_for(|s| *s) => {}, () = dead(watched) => {} }
        };
        let served = self.runtime.block_on(async {
            let signing = tokio::spawn(sign_now_and_then(Arc::clone(&instance), every));
            let following = tokio::spawn(follow(Arc::clone(&instance), witnesses.clone()));
            let jobs = tokio::spawn(do_silent_jobs(Arc::clone(&instance)));
            let app = Arc::clone(&instance.app);
            let warm = Arc::clone(&app);
            // Whoever asks first waits for it; nobody waits where nobody asks.
            tokio::task::spawn_blocking(move || {
                if let Err(e) = warm.warm() {
                    tracing::warn!(error = %e, "the days of the portfolio could not be read yet");
                }
            });
            let served = symbolon_web::serve(app, listener, settings, stopped).await;
            for task in [signing, following, jobs] {
                task.abort();
                let _ = task.await;
            }
            served
        });
        // Requests that outlived their time are let go, so that the last checkpoint covers all there is.
        self.runtime.shutdown_timeout(Duration::from_secs(1));
        if instance.app.store.dead() {
            return Err(Failure::new(
                FAILED,
                "a write did not reach the disk: nothing more was written, and the program ended (R-65)",
            )
            .help("Check the disk and the system's log, start again, and run `symbolon journal verify`."));
        }
        let signed = instance.signer.sign(&instance.app)?;
        witnesses
            .follow(Instant::now())
            .step(&instance.app, Instant::now());
        tracing::info!(entries = signed.map_or(0, |c| c.size), "signed; stopped");
        served.map_err(failed)
    }
}

/// Returns when a write did not reach the disk.
async fn dead(instance: Arc<Instance>) {
    while !instance.app.store.dead() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    tracing::error!("a write did not reach the disk: stopping");
}

async fn sign_now_and_then(instance: Arc<Instance>, every: Duration) {
    // PostgreSQL's driver must not be asked on an async thread: it would end the program.
    let first = Arc::clone(&instance);
    let first = tokio::task::spawn_blocking(move || first.app.store.revision().unwrap_or(-1));
    let mut last = first.await.unwrap_or(-1);
    loop {
        tokio::time::sleep(every).await;
        let instance = Arc::clone(&instance);
        let now = tokio::task::spawn_blocking(move || {
            let revision = instance.app.store.revision().unwrap_or(last);
            if revision != last
                && let Err(refused) = instance.signer.sign(&instance.app)
            {
                tracing::error!("no checkpoint was signed: {}", refused.message);
                return last;
            }
            revision
        });
        last = now.await.unwrap_or(last);
    }
}

/// Looks every second for jobs of servers that fell silent; looking is one short read.
async fn do_silent_jobs(instance: Arc<Instance>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let app = Arc::clone(&instance.app);
        let done = tokio::task::spawn_blocking(move || app.do_silent_job());
        if let Ok(Err(e)) = done.await {
            tracing::warn!(error = %e, "jobs could not be looked for");
        }
    }
}

async fn follow(instance: Arc<Instance>, witnesses: Witnesses) {
    let Some(every) = witnesses.every() else {
        return;
    };
    let mut followed = witnesses.follow(Instant::now());
    loop {
        let instance = Arc::clone(&instance);
        let step = tokio::task::spawn_blocking(move || {
            followed.step(&instance.app, Instant::now());
            followed
        });
        let Ok(next) = step.await else {
            tracing::error!("witnesses are not followed any more");
            return;
        };
        followed = next;
        tokio::time::sleep(every).await;
    }
}
