//! Panics of a library that are caught: what came of them is told by us, and by nobody else. One of
//! the project's own code is told as ever, for it is a fault of ours.

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
            let ours = it.location().is_none_or(|it| is_ours(it.file()));
            if ours || !EXPECTED.get() {
                before(it);
            }
        }));
    });
    EXPECTED.set(true);
    let came = panic::catch_unwind(AssertUnwindSafe(run)).ok();
    EXPECTED.set(false);
    came
}

/// The compiler calls files of the workspace by their way from its top, and others in full: those of
/// the project begin as this one does.
fn is_ours(file: &str) -> bool {
    file.starts_with(file!().trim_end_matches("admin/src/import/workbook/caught.rs"))
}

#[cfg(test)]
mod tests {
    use super::{caught, is_ours};

    #[test]
    fn a_panic_is_caught_and_is_of_the_file_where_it_happened() {
        assert_eq!(caught(|| 7), Some(7));
        assert_eq!(caught(|| Vec::<u8>::new().first().copied().unwrap()), None);
        assert!(is_ours(file!()) && !is_ours("/registry/src/calamine-0.36.0/src/xls.rs"));
    }
}
