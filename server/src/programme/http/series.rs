//! Series over all events.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::{Value, json};

use super::access::not_found;
use super::answers::answer_list;
use super::events::readers;
use super::items::{Item, list_items};
use super::paging::PageParameters;
use crate::app::App;
use crate::identity::{MaybeSignedIn, SignedIn};
use crate::problem::{Problem, Query};
use crate::sync::row::RowCollection;

/// One series with its editions over all events.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesAnswer {
    /// The same in every event.
    pub slug: String,
    /// Its fields, as the newest edition has them.
    #[serde(flatten)]
    pub fields: serde_json::Map<String, Value>,
    /// Its editions, the oldest first.
    pub editions: Vec<Value>,
}

/// `GET /v1/series`: every series that the reader may see.
pub async fn list_series(
    app: web::Data<App>,
    who: MaybeSignedIn,
    parameters: Query<PageParameters>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let page = parameters.read()?;
    let series = gather_series(&app, who.0).await?;
    Ok(answer_list(&request, who.0, &page.cut(series, |series| series.slug.clone())))
}

/// `GET /v1/series/{slug}`: one series with its editions.
pub async fn get_series(
    app: web::Data<App>,
    who: MaybeSignedIn,
    slug: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let series = gather_series(&app, who.0).await?;
    let found = series.into_iter().find(|series| series.slug == *slug).ok_or_else(not_found)?;
    Ok(answer_list(&request, who.0, &found))
}

async fn gather_series(app: &web::Data<App>, who: Option<SignedIn>) -> Result<Vec<SeriesAnswer>, Problem> {
    let mut gathered: Vec<SeriesAnswer> = Vec::new();
    let mut by_event = Vec::new();
    for reader in readers(app, who) {
        let Some(event) = list_items(&reader, RowCollection::Events).await?.pop() else { continue };
        let (series, parts) =
            (list_items(&reader, RowCollection::Series).await?, list_items(&reader, RowCollection::Parts).await?);
        by_event.push((event, series, parts));
    }
    by_event.sort_by_key(|(event, ..)| event.text("starts_on").map(str::to_owned));
    for (event, series, parts) in &by_event {
        for one in series {
            let Some(slug) = one.text("slug") else { continue };
            let editions = editions_of(one, event, parts);
            match gathered.iter_mut().find(|known| known.slug == slug) {
                Some(known) => {
                    known.fields.clone_from(&one.fields);
                    known.editions.extend(editions);
                }
                None => gathered.push(SeriesAnswer { slug: slug.to_owned(), fields: one.fields.clone(), editions }),
            }
        }
    }
    gathered.iter_mut().for_each(|series| drop(series.fields.shift_remove("slug")));
    Ok(gathered)
}

/// The event and those of its parts that are editions of a series.
fn editions_of(series: &Item, event: &Item, parts: &[Item]) -> Vec<Value> {
    let id = series.id.to_string();
    let is_edition = |item: &&Item| item.text("series") == Some(&id);
    let told = |item: &Item| {
        let kept = ["slug", "title", "ordinal", "starts_on", "ends_on", "state"];
        let fields = kept.iter().filter_map(|field| Some(((*field).to_owned(), item.fields.get(*field)?.clone())));
        let mut told: serde_json::Map<String, Value> = fields.collect();
        told.insert("id".to_owned(), item.id.to_string().into());
        Value::Object(told)
    };
    let whole = Some(event).filter(is_edition).map(|event| json!({ "event": told(event) }));
    let parts = parts.iter().filter(is_edition).map(|part| json!({ "event": told(event), "part": told(part) }));
    whole.into_iter().chain(parts).collect()
}
