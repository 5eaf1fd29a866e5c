//! Panics of a library that are caught: what came of them is told by us, and by nobody else.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    /// Whether what this thread runs may panic, and is caught.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// What it comes to, or nothing where it panics. Of panics of other threads, and of any other code,
/// is told as before.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |it| {
            if !EXPECTED.get() {
                before(it);
            }
        }));
    });
    EXPECTED.set(true);
    let came = panic::catch_unwind(AssertUnwindSafe(run)).ok();
    EXPECTED.set(false);
    came
}
