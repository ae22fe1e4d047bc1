//! Everything that goes to the client, in one order.

use std::io::Write;
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::{mpsc, oneshot};
use tower_lsp_server::jsonrpc::Response;

use super::bounded::{self, Held};
use super::framing::write_frame;
use super::spelling::Spellings;
use super::{End, Ends};

/// Where messages to the client go. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: bounded::Sender<Outgoing>,
    spellings: Arc<Spellings>,
}

#[derive(Debug)]
enum Outgoing {
    Body(Vec<u8>),
    /// Tells when everything before it was written.
    Flush(oneshot::Sender<()>),
}

impl Outbox {
    /// Starts a thread that writes to `output` until that fails, which ends the server.
    pub fn start(output: impl Write + Send + 'static, spellings: Arc<Spellings>, ends: Ends) -> Self {
        let (queue, receiver) = bounded::queue();
        std::thread::spawn(move || {
            write_all(receiver, output);
            ends.signal(End::ClientGone);
        });
        Self { queue, spellings }
    }

    /// Sends a message; waits while the client does not read.
    pub async fn send(&self, message: &impl Serialize) {
        let Ok(mut message) = serde_json::to_value(message) else { return };
        self.spellings.outgoing(&mut message);
        let body = message.to_string().into_bytes();
        let bytes = body.len();
        // When nobody reads the queue any more, the server is about to end.
        self.queue.send(Outgoing::Body(body), bytes).await;
    }

    /// Sends the answer to a request, if there is one.
    pub async fn answer(&self, response: Option<Response>) {
        if let Some(response) = response {
            self.send(&response).await;
        }
    }

    /// Waits until everything that was sent before is written.
    pub async fn flush(&self) {
        let (done, wait) = oneshot::channel();
        if self.queue.send_now(Outgoing::Flush(done)) {
            // An error means that the writer is gone, and with it all that could be waited for.
            let _ = wait.await;
        }
    }
}

fn write_all(mut queue: mpsc::UnboundedReceiver<Held<Outgoing>>, mut output: impl Write) {
    while let Some(Held { message, room: _room }) = queue.blocking_recv() {
        match message {
            Outgoing::Body(body) => {
                if write_frame(&mut output, &body).is_err() {
                    return;
                }
            }
            Outgoing::Flush(done) => {
                let _ = done.send(());
            }
        }
    }
}
