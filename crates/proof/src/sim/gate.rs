//! A gate before each append: while the writer waits there, the next commands are queued, so that
//! which of them form a group is decided by the script and not by the machine.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, Sender, channel},
};

use lovebank_journal::Sealed;

/// The writer's side.
pub(super) struct Gate {
    reached: Sender<()>,
    open: Receiver<()>,
    offered: Arc<Mutex<Vec<Sealed>>>,
    shut: Arc<AtomicBool>,
}

/// The script's side.
pub(super) struct Keeper {
    /// Says that the writer waits; ends with it.
    pub(super) reached: Receiver<()>,
    /// Lets it pass.
    pub(super) open: Sender<()>,
    offered: Arc<Mutex<Vec<Sealed>>>,
    shut: Arc<AtomicBool>,
}

pub(super) fn gate() -> (Gate, Keeper) {
    let ((reached, waits), (open, passes)) = (channel(), channel());
    let offered: Arc<Mutex<Vec<Sealed>>> = Arc::default();
    let shut: Arc<AtomicBool> = Arc::default();
    let gate =
        Gate { reached, open: passes, offered: Arc::clone(&offered), shut: Arc::clone(&shut) };
    (gate, Keeper { reached: waits, open, offered, shut })
}

impl Gate {
    /// Waits until the script lets it pass, or is gone.
    pub(super) fn pass(&self, group: &[Sealed]) {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(group);
        if self.shut.load(Ordering::SeqCst) && self.reached.send(()).is_ok() {
            self.open.recv().ok();
        }
    }
}

impl Keeper {
    /// From now on the writer waits: it is started by then.
    pub(super) fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
    }

    /// Every entry that was to be written.
    pub(super) fn offered(&self) -> Vec<Sealed> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
