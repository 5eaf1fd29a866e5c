//! The code that a phone reads.

use qrcode::{EcLevel, QrCode, render::svg};

use crate::PaperError;

/// The longest text of a code, in bytes: an address of a bank and the code.
const TEXT_MAX: usize = 400;

/// A picture of a text, as SVG.
pub(crate) fn picture(text: &str) -> Result<String, PaperError> {
    if TEXT_MAX < text.len() {
        let given = text.len();
        return Err(PaperError::TooMany {
            what: "bytes of the code's text",
            given,
            most: TEXT_MAX,
        });
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|err| PaperError::NotSet(err.to_string()))?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build())
}
