//! Setting a template with facts, into a PDF.

use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Smart},
    layout::PagedDocument,
    syntax::{FileId, Source, VirtualPath},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, PdfStandards};

use crate::{Fonts, PaperError};

/// What a template sees: itself, the facts, a picture of the code; no file of the machine, no
/// clock.
struct Desk<'a> {
    fonts: &'a Fonts,
    library: LazyHash<Library>,
    source: Source,
    files: [(FileId, Bytes); 2],
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() {
            return Ok(self.source.clone());
        }
        Err(FileError::NotFound(id.vpath().as_rootless_path().to_owned()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|it| it.0 == id).map(|it| it.1.clone());
        found.ok_or_else(|| FileError::NotFound(id.vpath().as_rootless_path().to_owned()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _: Option<i64>) -> Option<Datetime> {
        None
    }
}

/// Sets a template with facts as JSON, and a picture of a code.
pub(crate) fn pdf(
    fonts: &Fonts,
    template: &str,
    (facts, code): (&impl serde::Serialize, String),
) -> Result<Vec<u8>, PaperError> {
    let facts = serde_json::to_vec(facts).map_err(|err| PaperError::NotSet(err.to_string()))?;
    let file = |name: &str| FileId::new(None, VirtualPath::new(name));
    let desk = Desk {
        fonts,
        library: LazyHash::new(Library::default()),
        source: Source::new(file("paper.typ"), template.to_owned()),
        files: [
            (file("facts.json"), Bytes::new(facts)),
            (file("code.svg"), Bytes::from_string(code)),
        ],
    };
    let failed = |errors: typst::ecow::EcoVec<typst::diag::SourceDiagnostic>| {
        PaperError::NotSet(errors.first().map(|it| it.message.to_string()).unwrap_or_default())
    };
    let document: PagedDocument = typst::compile(&desk).output.map_err(failed)?;
    // Without a time, the same facts are the same bytes.
    let options = PdfOptions {
        ident: Smart::Auto,
        timestamp: None,
        page_ranges: None,
        standards: PdfStandards::default(),
        tagged: true,
    };
    typst_pdf::pdf(&document, &options).map_err(failed)
}
