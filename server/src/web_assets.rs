//! The browser's pages and what they are made of: the files of `server/web`, inside the binary.
//!
//! A page is the `index.html` of its folder and has an address of its own, which is asked for anew
//! each time. Everything else lies at `/assets/<version>/<folder>/<file>`, where the version is a
//! hash of all files: what such an address holds never changes, so it is kept for good, and modules
//! import each other by relative paths without a build step. In a page `{assets}` stands for
//! `/assets/<version>`.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use shared::problem_code::ProblemCode;

use crate::content_coding::{Coding, Effort};
use crate::negotiation::{holds_version, wanted_coding};
use crate::problem::Problem;

/// What a page may load and ask: this server, and nothing that stands inside of the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// For what may be kept only as long as the server says that it is the present version.
const ASK_AGAIN: &str = "no-cache";

/// For what never changes.
const KEEP: &str = "public, max-age=31536000, immutable";

/// Every file of `server/web`: its path there, and its bytes.
const FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// A file ready to be sent.
struct Asset {
    media_type: &'static str,
    tag: String,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// Everything that is sent.
struct Assets {
    version: String,
    /// By folder.
    pages: BTreeMap<&'static str, Asset>,
    /// By path below `server/web`.
    files: BTreeMap<&'static str, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);

impl Asset {
    fn new(media_type: &'static str, plain: Bytes) -> Self {
        let tag = format!("W/\"{}\"", hex_start(&Sha256::digest(&plain)));
        Self { media_type, tag, plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// The bytes in a coding, which are made when somebody first wants them; where they would not be
    /// fewer, the plain ones.
    fn body(&self, wanted: Coding) -> (Coding, Bytes) {
        let kept = match wanted {
            Coding::Identity => return (wanted, self.plain.clone()),
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
        };
        let body = kept.get_or_init(|| wanted.compress(&self.plain, Effort::Best));
        if body.len() < self.plain.len() { (wanted, body.clone()) } else { (Coding::Identity, self.plain.clone()) }
    }
}

impl Assets {
    fn load() -> Self {
        let mut hash = Sha256::new();
        for (path, bytes) in FILES {
            hash.update(Sha256::digest(path));
            hash.update(Sha256::digest(bytes));
        }
        let version = hex_start(&hash.finalize());
        let mut assets = Self { version, pages: BTreeMap::new(), files: BTreeMap::new() };
        for (path, bytes) in FILES {
            if let Some(page) = path.strip_suffix("/index.html") {
                let text = String::from_utf8_lossy(bytes);
                let text = text.replace("{assets}", &format!("/assets/{}", assets.version));
                assets.pages.insert(page, Asset::new("text/html; charset=utf-8", text.into()));
            } else if let Some(media_type) = media_type(path) {
                assets.files.insert(path, Asset::new(media_type, Bytes::from_static(bytes)));
            }
        }
        assets
    }
}

/// The type of a file by its ending; none for what is not sent.
fn media_type(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

/// The first 96 bits, which are enough to tell versions apart.
fn hex_start(digest: &[u8]) -> String {
    digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// `GET /sign-in`: the page that a mailed link opens.
pub async fn answer_sign_in_page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer_page(&request, "sign-in")
}

/// `GET /invitation`: the page that the link of a mailed invitation opens.
pub async fn answer_invitation_page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer_page(&request, "invitation")
}

fn answer_page(request: &HttpRequest, folder: &str) -> Result<HttpResponse, Problem> {
    let page = ASSETS.pages.get(folder).ok_or_else(no_such_file)?;
    Ok(answer(request, page, ASK_AGAIN))
}

/// The address of a file.
#[derive(Deserialize)]
pub struct AssetPath {
    version: String,
    folder: String,
    file: String,
}

/// `GET /assets/{version}/{folder}/{file}`. Another version's address, which a page has that was
/// loaded before an update, is answered with the present bytes, not to be kept.
pub async fn answer_asset(request: HttpRequest, path: web::Path<AssetPath>) -> Result<HttpResponse, Problem> {
    let asset = ASSETS.files.get(format!("{}/{}", path.folder, path.file).as_str()).ok_or_else(no_such_file)?;
    let cache = if path.version == ASSETS.version { KEEP } else { ASK_AGAIN };
    Ok(answer(&request, asset, cache))
}

fn no_such_file() -> Problem {
    Problem::new(ProblemCode::NotFound, "There is no such file.")
}

fn answer(request: &HttpRequest, asset: &Asset, cache: &'static str) -> HttpResponse {
    let has_it = holds_version(request.headers(), &asset.tag);
    let mut answer = if has_it { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((header::ETAG, asset.tag.as_str()))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"))
        .insert_header((header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"));
    if has_it {
        return answer.finish();
    }
    let (coding, body) = asset.body(wanted_coding(request.headers()));
    if let Some(word) = coding.word() {
        answer.insert_header((header::CONTENT_ENCODING, word));
    }
    answer.content_type(asset.media_type).body(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_page_or_has_a_type() {
        let is_sent = |path: &str| path.ends_with("/index.html") || ASSETS.files.contains_key(path);
        let unsent: Vec<_> = FILES.iter().map(|(path, _)| path).filter(|path| !is_sent(path)).collect();
        assert!(unsent.is_empty(), "media_type does not know {unsent:?}");
    }

    #[test]
    fn what_a_page_names_is_there_and_nothing_stands_inside_of_it() {
        let prefix = format!("/assets/{}/", ASSETS.version);
        for (name, page) in &ASSETS.pages {
            let text = String::from_utf8_lossy(&page.plain);
            assert!(!text.contains("{assets}") && !text.contains(" style=") && !text.contains("<style"), "{name}");
            let named: Vec<&str> =
                text.split(['"', '\'']).filter_map(|part| part.strip_prefix(prefix.as_str())).collect();
            assert!(named.iter().any(|file| file.ends_with(".js")), "{name} has no module");
            for file in named {
                assert!(ASSETS.files.contains_key(file), "{name} names {file}");
            }
            for script in text.split("<script").skip(1) {
                assert!(script.starts_with(" type=\"module\" src="), "{name} has a script inside");
            }
        }
    }

    #[test]
    fn modules_import_what_is_there() {
        for (path, asset) in ASSETS.files.iter().filter(|(path, _)| path.ends_with(".js")) {
            let text = String::from_utf8_lossy(&asset.plain);
            for line in text.lines().filter(|line| line.starts_with("import ") || line.starts_with("} from ")) {
                let Some(named) = line.split('\'').nth(1) else { continue };
                let folder = path.split('/').next().unwrap_or_default();
                let target = match (named.strip_prefix("./"), named.strip_prefix("../")) {
                    (Some(file), _) => format!("{folder}/{file}"),
                    (None, Some(file)) => file.to_owned(),
                    (None, None) => panic!("{path} imports {named}, which is no relative path"),
                };
                assert!(ASSETS.files.contains_key(target.as_str()), "{path} imports {named}");
            }
        }
    }

    #[test]
    fn a_compressed_copy_is_sent_only_where_it_is_smaller() {
        let tiny = Asset::new("text/css", Bytes::from_static(b"a{}"));
        assert_eq!(tiny.body(Coding::Gzip), (Coding::Identity, tiny.plain.clone()));
        let long = Asset::new("text/css", Bytes::from("a { color: red }\n".repeat(100)));
        let (coding, body) = long.body(Coding::Brotli);
        assert!(coding == Coding::Brotli && body.len() < 100, "{} bytes", body.len());
    }
}
