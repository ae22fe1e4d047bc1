//! Which message runs when: the order that the client may rely on.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use futures::future::{BoxFuture, FutureExt, poll_fn};
use tokio::sync::mpsc::UnboundedReceiver;
use tower::Service;
use tower_lsp_server::ExitedError;
use tower_lsp_server::jsonrpc::{Error, Id, Request, Response};

use super::bounded::Held;
use super::outbox::Outbox;
use super::parent;
use super::{End, Ends};

/// A message of the client, in the order in which it came.
#[derive(Debug)]
pub enum Incoming {
    /// A request or a notification.
    Message(Request),
    /// The notification that asks the process to end.
    Exit,
}

/// The service behind a lock, so that a cancellation reaches it past the queue.
pub struct Dispatcher<S> {
    inner: Arc<Mutex<Inner<S>>>,
}

struct Inner<S> {
    service: S,
    /// Requests that wait in the queue, and whether they were cancelled there.
    queued: HashMap<Id, bool>,
}

type Answer = BoxFuture<'static, Option<Response>>;

impl<S> Clone for Dispatcher<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<S> Dispatcher<S>
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    /// Wraps a service.
    pub fn new(service: S) -> Self {
        Self { inner: Arc::new(Mutex::new(Inner { service, queued: HashMap::new() })) }
    }

    /// Tells that a request waits in the queue.
    pub fn enqueue(&self, id: &Id) {
        self.lock().queued.insert(id.clone(), false);
    }

    /// Cancels the request that a `$/cancelRequest` names, whether it waits or runs.
    pub fn cancel(&self, notification: Request) {
        let id = notification.params().and_then(|params| serde_json::from_value(params["id"].clone()).ok());
        let mut inner = self.lock();
        if let Some(cancelled) = id.and_then(|id: Id| inner.queued.get_mut(&id)) {
            *cancelled = true;
        } else if let Some(future) = inner.call(notification) {
            // It only marks the request, which needs no waiting.
            let _ = future.now_or_never();
        }
    }

    /// Starts a message. The answer is `None` for a notification.
    fn start(&self, request: Request) -> Answer {
        let id = request.id().cloned();
        let refuse = |error| {
            let response = id.clone().map(|id| Response::from_error(id, error));
            futures::future::ready(response).boxed()
        };
        let mut inner = self.lock();
        let cancelled = id.as_ref().and_then(|id| inner.queued.remove(id)).unwrap_or(false);
        if cancelled {
            return refuse(Error::request_cancelled());
        }
        // The protocol: an unknown request of this kind is answered, an unknown notification ignored.
        if id.is_some() && request.method().starts_with("$/") {
            return refuse(Error::method_not_found());
        }
        match inner.call(request) {
            Some(future) => isolate(future, id),
            None => refuse(Error::internal_error()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Service<Request>> Inner<S> {
    /// `None` when the service is not ready or panics.
    fn call(&mut self, request: Request) -> Option<S::Future> {
        let call =
            AssertUnwindSafe(|| match poll_fn(|context| self.service.poll_ready(context)).now_or_never() {
                Some(Ok(())) => Some(self.service.call(request)),
                _ => None,
            });
        std::panic::catch_unwind(call).ok().flatten()
    }
}

/// A panic becomes an error answer.
fn isolate<F>(future: F, id: Option<Id>) -> Answer
where
    F: Future<Output = Result<Option<Response>, ExitedError>> + Send + 'static,
{
    let answer = AssertUnwindSafe(future).catch_unwind().map(move |outcome| match outcome {
        Ok(answer) => answer.ok().flatten(),
        Err(_panic) => id.map(|id| Response::from_error(id, Error::internal_error())),
    });
    answer.boxed()
}

/// Runs messages in their order until the client asks for the end or sends no more; returns whether it asked for a
/// shutdown before.
///
/// A notification runs to its end before anything else starts, so its handler must never wait for the client. A request is
/// polled once, so that it sees the state after every notification before it, and then goes on beside the others.
pub async fn run<S>(
    mut queue: UnboundedReceiver<Held<Incoming>>,
    dispatcher: Dispatcher<S>,
    outbox: Outbox,
    ends: Ends,
) -> bool
where
    S: Service<Request, Response = Option<Response>, Error = ExitedError>,
    S::Future: Send + 'static,
{
    let mut shut_down = false;
    while let Some(Held { message, room }) = queue.recv().await {
        let Incoming::Message(request) = message else { break };
        let is_request = request.id().is_some();
        match request.method() {
            "shutdown" if is_request => shut_down = true,
            "initialize" => watch_parent(&request, &ends),
            _ => {}
        }
        let mut answer = dispatcher.start(request);
        if !is_request {
            answer.await;
            continue;
        }
        if let Poll::Ready(response) = futures::poll!(&mut answer) {
            outbox.answer(response).await;
            continue;
        }
        let outbox = outbox.clone();
        tokio::spawn(async move {
            outbox.answer(answer.await).await;
            // The request counts as being in the queue until it is answered.
            drop(room);
        });
    }
    shut_down
}

fn watch_parent(initialize: &Request, ends: &Ends) {
    if let Some(id) = initialize.params().and_then(|params| params["processId"].as_i64()) {
        let ends = ends.clone();
        parent::watch(id, move || ends.signal(End::ClientGone));
    }
}
