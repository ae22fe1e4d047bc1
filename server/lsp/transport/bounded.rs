//! A queue bounded by the memory that its messages take, not by their number.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The room (KiB) of one queue. The largest message fills it.
const ROOM_KIB: u32 = 64 << 10;

/// The end of a queue that messages go into.
#[derive(Debug)]
pub struct Sender<T> {
    queue: mpsc::UnboundedSender<Held<T>>,
    room: Arc<Semaphore>,
}

/// A message together with the room that it takes, which is free again once this is dropped.
#[derive(Debug)]
pub struct Held<T> {
    /// The message.
    pub message: T,
    /// Its room; `None` for a message that must never wait.
    pub room: Option<OwnedSemaphorePermit>,
}

/// A queue for up to 64 MiB of messages.
pub fn queue<T>() -> (Sender<T>, mpsc::UnboundedReceiver<Held<T>>) {
    let (queue, receiver) = mpsc::unbounded_channel();
    (Sender { queue, room: Arc::new(Semaphore::new(ROOM_KIB as usize)) }, receiver)
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone(), room: self.room.clone() }
    }
}

impl<T> Sender<T> {
    /// Adds a message of this size (bytes), after waiting until there is room for it. It is dropped when nobody reads the
    /// queue any more.
    pub async fn send(&self, message: T, bytes: usize) {
        // The smallest message costs memory as well.
        let kib = u32::try_from(bytes >> 10).unwrap_or(ROOM_KIB).saturating_add(1).min(ROOM_KIB);
        let room = self.room.clone().acquire_many_owned(kib).await.ok();
        let _ = self.queue.send(Held { message, room });
    }

    /// Adds a message without waiting for room; returns `false` when nobody reads the queue any more.
    pub fn send_now(&self, message: T) -> bool {
        self.queue.send(Held { message, room: None }).is_ok()
    }

    /// Waits until every message that was added is done with.
    pub async fn idle(&self) {
        // The permits are given back at once: only the moment matters.
        let _ = self.room.acquire_many(ROOM_KIB).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_full_queue_takes_nothing_until_a_message_is_done_with() {
        let (sender, mut receiver) = queue();
        let mebibyte = 1 << 20;
        sender.send("most", 62 * mebibyte).now_or_never().expect("there is room");
        sender.send("rest", mebibyte).now_or_never().expect("there is room");
        let mut third = Box::pin(sender.send("more", 2 * mebibyte));
        assert!((&mut third).now_or_never().is_none());
        assert!(sender.send_now("urgent"));
        let first = receiver.try_recv().expect("a message");
        assert!((&mut third).now_or_never().is_none(), "it is still being worked on");
        drop(first);
        assert!(third.now_or_never().is_some());
        let mut rest = std::iter::from_fn(|| receiver.try_recv().ok()).map(|held| held.message);
        assert_eq!(rest.by_ref().collect::<Vec<_>>(), ["rest", "urgent", "more"]);
        assert!(sender.idle().now_or_never().is_some());
        sender.send("larger than the queue", usize::MAX).now_or_never().expect("it has the queue for itself");
    }
}
