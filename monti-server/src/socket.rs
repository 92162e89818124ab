//! A connection's socket, which two can write to: the task that serves it, and whoever has a
//! message for its peer in hand.
//!
//! A task that sleeps has to be woken up before it can write, and that takes longer than the write
//! itself. So a message goes past the task if nothing is to go before it ([`Shortcut::write`]). If
//! anything is, it waits for the task as all others do, and what the peer hears is in the same
//! order either way.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, Bytes};
use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// A socket, as its task has it.
#[derive(Debug)]
pub(crate) struct Socket {
    reading: OwnedReadHalf,
    shared: Arc<Shared>,
}

/// The way past a socket's task, for frames; at its end once the socket is closed.
#[derive(Debug, Clone)]
pub(crate) struct Shortcut(Weak<Shared>);

#[derive(Debug)]
struct Shared {
    /// What is before a frame that would go past the task.
    waiting: AtomicUsize,
    writing: Mutex<Writing>,
    /// The task while it reads, which it does whenever it has nothing to write.
    reader: AtomicWaker,
}

#[derive(Debug)]
struct Writing {
    socket: OwnedWriteHalf,
    /// Of a frame that went past the task, what the peer has not taken yet. It is waited for.
    rest: Bytes,
    /// Whether what the task writes is out in part.
    is_amid: bool,
    /// Whether the peer was told its last.
    is_shut: bool,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        let (reading, socket) = stream.into_split();
        let writing = Writing { socket, rest: Bytes::new(), is_amid: false, is_shut: false };
        let (waiting, writing) = (AtomicUsize::new(0), Mutex::new(writing));
        Self { reading, shared: Arc::new(Shared { waiting, writing, reader: AtomicWaker::new() }) }
    }

    pub(crate) fn shortcut(&self) -> Shortcut {
        Shortcut(Arc::downgrade(&self.shared))
    }
}

impl Shortcut {
    /// Writes a frame, unless anything is to go before it. If it answers `false` the frame has to
    /// wait for the task, and all that follow it until [`Self::caught_up`] was told of it.
    pub(crate) fn write(&self, frame: impl FnOnce() -> Bytes) -> bool {
        self.0.upgrade().is_some_and(|shared| shared.write_past_the_task(frame))
    }

