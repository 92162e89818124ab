//! When a peer last took anything of what it is sent: a long message that is taken slowly is
//! another thing than one that is not taken.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// When a connection's peer last took anything.
#[derive(Debug, Clone)]
pub struct Taken(Arc<Mark>);

#[derive(Debug)]
struct Mark {
    begun: Instant,
    /// The last time, in milliseconds since then.
    last_ms: AtomicU64,
}

impl Taken {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mark { begun: Instant::now(), last_ms: AtomicU64::new(0) }))
    }

    /// For how long nothing has been taken, whether or not there was anything to take.
    pub fn idle(&self) -> Duration {
        self.idle_at(Instant::now())
    }

    fn idle_at(&self, now: Instant) -> Duration {
        let last = Duration::from_millis(self.0.last_ms.load(Ordering::Relaxed));
        now.saturating_duration_since(self.0.begun).saturating_sub(last)
    }

    fn mark_at(&self, now: Instant) {
        let passed = now.saturating_duration_since(self.0.begun);
        let now_ms = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        self.0.last_ms.store(now_ms, Ordering::Relaxed);
    }
}

/// A stream that notes when its peer takes anything.
pub(super) struct Noting<S> {
    stream: S,
    taken: Taken,
}

impl<S> Noting<S> {
    pub(super) fn new(stream: S, taken: Taken) -> Self {
        Self { stream, taken }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if is_taking(&written) {
            self.taken.mark_at(Instant::now());
        }
        written
    }
}

/// Whether a peer took anything of what was written.
fn is_taking(written: &Poll<io::Result<usize>>) -> bool {
    matches!(written, Poll::Ready(Ok(bytes)) if *bytes > 0)
}

impl<S: AsyncRead + Unpin> AsyncRead for Noting<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noting<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn a_peer_is_idle_since_it_last_took_anything() {
        let taken = Taken::new();
        let at = |seconds| taken.0.begun + Duration::from_secs(seconds);
        assert_eq!(taken.idle_at(at(3)), Duration::from_secs(3));
        taken.mark_at(at(5));
        assert_eq!(taken.idle_at(at(5)), Duration::ZERO);
        assert_eq!(taken.idle_at(at(9)), Duration::from_secs(4));
        // Two clocks of the machine may differ by a little.
        assert_eq!(taken.idle_at(at(4)), Duration::ZERO);
    }

    #[test]
    fn only_bytes_are_taken() {
        assert!(is_taking(&Poll::Ready(Ok(1))));
        assert!(!is_taking(&Poll::Ready(Ok(0))));
        assert!(!is_taking(&Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))));
        assert!(!is_taking(&Poll::Pending));
    }

    /// A peer that takes all there is.
    struct Taker;

    impl AsyncWrite for Taker {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn what_a_stream_writes_is_noted() {
        // Of a connection that was opened an hour ago, in which nothing was taken.
        let begun = Instant::now().checked_sub(Duration::from_secs(3_600)).unwrap();
        let taken = Taken(Arc::new(Mark { begun, last_ms: AtomicU64::new(0) }));
        let mut stream = Noting::new(Taker, taken.clone());
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut stream).poll_write(&mut context, b"abc").is_ready());
        assert!(taken.0.last_ms.load(Ordering::Relaxed) >= 3_600_000);
    }
}
