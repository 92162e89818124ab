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
        let last = Duration::from_millis(self.0.last_ms.load(Ordering::Relaxed));
        self.0.begun.elapsed().saturating_sub(last)
    }

    fn mark(&self) {
        let now_ms = u64::try_from(self.0.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
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
        if matches!(written, Poll::Ready(Ok(bytes)) if bytes > 0) {
            self.taken.mark();
        }
        written
    }
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

    /// A peer that takes up to so many bytes, and then nothing.
    struct Peer(usize);

    impl AsyncWrite for Peer {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) }
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn what_is_taken_is_noted_and_what_is_not_is_not() {
        let taken = Taken::new();
        let mut stream = Noting::new(Peer(5), taken.clone());
        let mut context = Context::from_waker(Waker::noop());
        let mut write = || Pin::new(&mut stream).poll_write(&mut context, b"abc").is_ready();
        std::thread::sleep(Duration::from_millis(20));
        assert!(taken.idle() >= Duration::from_millis(20));
        let before = Instant::now();
        assert!(write() && write());
        assert!(taken.idle() <= before.elapsed() + Duration::from_millis(1));
        let taken_last = taken.0.last_ms.load(Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(2));
        assert!(!write());
        assert_eq!(taken.0.last_ms.load(Ordering::Relaxed), taken_last);
    }
}
