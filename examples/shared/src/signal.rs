use std::{future::pending, io};

/// Returns a future that is ready when the program is asked to end, by Ctrl-C or SIGTERM.
///
/// From this call on neither of them kills the program, also before the future is polled.
///
/// # Errors
/// The signals cannot be handled.
#[cfg(unix)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        let signal = async {
            tokio::select! {
                signal = interrupt.recv() => signal,
                signal = terminate.recv() => signal,
            }
        };
        if signal.await.is_none() {
            pending::<()>().await;
        }
    })
}

/// Returns a future that is ready when the program is asked to end, by Ctrl-C.
///
/// # Errors
/// The signal cannot be handled.
#[cfg(windows)]
pub fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        if interrupt.recv().await.is_none() {
            pending::<()>().await;
        }
    })
}
