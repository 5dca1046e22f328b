//! The files of `server/web`: from the binary, or from a folder where pages are worked on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::SystemTime;

use bytes::Bytes;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::references::list_kept;
use crate::content_coding::{Coding, Effort};

/// Every file of `server/web`: its path there, and its bytes.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// The deepest folder below `server/web` that is looked into.
const DEPTH: usize = 8;

static BINARY: LazyLock<Arc<Assets>> = LazyLock::new(|| {
    let files = EMBEDDED.iter().map(|(path, bytes)| ((*path).to_owned(), Bytes::from_static(bytes)));
    Arc::new(Assets::new(files.collect(), true))
});

/// What was read of a folder last: a page asks for dozens of files, which have not changed meanwhile.
static FOLDER: Mutex<Option<(Stamps, Arc<Assets>)>> = Mutex::new(None);

/// The files of a folder by their path in it: where they lie, when they were changed last, and their length.
type Stamps = BTreeMap<String, (PathBuf, SystemTime, u64)>;

/// A file ready to be sent.
pub(super) struct Asset {
    pub media_type: &'static str,
    pub tag: String,
    pub plain: Bytes,
    is_compressed: bool,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// Everything that is sent.
pub(super) struct Assets {
    /// Names all files together.
    pub version: String,
    /// The pages by their folder.
    pub pages: BTreeMap<String, Asset>,
    /// By path below `server/web`.
    pub files: BTreeMap<String, Asset>,
    /// What keeps the pages on a device.
    pub worker: Option<Asset>,
}

impl Asset {
    pub fn new(media_type: &'static str, plain: Bytes, is_compressed: bool) -> Self {
        let tag = format!("W/\"{}\"", hex_start(&Sha256::digest(&plain)));
        Self { media_type, tag, plain, is_compressed, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// The bytes in a coding, which are made when somebody first wants them; where they would not be
    /// fewer, the plain ones.
    pub fn body(&self, wanted: Coding) -> (Coding, Bytes) {
        let kept = match wanted {
            Coding::Gzip if self.is_compressed => &self.gzip,
            Coding::Brotli if self.is_compressed => &self.brotli,
            _ => return (Coding::Identity, self.plain.clone()),
        };
        let body = kept.get_or_init(|| wanted.compress(&self.plain, Effort::Best));
        if body.len() < self.plain.len() { (wanted, body.clone()) } else { (Coding::Identity, self.plain.clone()) }
    }
}

impl Assets {
    /// Those of the binary.
    pub fn of_binary() -> Arc<Self> {
        BINARY.clone()
    }

    /// Those that lie in a folder now. They are not compressed, since few are sent twice.
    pub fn of_folder(folder: &Path) -> std::io::Result<Arc<Self>> {
        let mut stamps = Stamps::new();
        list_folder(folder, "", DEPTH, &mut stamps)?;
        let mut last = FOLDER.lock();
        if let Some((known, assets)) = last.as_ref()
            && *known == stamps
        {
            return Ok(assets.clone());
        }
        let read = |(name, (path, ..)): (&String, &(PathBuf, SystemTime, u64))| {
            Ok((name.clone(), std::fs::read(path)?.into()))
        };
        let files = stamps.iter().map(read).collect::<std::io::Result<_>>()?;
        let assets = Arc::new(Self::new(files, false));
        *last = Some((stamps, assets.clone()));
        Ok(assets)
    }

    fn new(texts: BTreeMap<String, Bytes>, is_compressed: bool) -> Self {
        let mut hash = Sha256::new();
        for (path, bytes) in &texts {
            hash.update(Sha256::digest(path));
            hash.update(Sha256::digest(bytes));
        }
        let version = hex_start(&hash.finalize());
        let mut assets = Self { version, pages: BTreeMap::new(), files: BTreeMap::new(), worker: None };
        for (path, bytes) in &texts {
            if path == WORKER {
                let script = assets.complete(bytes).replace("{pages}", &list_kept(&texts));
                assets.worker = Some(Asset::new("text/javascript; charset=utf-8", script.into(), is_compressed));
            } else if let Some(page) = path.strip_suffix("/index.html") {
                let asset = Asset::new("text/html; charset=utf-8", assets.complete(bytes).into(), is_compressed);
                assets.pages.insert(page.to_owned(), asset);
            } else if let Some(media_type) = media_type(path) {
                let is_manifest = path.ends_with(".webmanifest");
                let bytes = if is_manifest { assets.complete(bytes).into() } else { bytes.clone() };
                let is_compressed = is_compressed && !is_packed(path);
                assets.files.insert(path.clone(), Asset::new(media_type, bytes, is_compressed));
            }
        }
        assets
    }

    /// The text with the place of this version's files.
    fn complete(&self, bytes: &Bytes) -> String {
        String::from_utf8_lossy(bytes).replace("{assets}", &format!("/assets/{}", self.version))
    }
}

/// The script that keeps pages on a device; at the root, since it may keep what lies below itself.
const WORKER: &str = "service-worker.js";

/// The type of a file by its ending; none for what is not sent.
fn media_type(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" | "mjs" => Some("text/javascript; charset=utf-8"),
        "json" => Some("application/json"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        "wasm" => Some("application/wasm"),
        "webmanifest" => Some("application/manifest+json"),
        "woff2" => Some("font/woff2"),
        _ => None,
    }
}

/// Whether a file is compressed as it is.
fn is_packed(path: &str) -> bool {
    path.ends_with(".png") || path.ends_with(".woff2")
}

/// The first 96 bits, which are enough to tell versions apart.
fn hex_start(digest: &[u8]) -> String {
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn list_folder(folder: &Path, prefix: &str, depth: usize, stamps: &mut Stamps) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata()?;
        if !metadata.is_dir() {
            stamps.insert(name, (entry.path(), metadata.modified()?, metadata.len()));
        } else if depth > 0 {
            list_folder(&entry.path(), &format!("{name}/"), depth - 1, stamps)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies beside the files for those who work on them.
    fn is_for_developers(path: &str) -> bool {
        path.ends_with("/LICENSE") || path.ends_with(".md")
    }

    #[test]
    fn every_file_is_a_page_or_has_a_type() {
        let assets = Assets::of_binary();
        let is_sent = |path: &str| path == WORKER || path.ends_with("/index.html") || assets.files.contains_key(path);
        let unsent: Vec<_> =
            EMBEDDED.iter().map(|(path, _)| path).filter(|path| !is_sent(path) && !is_for_developers(path)).collect();
        assert!(unsent.is_empty(), "media_type does not know {unsent:?}");
    }

    #[test]
    fn what_a_page_names_is_there_and_nothing_stands_inside_of_it() {
        let assets = Assets::of_binary();
        let prefix = format!("/assets/{}/", assets.version);
        for (name, page) in &assets.pages {
            let text = String::from_utf8_lossy(&page.plain);
            assert!(!text.contains("{assets}") && !text.contains(" style=") && !text.contains("<style"), "{name}");
            let named: Vec<&str> =
                text.split(['"', '\'']).filter_map(|part| part.strip_prefix(prefix.as_str())).collect();
            assert!(named.iter().any(|file| file.ends_with(".js")), "{name} has no module");
            for file in named {
                assert!(assets.files.contains_key(file), "{name} names {file}");
            }
            for script in text.split("<script").skip(1) {
                assert!(script.starts_with(" type=\"module\" src="), "{name} has a script inside");
            }
        }
    }

    #[test]
    fn modules_import_what_is_there() {
        let assets = Assets::of_binary();
        let base = reqwest::Url::parse("http://page/").unwrap();
        for (path, asset) in assets.files.iter().filter(|(path, _)| path.ends_with(".js")) {
            let text = String::from_utf8_lossy(&asset.plain);
            for line in text.lines().filter(|line| line.starts_with("import ") || line.starts_with("} from ")) {
                let Some(named) = line.split('\'').nth(1) else { continue };
                assert!(named.starts_with('.'), "{path} imports {named}, which is no relative path");
                let target = base.join(path).unwrap().join(named).unwrap();
                assert!(assets.files.contains_key(target.path().trim_start_matches('/')), "{path} imports {named}");
            }
        }
    }

    #[test]
    fn a_compressed_copy_is_sent_only_where_it_is_smaller() {
        let tiny = Asset::new("text/css", Bytes::from_static(b"a{}"), true);
        assert_eq!(tiny.body(Coding::Gzip), (Coding::Identity, tiny.plain.clone()));
        let long = Asset::new("text/css", Bytes::from("a { color: red }\n".repeat(100)), true);
        let (coding, body) = long.body(Coding::Brotli);
        assert!(coding == Coding::Brotli && body.len() < 100, "{} bytes", body.len());
    }

    #[test]
    fn a_folder_is_read_as_it_is_now() {
        let folder = std::env::temp_dir().join(format!("cumbre-web-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(folder.join("page/inner")).unwrap();
        std::fs::write(folder.join("page/index.html"), "<link href=\"{assets}/page/inner/a.js\">").unwrap();
        std::fs::write(folder.join("page/inner/a.js"), "one").unwrap();
        let first = Assets::of_folder(&folder).unwrap();
        assert!(Arc::ptr_eq(&first, &Assets::of_folder(&folder).unwrap()), "nothing has changed");
        std::fs::write(folder.join("page/inner/a.js"), "three").unwrap();
        let second = Assets::of_folder(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_ne!(first.version, second.version);
        assert_eq!(second.files["page/inner/a.js"].plain, "three");
        let page = String::from_utf8_lossy(&second.pages["page"].plain).into_owned();
        assert_eq!(page, format!("<link href=\"/assets/{}/page/inner/a.js\">", second.version));
        assert!(Assets::of_folder(&folder).is_err());
    }
}
