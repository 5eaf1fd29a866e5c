//! What people hold in their hands, or hang on the wall: certificates, notices and charts, as PDF,
//! HTML and SVG.
//!
//! Facts in, bytes out: the same facts and fonts give the same bytes. The only thing asked of the
//! machine is a font for Chinese.

mod certificate;
mod chart;
mod error;
mod fonts;
mod notice;
mod page;
mod print;
mod qr;

pub use certificate::{
    HonourCertificate, LINES_MAX, ServedLine, ServiceCertificate, honour_pdf, service_pdf,
};
pub use chart::{BARS_MAX, Bar, Chart, chart_pdf, chart_svg};
pub use error::PaperError;
pub use fonts::Fonts;
pub use notice::{Notice, NoticeRow, ROWS_MAX, notice_html, notice_pdf};

/// The language of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, with English below the titles.
    Zh,
    /// English.
    En,
}
