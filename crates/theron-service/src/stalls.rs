//! Who asks for an answer and does not read it keeps what makes it: a turn, an open file, some megabytes.
//!
//! A write that finds no room waits for the reader, and so long does the whole connection. Whoever takes not a byte for
//! as long as [`Bounds`](crate::Bounds) say is let go, and with the connection goes the answer. A limit on the whole
//! answer would end the large downloads of slow readers; a probe of the kernel is answered by a stalled one, too.

use crate::connections::Losses;
use axum_server::accept::Accept;
use futures::future::BoxFuture;
use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// Gives every connection of a listener its patience.
#[derive(Clone)]
pub(crate) struct Patience<A> {
    pub(crate) inner: A,
    pub(crate) stall: Duration,
    pub(crate) losses: Arc<Losses>,
}

impl<A, S> Accept<TcpStream, S> for Patience<A>
where
    A: Accept<TcpStream, S, Stream = TcpStream>,
    A::Future: Send + 'static,
{
    type Stream = Watched;
    type Service = A::Service;
    type Future = BoxFuture<'static, io::Result<(Watched, A::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let peer = stream.peer_addr().ok();
        let (stall, losses) = (self.stall, Arc::clone(&self.losses));
        let accepted = self.inner.accept(stream, service);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            Ok((Watched { stream, peer, stall, until: None, losses }, service))
        })
    }
}

/// A connection whose writes do not wait for ever.
pub(crate) struct Watched {
    stream: TcpStream,
    peer: Option<SocketAddr>,
    stall: Duration,
    /// While nothing can be written.
    until: Option<Pin<Box<Sleep>>>,
    losses: Arc<Losses>,
}

#[derive(Debug, thiserror::Error)]
#[error("the caller read nothing of its answer for {} s", .0.as_secs_f32())]
struct Stalled(Duration);

impl Watched {
    fn written(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = write(Pin::new(&mut self.stream), context);
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let stall = self.stall;
        let until = self.until.get_or_insert_with(|| Box::pin(sleep(stall)));
        if until.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.losses.count(self.peer.as_ref(), &Stalled(stall));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, Stalled(stall))))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.written(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.written(context, |stream, context| stream.poll_write_vectored(context, pieces))
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
