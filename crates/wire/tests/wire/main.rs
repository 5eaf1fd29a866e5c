//! What callers send and see: requests understood or not, messages, and the page that says so.

mod api_page;
mod malformed;
mod messages;
mod say;
mod statuses;
mod understood;