    /// A frame is to wait for the task.
    pub(crate) fn wait(&self) {
        if let Some(shared) = self.0.upgrade() {
            shared.waiting.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The task has written so many of the frames that waited.
    pub(crate) fn caught_up(&self, count: usize) {
        if let Some(shared) = self.0.upgrade() {
            shared.waiting.fetch_sub(count, Ordering::Release);
        }
    }

    /// Nothing goes past the task any more.
    pub(crate) fn shut(&self) {
        if let Some(shared) = self.0.upgrade() {
            shared.writing().is_shut = true;
        }
    }
}

impl Shared {
    fn writing(&self) -> MutexGuard<'_, Writing> {
        // One who panicked while it was locked has ended the process.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_past_the_task(&self, frame: impl FnOnce() -> Bytes) -> bool {
        if self.waiting.load(Ordering::Acquire) > 0 {
            return false;
        }
        // While the task writes nobody waits for it.
        let Ok(mut writing) = self.writing.try_lock() else { return false };
        if writing.is_amid || writing.is_shut {
            return false;
        }
        let mut frame = frame();
        match writing.socket.try_write(&frame) {
            Ok(taken) => {
                frame.advance(taken);
                if frame.has_remaining() {
                    writing.rest = frame;
                    self.waiting.fetch_add(1, Ordering::Relaxed);
                    drop(writing);
                    self.reader.wake();
                }
                true
            }
            // The peer takes nothing now; or the task will notice that it never will.
            Err(_) => false,
        }
    }

    /// Writes what is left of a frame that went past the task.
    fn poll_rest(&self, writing: &mut Writing, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !writing.rest.has_remaining() {
            return Poll::Ready(Ok(()));
        }
        while writing.rest.has_remaining() {
            let taken = ready!(Pin::new(&mut writing.socket).poll_write(context, &writing.rest))?;
            if taken == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            writing.rest.advance(taken);
        }
        self.waiting.fetch_sub(1, Ordering::Release);
        Poll::Ready(Ok(()))
    }

    /// Has the task write so many bytes, by `write`.
    fn poll_write(
        &self,
        context: &mut Context<'_>,
        bytes: usize,
        write: impl FnOnce(Pin<&mut OwnedWriteHalf>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let mut writing = self.writing();
        ready!(self.poll_rest(&mut writing, context))?;
        let taken = ready!(write(Pin::new(&mut writing.socket), context))?;
        writing.is_amid = taken < bytes;
        Poll::Ready(Ok(taken))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.shared.reader.register(context.waker());
        if self.shared.waiting.load(Ordering::Acquire) > 0 {
            // It is read from whether or not the peer takes that.
            let rest = self.shared.poll_rest(&mut self.shared.writing(), context);
            if let Poll::Ready(Err(error)) = rest {
                return Poll::Ready(Err(error));
            }
        }
        Pin::new(&mut self.reading).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.shared
            .poll_write(context, bytes.len(), |socket, context| socket.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        // A thousand wallboards are told one frame each: a plain write of it costs the system less.
        if let [frame] = slices {
            return self.poll_write(context, frame);
        }
        let bytes = slices.iter().map(|slice| slice.len()).sum();
        self.shared.poll_write(context, bytes, |socket, context| {
            socket.poll_write_vectored(context, slices)
        })
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shared.poll_rest(&mut self.shared.writing(), context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut writing = self.shared.writing();
        ready!(self.shared.poll_rest(&mut writing, context))?;
        Pin::new(&mut writing.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, net::Ipv4Addr, time::Duration};

    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        spawn,
        time::timeout,
    };

    use super::*;

    /// More than a connection holds of what its peer does not read.
    const MUCH: usize = 32 << 20;

    /// A socket, the way past its task, and its peer.
    async fn pair() -> (Socket, Shortcut, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        stream.writable().await.unwrap();
        let socket = Socket::new(stream);
        let shortcut = socket.shortcut();
        (socket, shortcut, peer)
    }

    async fn heard(peer: &mut TcpStream, bytes: usize) -> Vec<u8> {
        let mut heard = vec![0; bytes];
        let read = timeout(Duration::from_secs(20), peer.read_exact(&mut heard));
        read.await.expect("nothing is heard").unwrap();
        heard
    }

    #[tokio::test]
    async fn a_frame_goes_past_the_task_unless_others_wait_for_it() {
        let (mut socket, shortcut, mut peer) = pair().await;
        assert!(shortcut.write(|| "a".into()));
        shortcut.wait();
        assert!(!shortcut.write(|| "c".into()));
        socket.write_all(b"b").await.unwrap();
        shortcut.caught_up(1);
        assert!(shortcut.write(|| "d".into()));
        assert_eq!(heard(&mut peer, 3).await, *b"abd");
        shortcut.shut();
        assert!(!shortcut.write(|| "e".into()));
        drop(socket);
        assert!(!shortcut.write(|| "f".into()));
        assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn the_rest_of_a_frame_goes_before_all_else() {
        let (mut socket, shortcut, mut peer) = pair().await;
        assert!(shortcut.write(|| vec![b'a'; MUCH].into()));
        assert!(!shortcut.write(|| "b".into()));
        let task = spawn(async move {
            socket.write_all(b"c").await.unwrap();
            socket
        });
        let all = heard(&mut peer, MUCH + 1).await;
        assert!(all[..MUCH].iter().all(|byte| *byte == b'a') && all[MUCH] == b'c');
        let _socket = task.await.unwrap();
        assert!(shortcut.write(|| "d".into()));
    }

    #[tokio::test]
    async fn a_task_that_only_reads_sees_to_the_rest_of_a_frame() {
        let (mut socket, shortcut, mut peer) = pair().await;
        let reading = spawn(async move { socket.read(&mut [0]).await.map(|_| socket) });
        // It reads already, and nothing but the frame wakes it.
        tokio::task::yield_now().await;
        assert!(shortcut.write(|| vec![b'a'; MUCH].into()));
        assert!(heard(&mut peer, MUCH).await.iter().all(|byte| *byte == b'a'));
        peer.write_all(b"x").await.unwrap();
        let _socket = reading.await.unwrap().unwrap();
        assert!(shortcut.write(|| "b".into()));
    }

    #[tokio::test]
    async fn nothing_goes_into_the_middle_of_what_the_task_writes() {
        let (mut socket, shortcut, mut peer) = pair().await;
        let much = vec![b'a'; MUCH];
        let taken = socket.write(&much).await.unwrap();
        assert!(taken < MUCH);
        heard(&mut peer, taken).await;
        // There is room for it.
        poll_fn(|context| socket.shared.writing().socket.as_ref().poll_write_ready(context))
            .await
            .unwrap();
        assert!(!shortcut.write(|| "b".into()));
        let task = spawn(async move {
            socket.write_all(&much[taken..]).await.unwrap();
            socket
        });
        assert!(heard(&mut peer, MUCH - taken).await.iter().all(|byte| *byte == b'a'));
        let _socket = task.await.unwrap();
        assert!(shortcut.write(|| "c".into()));
        assert_eq!(heard(&mut peer, 1).await, *b"c");
    }
}
