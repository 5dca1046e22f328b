//! What each page stands on: the files that it names, those that they name, and so on.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde_json::json;

/// What a device keeps of each page, as JSON: the files by the page's folder.
pub(super) fn list_kept(files: &BTreeMap<String, Bytes>) -> String {
    let pages = files.keys().filter_map(|path| path.strip_suffix("/index.html"));
    let kept: BTreeMap<&str, BTreeSet<String>> = pages.map(|page| (page, follow(files, page))).collect();
    json!(kept).to_string()
}

fn follow(files: &BTreeMap<String, Bytes>, page: &str) -> BTreeSet<String> {
    let mut waiting = vec![format!("{page}/index.html")];
    let mut kept = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        let Some(bytes) = files.get(&path) else { continue };
        let text = String::from_utf8_lossy(bytes);
        let named = text.split(['"', '\'', '`', '(', ')']).filter_map(|word| resolve(&path, word));
        for file in named.filter(|file| files.contains_key(file)).collect::<Vec<_>>() {
            if kept.insert(file.clone()) {
                waiting.push(file);
            }
        }
    }
    kept
}

/// The file that a word of another names, if it is of the form: `./` and `../` start from the other's
/// folder, `{assets}/` from the top.
fn resolve(path: &str, word: &str) -> Option<String> {
    if let Some(file) = word.strip_prefix("{assets}/") {
        return Some(file.to_owned());
    }
    if !word.starts_with("./") && !word.starts_with("../") {
        return None;
    }
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    for step in word.split('/') {
        match step {
            "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_what_it_names_at_any_remove_and_nothing_of_others() {
        let files = [
            ("one/index.html", "<script src=\"{assets}/one/page.js\">"),
            ("one/page.js", "import '../common/deep/a.js'; const words = { es: () => import('./es.js') };"),
            ("one/es.js", "export default {};"),
            ("common/deep/a.js", "import{x}from\"./../b.js\";"),
            ("common/b.js", "import '../one/page.js'; import './missing.js';"),
            ("common/unused.js", ""),
            ("two/index.html", ""),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), Bytes::from_static(text.as_bytes()))).into();
        let kept: serde_json::Value = serde_json::from_str(&list_kept(&files)).unwrap();
        let one = ["common/b.js", "common/deep/a.js", "one/es.js", "one/page.js"];
        assert_eq!(kept, json!({ "one": one, "two": [] }));
    }
}
