//! Keeps the bytes that went over a connection, beneath HTTP and above TLS.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ureq::Error;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};

/// What went over the wire in one exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    /// Bytes sent.
    pub request: Vec<u8>,
    /// Bytes received, at most as many as the limit.
    pub response: Vec<u8>,
    /// More came than the limit allows.
    pub over: bool,
    /// Where the connection went.
    pub ip: Option<IpAddr>,
    limit: usize,
}

/// Holds what is being taken down; clones write to the same place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder(Arc<Mutex<Taken>>);

impl Recorder {
    fn open(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a new exchange in which at most `limit` bytes are received.
    pub fn begin(&self, limit: usize) {
        *self.open() = Taken { limit, ..Taken::default() };
    }

    /// What was taken down since.
    pub fn end(&self) -> Taken {
        std::mem::take(&mut *self.open())
    }

    pub fn speaks_to(&self, ip: Option<IpAddr>) {
        self.open().ip = ip;
    }

    fn sent(&self, bytes: &[u8]) {
        self.open().request.extend_from_slice(bytes);
    }

    fn received(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut taken = self.open();
        let room = taken.limit - taken.response.len();
        taken.response.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            taken.over = true;
            return Err(Error::Io(std::io::Error::other("longer than the limit")));
        }
        Ok(())
    }
}

/// The last link of the chain of connectors: wraps whatever connection was made.
#[derive(Debug)]
pub(crate) struct Recording(pub Recorder);

impl<In: Transport> Connector<In> for Recording {
    type Out = Recorded<In>;

    fn connect(&self, _: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Recorded<In>>, Error> {
        Ok(chained.map(|inner| Recorded { inner, recorder: self.0.clone() }))
    }
}

/// A connection with its recorder.
#[derive(Debug)]
pub(crate) struct Recorded<T> {
    inner: T,
    recorder: Recorder,
}

impl<T: Transport> Transport for Recorded<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.recorder.sent(&self.inner.buffers().output()[..amount]);
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let known = self.inner.buffers().input().len();
        let progress = self.inner.await_input(timeout)?;
        self.recorder.received(&self.inner.buffers().input()[known..])?;
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
