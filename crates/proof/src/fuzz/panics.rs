//! Panics of the project's own code that something caught: they are panics all the same. Those of
//! a library that reads workbooks are taken for damage, and are its own affair.

use std::{
    cell::RefCell,
    panic::{PanicHookInfo, set_hook, take_hook},
    sync::Once,
};

thread_local! {
    static OURS: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What comes of work in this thread.
///
/// # Panics
///
/// If the project's own code panicked in it, also where that was caught.
pub(super) fn none_of_ours<T>(work: impl FnOnce() -> T) -> T {
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            note(panic);
            before(panic);
        }));
    });
    OURS.take();
    let done = work();
    let ours = OURS.take();
    assert!(ours.is_none(), "a panic was caught: {}", ours.unwrap_or_default());
    done
}

/// The compiler calls files of the workspace by their way from its top, and others in full: those of
/// the project begin as this one does.
fn note(panic: &PanicHookInfo<'_>) {
    let crates = file!().trim_end_matches("proof/src/fuzz/panics.rs");
    if let Some(place) = panic.location().filter(|it| it.file().starts_with(crates)) {
        OURS.set(Some(place.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::none_of_ours;

    #[test]
    fn a_panic_of_ours_that_was_caught_is_seen_and_none_of_another() {
        let ours = || catch_unwind(|| panic!("ours")).is_err();
        assert!(catch_unwind(|| none_of_ours(ours)).is_err());
        // It is the library that panics, in a file of its own.
        let theirs = || catch_unwind(|| std::iter::repeat_n(0_u8, 3).collect::<Vec<_>>().len());
        assert_eq!(none_of_ours(theirs).unwrap(), 3);
    }
}
