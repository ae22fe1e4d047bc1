//! Reads what the client sends and puts it in its place.

use std::io::BufRead;
use std::sync::Arc;

use futures::{FutureExt, Sink, SinkExt};
use serde_json::Value;
use tokio::runtime::Handle;
use tower::Service;
use tower_lsp_server::ExitedError;
use tower_lsp_server::jsonrpc::{Error, Id, Request, Response};

use super::bounded;
use super::dispatch::{Dispatcher, Incoming};
use super::framing::{Frame, FrameReader};
use super::outbox::Outbox;
use super::spelling::Spellings;

/// The reading half of the connection. It runs on a thread of its own: reading a pipe blocks.
pub struct Inbox<S, R> {
    /// Takes cancellations at once.
    pub dispatcher: Dispatcher<S>,
    /// Takes requests and notifications in order; while it is full, nothing is read.
    pub queue: bounded::Sender<Incoming>,
    /// Takes answers to our own requests at once, however full the queue is.
    pub responses: R,
    /// Takes complaints about malformed messages.
    pub outbox: Outbox,
    /// Makes URIs legal.
    pub spellings: Arc<Spellings>,
    /// Waits for room in queues.
    pub runtime: Handle,
}

impl<S, R> Inbox<S, R>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
    R: Sink<Response> + Unpin,
{
    /// Reads until the stream ends, cannot be read, or the client asks for the end; returns whether it asked.
    pub fn run(mut self, input: impl BufRead) -> bool {
        let mut frames = FrameReader::new(input);
        while let Ok(Some(frame)) = frames.next() {
            let outcome = match frame {
                Frame::Body(body) => self.body(&body),
                Frame::Garbage => Err((Id::Null, Error::parse_error())),
                Frame::TooLarge => Err((Id::Null, Error::invalid_request())),
            };
            match outcome {
                Ok(true) => {}
                Ok(false) => return true,
                Err((id, error)) => {
                    self.runtime.block_on(self.outbox.send(&Response::from_error(id, error)));
                }
            }
        }
        false
    }

    /// Takes one message; returns whether more are to be read.
    fn body(&mut self, body: &[u8]) -> Result<bool, (Id, Error)> {
        let mut message: Value =
            serde_json::from_slice(body).map_err(|_| (Id::Null, Error::parse_error()))?;
        let id = message.get("id").and_then(|id| serde_json::from_value(id.clone()).ok()).unwrap_or(Id::Null);
        let is_response = message.get("result").is_some() || message.get("error").is_some();
        if message.get("method").is_none() && is_response {
            self.response(id, message);
            return Ok(true);
        }
        self.spellings.incoming(&mut message);
        let request: Request = serde_json::from_value(message).map_err(|_| (id, Error::invalid_request()))?;
        match request.method() {
            "" => return Err((request.id().cloned().unwrap_or(Id::Null), Error::invalid_request())),
            "exit" => {
                self.queue.send_now(Incoming::Exit);
                return Ok(false);
            }
            "$/cancelRequest" if request.id().is_none() => {
                self.dispatcher.cancel(request);
                return Ok(true);
            }
            _ => {}
        }
        if let Some(id) = request.id() {
            self.dispatcher.enqueue(id);
        }
        self.runtime.block_on(self.queue.send(Incoming::Message(request), body.len()));
        Ok(true)
    }

    /// Hands an answer to the one who waits for it. A malformed one counts as a refusal, so that nobody waits for ever.
    fn response(&mut self, id: Id, message: Value) {
        let response = serde_json::from_value(message)
            .unwrap_or_else(|_| Response::from_error(id, Error::internal_error()));
        // The sink is always ready; an error means that the server is about to end.
        let _ = self.responses.send(response).now_or_never();
    }
}
