//! Logs and metrics: every metric's name, and the functions that move them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::{HttpResponse, web};
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use shared::ids::EventId;
use tracing_subscriber::EnvFilter;

use crate::app::App;
use crate::config::LogFormat;
use crate::problem::Problem;

/// Requests, by route pattern, method and status: a histogram of seconds.
pub const REQUESTS: &str = "cumbre_http_request_seconds";
/// Requests refused for their rate.
pub const REQUESTS_LIMITED: &str = "cumbre_http_requests_limited_total";
/// Exchanges, by whether they brought mutations and whether there was news.
pub const EXCHANGES: &str = "cumbre_exchanges_total";
/// Commit groups: a histogram of seconds.
pub const COMMIT_GROUPS: &str = "cumbre_commit_group_seconds";
/// Commit groups that failed; their steps run again one by one.
pub const COMMIT_GROUPS_FAILED: &str = "cumbre_commit_groups_failed_total";
/// Mutations in a commit group: a histogram.
pub const COMMIT_GROUP_SIZES: &str = "cumbre_commit_group_mutations";
/// The number of a published event's last commit, by the event's id.
pub const HEADS: &str = "cumbre_event_head";
/// Live connections open now.
pub const LIVE_CONNECTIONS: &str = "cumbre_live_connections";
/// Scopes that a device found to differ from the server's digest.
pub const DIVERGENCES: &str = "cumbre_divergences_total";
/// Entries of scopes that were encoded; everybody who holds the scope shares one.
pub const ENTRIES_ENCODED: &str = "cumbre_entries_encoded_total";
/// Compressions of public answers; everybody who asks for the same shares one.
pub const COMPRESSIONS: &str = "cumbre_public_compressions_total";
/// Bytes that the feed holds in memory.
pub const FEED_BYTES: &str = "cumbre_feed_bytes";
/// Enrolled devices that exchanged with this node in the last five minutes.
pub const DESKS_CONNECTED: &str = "cumbre_desks_connected";
/// Scans that those devices said they have not handed in.
pub const SCANS_UNSENT: &str = "cumbre_desk_scans_unsent";
/// Mails of the outbox, by what became of an attempt: sent, postponed, failed or dropped.
pub const MAILS: &str = "cumbre_mails_total";
/// Mails that wait in the outbox.
pub const MAILS_WAITING: &str = "cumbre_mails_waiting";

/// Attempts to push, by provider and by what became of them: accepted, waiting, failed, expired or dropped.
pub const PUSHES: &str = "cumbre_pushes_total";

/// Every metric's name, for documents and tests.
pub const METRICS: &[&str] = &[
    REQUESTS,
    REQUESTS_LIMITED,
    EXCHANGES,
    COMMIT_GROUPS,
    COMMIT_GROUPS_FAILED,
    COMMIT_GROUP_SIZES,
    HEADS,
    LIVE_CONNECTIONS,
    DIVERGENCES,
    COMPRESSIONS,
    FEED_BYTES,
    ENTRIES_ENCODED,
    DESKS_CONNECTED,
    SCANS_UNSENT,
    MAILS,
    MAILS_WAITING,
    PUSHES,
];

const SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
const SIZES: &[f64] = &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0];

static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

/// Starts collecting metrics; a second call changes nothing. All servers of a process share them.
pub fn collect_metrics() {
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
            .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_mutations".to_owned()), SIZES))
            .unwrap_or_default()
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("another recorder of metrics is installed already");
        }
        name_at_zero();
        handle
    });
}

/// Shows what has not happened yet, so that an alarm on its first time has something to compare with.
fn name_at_zero() {
    for name in [REQUESTS_LIMITED, COMMIT_GROUPS_FAILED, DIVERGENCES, ENTRIES_ENCODED, COMPRESSIONS] {
        counter!(name).increment(0);
    }
    gauge!(LIVE_CONNECTIONS).increment(0.0);
}

/// Drops what histograms no longer need; called every few seconds.
pub fn run_upkeep() {
    if let Some(handle) = RECORDER.get() {
        handle.run_upkeep();
    }
}

