//! The log: one line a person or a program can read alone, on standard error.
//!
//! Nothing personal is logged: no name, no number, no free text. Two things could do so unasked
//! and are held back: libraries, which below `info` may tell what they send and receive, and
//! panics, whose message may hold a value.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, IsTerminal as _},
    panic::PanicHookInfo,
    thread,
};

use thiserror::Error;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::config::{Config, LogFormat};

/// Why there is no log.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The filter is none; the settings were not checked.
    #[error("log is not a filter")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// The log was begun before.
    #[error("the log was begun before")]
    Begun(#[from] tracing_subscriber::util::TryInitError),
}

/// Begins the log of this process, and logs panics from now on. To be called once.
pub fn init(config: &Config) -> Result<(), TelemetryError> {
    let filter = EnvFilter::builder().parse(&config.log)?;
    let ansi = io::stderr().is_terminal();
    subscriber(filter, (config.log_format, ansi), io::stderr).try_init()?;
    std::panic::set_hook(Box::new(log_panic));
    Ok(())
}

fn subscriber<W>(
    filter: EnvFilter,
    (format, ansi): (LogFormat, bool),
    writer: W,
) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer::<Registry>().with_writer(writer);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(ansi).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let lines = lines.with_filter(filter_fn(may_speak)).with_filter(filter);
    Box::new(tracing_subscriber::registry().with(lines))
}

/// Whether a line may be logged whatever the filter says: below `info` only our own code speaks.
fn may_speak(line: &Metadata<'_>) -> bool {
    *line.level() <= Level::INFO || line.target().starts_with("lovebank")
}

/// Only a text that is written in the code is logged: one made while running may hold anything.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload().downcast_ref::<&'static str>();
    let backtrace = Backtrace::capture();
    let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace);
    tracing::error!(
        panic.message = message.unwrap_or(&"(left out: it may hold personal data)"),
        panic.place = panic.location().map(tracing::field::display),
        panic.thread = thread::current().name(),
        panic.backtrace = backtrace.map(tracing::field::display),
        "a panic: this is a fault of the program"
    );
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, run: impl FnOnce()) -> String {
        logged_by("info,lovebank::quiet=off", format, run)
    }

    fn logged_by(filter: &str, format: LogFormat, run: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let filter = EnvFilter::new(filter);
        let subscriber = subscriber(filter, (format, false), move || writer.clone());
        tracing::subscriber::with_default(subscriber, run);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_of_json_has_its_fields_and_its_span() {
        let text = logged(LogFormat::Json, || {
            let _call = tracing::info_span!("call", call.id = "c-1").entered();
            tracing::info!(entry.no = 7, "decided");
            tracing::debug!("below the filter");
        });
        assert_eq!(text.lines().count(), 1);
        assert!(text.starts_with('{'), "{text}");
        for part in [r#""entry.no":7"#, r#""message":"decided""#, r#""call.id":"c-1""#] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn a_line_of_text_is_plain_where_nobody_watches() {
        let text = logged(LogFormat::Text, || {
            tracing::warn!(entry.no = 7, "decided");
            tracing::warn!(target: "lovebank::quiet", "below the filter");
        });
        assert!(text.contains("WARN") && text.contains("decided entry.no=7"), "{text}");
        assert!(!text.contains('\u{1b}') && text.lines().count() == 1, "{text}");
    }

    #[test]
    fn libraries_are_quiet_below_info_whatever_the_filter() {
        let text = logged_by("trace", LogFormat::Text, || {
            tracing::debug!(target: "h2", "authorization: Bearer");
            tracing::info!(target: "h2", "a library");
            tracing::trace!(target: "lovebank::writer", "our own");
        });
        assert!(!text.contains("Bearer"), "{text}");
        assert!(text.contains("a library") && text.contains("our own"), "{text}");
    }

    #[test]
    fn a_panic_is_logged_without_what_it_was_told() {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(log_panic));
        let name = "王小明".to_owned();
        let text = logged(LogFormat::Text, || {
            std::panic::catch_unwind(|| panic!("no volunteer {name}")).unwrap_err();
            std::panic::catch_unwind(|| panic!("a text of the code")).unwrap_err();
        });
        std::panic::set_hook(before);
        assert!(!text.contains("王小明"), "{text}");
        assert!(text.contains("a text of the code") && text.contains("telemetry.rs"), "{text}");
    }
}
