//! Bringing in a workbook: the form with the file, and the file itself, read part by part within its limits.

use askama::Template;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::response::{IntoResponse, Redirect};
use throughline_app::{
    AppError, KeptMapping, OutsideFile, WORKBOOKS_MAX, kept_mappings, open_workbook, words,
};
use throughline_workbook::Mapping;
use throughline_workbook::limits::FILE_BYTES_MAX;

use crate::error::{PageResult, form_page};
use crate::frame::{Frame, Section};
use crate::imports::Import;
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// The most bytes of a request with files: one of the largest, or several smaller ones.
const REQUEST_BYTES_MAX: usize = 2 * FILE_BYTES_MAX;

/// How many bytes past the limit are read and thrown away, so that a browser that is still sending gets its answer.
const THROWN_AWAY_MAX: usize = 200 * 1024 * 1024;

/// The longest text of a field that is no file.
const TEXT_BYTES_MAX: usize = 1000;

/// What the form says where nothing that was kept is to be taken.
const ANEW: &str = "/anew";

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import.html")]
pub struct ImportPage {
    /// What is around it.
    pub frame: Frame,
    /// Files whose mapping was kept: name and words.
    pub kept: Vec<(String, String)>,
    /// Which of them is chosen.
    pub like: String,
    /// What is wrong with what was sent.
    pub problems: Problems,
}

/// Shows the form.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer) -> PageResult {
    let kept = kept_mappings(&viewer.ctx).await?;
    shown(&viewer, &kept, String::new(), Problems::default())
}

/// Reads a workbook, and goes to what was understood of it.
///
/// # Errors
/// As of the use case, where it is not about the file.
pub async fn post(viewer: Viewer, request: Request) -> PageResult {
    let kept = kept_mappings(&viewer.ctx).await?;
    let mut sent = Sent::default();
    let opened = match sent.read(request).await {
        Ok(()) => open_workbook(&viewer.ctx, std::mem::take(&mut sent.files)).await,
        Err(error) => Err(error),
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return refused(&viewer, &kept, sent.like, error),
    };
    let mapping = chosen(&kept, &sent.like, &opened.book().name);
    let name = viewer.server.new_secret();
    let person = viewer.ctx.actor().person;
    let import = Import::new(person, opened, mapping);
    viewer
        .server
        .imports()
        .put(&name, import, viewer.server.now());
    let href = viewer.place.href(&format!("/import/{name}"));
    Ok(Redirect::to(&href).into_response())
}

/// The mapping that is to be taken: the one that was chosen, or by itself that of the file before.
fn chosen(kept: &[KeptMapping], like: &str, name: &str) -> Option<Mapping> {
    let found = match like {
        ANEW => None,
        "" => kept.iter().find(|kept| kept.is_of(name)),
        like => kept.iter().find(|kept| kept.name == like),
    };
    found.map(|kept| kept.mapping.clone())
}

fn refused(viewer: &Viewer, kept: &[KeptMapping], like: String, error: AppError) -> PageResult {
    match error {
        AppError::BadRequest { .. } | AppError::BadInput { .. } => {
            let mut problems = Problems::default();
            problems.add("file", &error);
            shown(viewer, kept, like, problems)
        }
        error => Err(error.into()),
    }
}

fn shown(viewer: &Viewer, kept: &[KeptMapping], like: String, problems: Problems) -> PageResult {
    let kept = kept.iter().map(|kept| {
        let words = format!("As {}, imported on {}", kept.name, words::date(kept.on));
        (kept.name.clone(), words)
    });
    let page = ImportPage {
        frame: Frame::new(viewer, Section::Import, problems.title("Import a workbook")),
        kept: kept.collect(),
        like,
        problems,
    };
    form_page(&page, &page.problems)
}

/// What was sent with the form.
#[derive(Default)]
struct Sent {
    files: Vec<OutsideFile>,
    like: String,
}

impl Sent {
    /// Reads the parts of a request one after the other.
    async fn read(&mut self, mut request: Request) -> Result<(), AppError> {
        DefaultBodyLimit::max(THROWN_AWAY_MAX).apply(&mut request);
        let incomplete = || {
            AppError::bad_request("the file did not arrive whole").with_help("send it once more")
        };
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|_| incomplete())?;
        let mut total = 0;
        let mut refused = None;
        while let Some(part) = parts.next_field().await.map_err(|_| incomplete())? {
            let of = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().unwrap_or_default().to_owned();
            let most = if of == "file" {
                FILE_BYTES_MAX
            } else {
                TEXT_BYTES_MAX
            };
            let (bytes, length) = whole(part, most).await.map_err(|()| incomplete())?;
            total += length;
            if refused.is_none() {
                refused = self.take(of, name, bytes, length, total).err();
            }
        }
        refused.map_or(Ok(()), Err)
    }

    fn take(
        &mut self,
        of: String,
        name: String,
        bytes: Vec<u8>,
        length: usize,
        total: usize,
    ) -> Result<(), AppError> {
        let mebibytes = |bytes: usize| bytes / 1024 / 1024;
        let smaller = "take pictures and sheets without numbers out of it, or save the sheets that matter as .csv";
        if of == "like" && length <= TEXT_BYTES_MAX {
            self.like = String::from_utf8_lossy(&bytes).into_owned();
        }
        // A browser sends a field without a file as one without a name.
        if of != "file" || (name.is_empty() && length == 0) {
            return Ok(());
        }
        if length > FILE_BYTES_MAX {
            let message = format!("{name} has more than {} MiB", mebibytes(FILE_BYTES_MAX));
            return Err(AppError::bad_request(message).with_help(smaller));
        }
        if total > REQUEST_BYTES_MAX {
            let most = mebibytes(REQUEST_BYTES_MAX);
            let message = format!("the files have more than {most} MiB together");
            return Err(AppError::bad_request(message).with_help("import one after the other"));
        }
        if self.files.len() >= WORKBOOKS_MAX {
            let message = format!("at most {WORKBOOKS_MAX} files are brought in together");
            return Err(AppError::bad_request(message));
        }
        self.files.push(OutsideFile { name, bytes });
        Ok(())
    }
}

/// The bytes of a part, none of one that is longer than it may be, and how long it is.
async fn whole(
    mut part: axum::extract::multipart::Field<'_>,
    most: usize,
) -> Result<(Vec<u8>, usize), ()> {
    let (mut bytes, mut length) = (Vec::new(), 0);
    while let Some(chunk) = part.chunk().await.map_err(|_| ())? {
        length += chunk.len();
        if length > most {
            bytes = Vec::new();
        } else {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok((bytes, length))
}
