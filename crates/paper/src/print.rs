//! Setting a template with facts, into a PDF or a picture.

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

type Errors = typst::ecow::EcoVec<typst::diag::SourceDiagnostic>;

fn failed(errors: &Errors) -> PaperError {
    PaperError::NotSet(errors.first().map(|it| it.message.to_string()).unwrap_or_default())
}

/// Sets a template with facts as JSON, and a picture of a code, into a PDF.
pub(crate) fn pdf(
    fonts: &Fonts,
    template: &str,
    paper: (&impl serde::Serialize, String),
) -> Result<Vec<u8>, PaperError> {
    let document = document(fonts, template, paper)?;
    // Without a time, the same facts are the same bytes.
    let options = PdfOptions {
        ident: Smart::Auto,
        timestamp: None,
        page_ranges: None,
        standards: PdfStandards::default(),
        tagged: true,
    };
    typst_pdf::pdf(&document, &options).map_err(|err| failed(&err))
}

/// Sets a template of one page with facts as JSON, into a picture that needs no font.
pub(crate) fn svg(
    fonts: &Fonts,
    template: &str,
    facts: &impl serde::Serialize,
) -> Result<String, PaperError> {
    let document = document(fonts, template, (facts, String::new()))?;
    let page = document.pages.first();
    page.map(typst_svg::svg).ok_or_else(|| PaperError::NotSet("it has no page".to_owned()))
}

fn document(
    fonts: &Fonts,
    template: &str,
    (facts, code): (&impl serde::Serialize, String),
) -> Result<PagedDocument, PaperError> {
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
    typst::compile(&desk).output.map_err(|err| failed(&err))
}
