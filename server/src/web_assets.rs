//! The browser's pages and what they are made of: the files of `server/web`, inside the binary.
//!
//! A page is the `index.html` of its folder and has an address of its own, which is asked for anew
//! each time. Everything else lies at `/assets/<version>/<path>`, where the version is a hash of all
//! files: what such an address holds never changes, so it is kept for good, and modules import each
//! other by relative paths without a build step. In a page, a manifest and the service worker
//! `{assets}` stands for `/assets/<version>`; the worker is told in `{pages}` what each page stands on.

mod files;
mod references;

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use shared::problem_code::ProblemCode;

use crate::app::App;
use crate::negotiation::{holds_version, wanted_coding};
use crate::problem::Problem;
use files::{Asset, Assets};

/// What a page may load and ask: this server, and nothing that stands inside of the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src blob:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

/// For what may be kept only as long as the server says that it is the present version.
const ASK_AGAIN: &str = "no-cache";

/// For what never changes.
const KEEP: &str = "public, max-age=31536000, immutable";

/// The folder of the page at `/`; every other page lies at its folder's name.
const ROOT_PAGE: &str = "attendee";

/// `GET /`, `GET /sign-in` and so on: the page whose folder the address names.
pub async fn answer_page(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let folder = match request.path().trim_start_matches('/') {
        "" => ROOT_PAGE,
        folder => folder,
    };
    let assets = load(&app).await?;
    let page = assets.pages.get(folder).ok_or_else(no_such_file)?;
    Ok(answer(&request, page, ASK_AGAIN))
}

/// `GET /service-worker.js`: what keeps the pages on a device.
pub async fn answer_service_worker(request: HttpRequest, app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let assets = load(&app).await?;
    let worker = assets.worker.as_ref().ok_or_else(no_such_file)?;
    Ok(answer(&request, worker, ASK_AGAIN))
}

/// The address of a file.
#[derive(Deserialize)]
pub struct AssetPath {
    version: String,
    path: String,
}

/// `GET /assets/{version}/{path}`. Another version's address, which a page has that was loaded before
/// an update, is answered with the present bytes, not to be kept.
pub async fn answer_asset(
    request: HttpRequest,
    path: web::Path<AssetPath>,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let assets = load(&app).await?;
    let asset = assets.files.get(&path.path).ok_or_else(no_such_file)?;
    let cache = if path.version == assets.version { KEEP } else { ASK_AGAIN };
    Ok(answer(&request, asset, cache))
}

/// The files of the binary; where pages are worked on, those that lie in the folder at this moment.
async fn load(app: &App) -> Result<Arc<Assets>, Problem> {
    let Some(folder) = app.config.web_folder.0.clone() else { return Ok(Assets::of_binary()) };
    let read = web::block(move || Assets::of_folder(&folder)).await.map_err(Problem::unavailable)?;
    read.map_err(Problem::unavailable)
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
