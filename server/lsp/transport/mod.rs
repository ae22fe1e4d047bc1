//! The connection to one client, over two byte streams.
//!
//! The service comes from tower-lsp-server; what moves messages is our own, because the protocol's promises are kept here:
//! notifications take effect in the order in which they were sent, a request sees all of those before it, a malformed message
//! or a panic is answered and survived, and the process ends when the client is done with it or gone.
//!
//! ```text
//! stdin -> inbox (thread) -> bounded queue -> dispatch (task) -> service -> outbox (bounded queue) -> writer (thread) -> stdout
//!             |-- cancellations, answers to our requests: at once
//! ```

mod bounded;
mod dispatch;
mod framing;
mod inbox;
mod outbox;
mod parent;
mod spelling;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tower::Service;
use tower_lsp_server::jsonrpc::{Request, Response};
use tower_lsp_server::{ClientSocket, ExitedError};

use dispatch::Dispatcher;
use inbox::Inbox;
use outbox::Outbox;
use spelling::Spellings;

/// Serves one client until it asks for the end or is gone; returns whether it asked for a shutdown before. The last messages may
/// take `grace` once the end has come.
pub async fn serve<S>(
    service: S,
    socket: ClientSocket,
    input: impl BufRead + Send + 'static,
    output: impl Write + Send + 'static,
    grace: Duration,
) -> bool
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError> + Send + 'static,
    S::Future: Send + 'static,
{
    let (ends, mut ended) = Ends::new();
    let spellings = Arc::new(Spellings::default());
    let outbox = Outbox::start(output, spellings.clone(), ends.clone());
    let dispatcher = Dispatcher::new(service);
    let (queue, incoming) = bounded::queue();
    let (mut requests, responses) = socket.split();
    let to_client = outbox.clone();
    tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            to_client.send(&request).await;
        }
    });
    let executor = dispatch::run(incoming, dispatcher.clone(), outbox.clone(), ends.clone());
    let stopped = ends.clone();
    let executor = tokio::spawn(async move {
        let shut_down = tokio::spawn(executor).await;
        // Without it nothing would be answered any more.
        stopped.signal(End::Asked);
        shut_down.unwrap_or(false)
    });
    let inbox = Inbox {
        dispatcher,
        queue: queue.clone(),
        responses,
        outbox: outbox.clone(),
        spellings,
        runtime: Handle::current(),
    };
    std::thread::spawn(move || {
        let asked = inbox.run(input);
        ends.signal(if asked { End::Asked } else { End::InputClosed });
    });
    let end = ended.recv().await;
    // Nothing comes after what is in the queue already.
    queue.send_now(dispatch::Incoming::Exit);
    let shut_down = timeout(grace, executor).await;
    let last_words = async {
        // Whoever pipes messages into us and closes the pipe waits for the answers.
        if end == Some(End::InputClosed) {
            queue.idle().await;
        }
        outbox.flush().await;
    };
    if end != Some(End::ClientGone) {
        let _ = timeout(grace, last_words).await;
    }
    matches!(shut_down, Ok(Ok(true)))
}

/// Why the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// The client asked for it.
    Asked,
    /// There is nothing more to read.
    InputClosed,
    /// Nobody reads our answers.
    ClientGone,
}

/// Where the end is announced.
#[derive(Clone, Debug)]
struct Ends(mpsc::UnboundedSender<End>);

impl Ends {
    fn new() -> (Self, mpsc::UnboundedReceiver<End>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Announces the end; only the first announcement counts.
    fn signal(&self, end: End) {
        let _ = self.0.send(end);
    }
}

#[cfg(test)]
mod tests;
