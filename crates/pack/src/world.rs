//! All that Typst gets to see: the template, the words of one pack as data, its drawings, and two fonts.

use std::collections::HashMap;
use std::sync::LazyLock;

use throughline_app::pack::Pack;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::PackError;
use crate::drawing::alone;

const TEMPLATE: &str = include_str!("pack.typ");

/// Inter in the two weights of the template; `fonts/README.md` says which letters it has.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
];

/// What no pack changes.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts = FONTS.iter();
    let fonts: Vec<Font> = fonts
        .flat_map(|bytes| Font::iter(Bytes::new(*bytes)))
        .collect();
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
    }
});

/// One pack, as Typst sees it.
pub(crate) struct PackWorld {
    main: Source,
    files: HashMap<FileId, Bytes>,
}

impl PackWorld {
    pub(crate) fn of(pack: &Pack, styles: &str) -> Result<PackWorld, PackError> {
        let main = Source::new(file("pack.typ")?, TEMPLATE.to_owned());
        let mut files = HashMap::new();
        files.insert(file("pack.json")?, Bytes::new(serde_json::to_vec(pack)?));
        for (number, item) in pack.items.iter().enumerate() {
            for (place, chart) in item.charts.iter().enumerate() {
                let drawing = Bytes::from_string(alone(&chart.drawing, styles));
                files.insert(file(&format!("chart-{number}-{place}.svg"))?, drawing);
            }
        }
        Ok(PackWorld { main, files })
    }
}

fn file(name: &str) -> Result<FileId, PackError> {
    let path = VirtualPath::new(name).map_err(|error| PackError::Set(format!("{error:?}")))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for PackWorld {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        match id == self.main.id() {
            true => Ok(self.main.clone()),
            false => Err(FileError::NotSource),
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    /// There is no today: a pack that is made again is the same.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
