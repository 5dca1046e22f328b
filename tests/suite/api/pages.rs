//! The pages and `/assets`: what a browser opens, and what it may keep.

use std::io::Read as _;

use crate::harness::{Answer, Site};

/// Every page.
const PAGES: [&str; 6] = ["/", "/board", "/desk", "/organiser", "/sign-in", "/invitation"];

const KEPT_FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// The addresses that a page names.
fn list_named(page: &str) -> Vec<String> {
    let named: Vec<String> = page.split('"').filter(|part| part.starts_with("/assets/")).map(str::to_owned).collect();
    assert!(named.len() >= 3, "{page}");
    named
}

/// Every file that the pages stand on, by the addresses that they and their modules name.
async fn load_all(site: &Site) -> Vec<(String, Answer)> {
    let anonymous = site.anonymous();
    let mut waiting = Vec::new();
    for page in PAGES {
        waiting.extend(list_named(&anonymous.get(page).await.expect(200).text()));
    }
    let mut loaded: Vec<(String, Answer)> = Vec::new();
    while let Some(address) = waiting.pop() {
        if loaded.iter().any(|(known, _)| *known == address) {
            continue;
        }
        let answer = anonymous.get(&address).await.expect(200);
        let base = reqwest::Url::parse("http://page").unwrap().join(&address).unwrap();
        let imports = answer.text();
        let imported = imports.lines().filter_map(|line| line.split_once(" from '")?.1.strip_suffix("';"));
        waiting.extend(imported.map(|path| base.join(path).unwrap().path().to_owned()));
        loaded.push((address, answer));
    }
    loaded
}

on_both! {
    async fn pages_load_only_from_this_server_and_are_asked_for_each_time(site) {
        for path in PAGES {
            let page = site.anonymous().get(path).await.expect(200);
            assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
            assert_eq!(page.header("cache-control"), "no-cache");
            assert_eq!(page.header("vary"), "Accept-Encoding");
            assert_eq!(page.header("x-content-type-options"), "nosniff");
            assert_eq!(page.header("x-frame-options"), "DENY");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
            let policy = page.header("content-security-policy");
            for rule in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'none'", "frame-ancestors 'none'"] {
                assert!(policy.split("; ").any(|given| given == rule), "{rule} is not in {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{policy}");
        }
    }

    async fn everything_that_the_pages_stand_on_is_there_and_is_kept_for_good(site) {
        let loaded = load_all(site).await;
        for (ending, media_type) in [(".js", "text/javascript; charset=utf-8"), (".css", "text/css; charset=utf-8"), (".svg", "image/svg+xml")] {
            let of_type: Vec<_> = loaded.iter().filter(|(address, _)| address.ends_with(ending)).collect();
            assert!(!of_type.is_empty(), "no {ending}");
            for (address, answer) in of_type {
                assert_eq!(answer.header("content-type"), media_type, "{address}");
                assert_eq!(answer.header("cache-control"), KEPT_FOR_GOOD, "{address}");
            }
        }
        for imported in ["/common/session.js", "/invitation/words.js"] {
            assert!(loaded.iter().any(|(address, _)| address.ends_with(imported)), "imports were not followed");
        }
    }

    async fn who_has_the_present_copy_is_told_so(site) {
        let anonymous = site.anonymous();
        let mut addresses: Vec<String> = load_all(site).await.into_iter().map(|(address, _)| address).collect();
        addresses.extend(PAGES.map(str::to_owned));
        for address in addresses {
            let tag = anonymous.get(&address).await.expect(200).header("etag").to_owned();
            let again = anonymous.get_with(&address, &[("if-none-match", &tag)]).await.expect(304);
            assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0), "{address}");
            anonymous.get_with(&address, &[("if-none-match", "W/\"another\"")]).await.expect(200);
        }
    }

    async fn another_versions_address_gives_the_present_file_not_to_be_kept(site) {
        let anonymous = site.anonymous();
        let (address, present) = load_all(site).await.swap_remove(0);
        let version = address.split('/').nth(2).unwrap();
        let old = anonymous.get(&address.replace(version, "0000")).await.expect(200);
        assert_eq!((&old.body, old.header("cache-control")), (&present.body, "no-cache"));
    }

    async fn a_compressed_answer_unpacks_to_the_plain_one(site) {
        let anonymous = site.anonymous();
        let plain = anonymous.get("/sign-in").await.expect(200);
        let packed = |coding: &'static str| {
            let anonymous = anonymous.clone();
            async move { anonymous.get_with("/sign-in", &[("accept-encoding", coding)]).await.expect(200) }
        };
        let gzip = packed("gzip").await;
        assert_eq!(gzip.header("content-encoding"), "gzip");
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(gzip.body.as_ref()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body);
        let brotli = packed("br, gzip").await;
        assert_eq!(brotli.header("content-encoding"), "br");
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut brotli.body.as_ref(), &mut unpacked).unwrap();
        assert_eq!(unpacked, plain.body);
        assert!(brotli.body.len() < gzip.body.len() && gzip.body.len() < plain.body.len() / 2);
        assert_eq!(packed("br;q=0").await.body, plain.body);
    }

    async fn what_is_no_file_of_the_pages_is_not_found(site) {
        let anonymous = site.anonymous();
        for path in [
            "/assets/0/sign-in/nothing.js",
            "/assets/0/sign-in/index.html",
            "/assets/0/..%2Fsrc/main.rs",
            "/assets/0/sign-in/..%2F..%2FCargo.toml",
            "/assets/0/sign-in/page.js/",
            "/assets/0/sign-in",
            "/sign-in/",
            "/invitation/",
        ] {
            anonymous.get(path).await.expect_problem(404, "not_found");
        }
        for page in PAGES {
            anonymous.post(page, &serde_json::json!({})).await.expect_problem(405, "method_not_allowed");
        }
    }
}