/// The metrics in Prometheus' text form.
pub fn render_metrics(app: &App) -> String {
    let (mut bytes, mut heads) = (0, BTreeMap::new());
    for cell in app.events.list() {
        let memory = cell.read();
        bytes += memory.loaded_bytes();
        // Of a draft not even the id: the listener may be public.
        if memory.is_published() {
            heads.insert(cell.id, memory.head.seq);
        }
    }
    gauge!(FEED_BYTES).set(bytes as f64);
    let desks = app.desks.count(app.clock.now());
    gauge!(DESKS_CONNECTED).set(desks.connected as f64);
    gauge!(SCANS_UNSENT).set(desks.unsent_scans as f64);
    let mut text = RECORDER.get().map(PrometheusHandle::render).unwrap_or_default();
    text.push_str(&render_heads(&heads));
    text
}

/// Written here and not kept by the recorder, which forgets no label of what is no longer published.
fn render_heads(heads: &BTreeMap<EventId, u64>) -> String {
    let lines = heads.iter().map(|(event, seq)| format!("{HEADS}{{event=\"{event}\"}} {seq}\n"));
    std::iter::once(format!("# TYPE {HEADS} gauge\n")).chain(lines).collect()
}

/// `GET /metrics`, where the configuration leaves it on this listener.
pub async fn answer_metrics(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    if !app.config.metrics.0 || app.config.metrics_listen.is_some() {
        return crate::problem::not_found().await;
    }
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body(render_metrics(&app)))
}

/// Counts a request: its route pattern (never its path), method, status and seconds.
pub fn record_request(route: &'static str, method: &'static str, status: u16, seconds: f64) {
    histogram!(REQUESTS, "route" => route, "method" => method, "status" => status_label(status)).record(seconds);
}

/// The usual statuses without an allocation, since every request passes here.
fn status_label(status: u16) -> std::borrow::Cow<'static, str> {
    match status {
        200 => "200".into(),
        201 => "201".into(),
        304 => "304".into(),
        other => other.to_string().into(),
    }
}

/// Counts a request that was refused for its rate.
pub fn record_limited_request() {
    counter!(REQUESTS_LIMITED).increment(1);
}

/// Counts an exchange.
pub fn record_exchange(has_mutations: bool, has_news: bool) {
    let word = |answer: bool| if answer { "yes" } else { "no" };
    counter!(EXCHANGES, "mutations" => word(has_mutations), "news" => word(has_news)).increment(1);
}

/// Counts a commit group of `mutations` that took `seconds` until it was durable.
pub fn record_commit_group(mutations: usize, seconds: f64) {
    histogram!(COMMIT_GROUPS).record(seconds);
    histogram!(COMMIT_GROUP_SIZES).record(mutations as f64);
}

/// Counts a commit group that failed as a whole.
pub fn record_failed_commit_group() {
    counter!(COMMIT_GROUPS_FAILED).increment(1);
}

/// Counts an entry that was encoded.
pub fn record_encoded_entry() {
    counter!(ENTRIES_ENCODED).increment(1);
}

/// Counts scopes of which a device found another digest than the server's.
pub fn record_divergences(scopes: usize) {
    counter!(DIVERGENCES).increment(scopes as u64);
}

/// Counts what became of an attempt to send a mail.
pub fn record_mail(end: &'static str) {
    counter!(MAILS, "end" => end).increment(1);
}

/// Counts what became of an attempt to push.
pub fn record_push(provider: &'static str, end: &'static str) {
    counter!(PUSHES, "provider" => provider, "end" => end).increment(1);
}

/// Notes how many mails wait.
pub fn set_waiting_mails(count: u64) {
    gauge!(MAILS_WAITING).set(count as f64);
}

/// Counts a live stream that opened.
pub fn record_live_start() {
    gauge!(LIVE_CONNECTIONS).increment(1);
}

/// Counts a live stream that ended.
pub fn record_live_end() {
    gauge!(LIVE_CONNECTIONS).decrement(1);
}

/// Counts a compression of a public answer; everybody who asks for the same shares one.
pub fn record_compression() {
    counter!(COMPRESSIONS).increment(1);
}

/// Starts writing logs to standard error; a second call changes nothing.
pub fn start_logs(format: LogFormat, level: &str) {
    // What the framework cannot parse is the fault of who sent it, and no error of ours.
    let directives = format!("{level},actix_http=off");
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logs were started before");
    }
}

#[cfg(test)]
mod tests {
    use super::METRICS;

    #[test]
    fn every_metric_is_documented_for_operators() {
        let document = include_str!("../docs/operating.md");
        for metric in METRICS {
            assert!(document.contains(&format!("`{metric}`")), "{metric} is missing");
        }
    }
}
