//! Lists in pages: `limit`, and the `cursor` that the page before named as `next`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use shared::problem_code::ProblemCode;

use crate::problem::Problem;

/// How many items a page has where the reader does not say.
const DEFAULT_LIMIT: usize = 100;

/// The most items of a page.
pub const MOST_LIMIT: usize = 500;

/// The parameters of a list without filters.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageParameters {
    limit: Option<u32>,
    cursor: Option<String>,
}

impl PageParameters {
    /// Which page they ask for.
    pub fn read(&self) -> Result<Page, Problem> {
        Page::new(self.limit, self.cursor.as_deref())
    }
}

/// Which page is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// How many items at most.
    pub limit: usize,
    /// The key of the last item before the page.
    pub after: Option<String>,
}

/// One page of a list.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct PageAnswer<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Page {
    /// Reads the parameters of a page.
    pub fn new(limit: Option<u32>, cursor: Option<&str>) -> Result<Self, Problem> {
        let limit = limit.map_or(DEFAULT_LIMIT, |limit| limit as usize);
        if !(1..=MOST_LIMIT).contains(&limit) {
            let detail = format!("limit is 1 to {MOST_LIMIT}.");
            return Err(Problem::new(ProblemCode::InvalidRequest, detail).at("limit"));
        }
        let read = |cursor: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok();
        let after = cursor.map(|cursor| read(cursor).ok_or_else(Self::unknown_cursor)).transpose()?;
        Ok(Self { limit, after })
    }

    /// The answer to a cursor that leads nowhere.
    pub fn unknown_cursor() -> Problem {
        Problem::new(ProblemCode::InvalidRequest, "cursor is not one that a page named as next.").at("cursor")
    }

    /// The page of items that are all in memory, in the order of their keys.
    pub fn cut<T>(&self, items: Vec<T>, key: impl Fn(&T) -> String) -> PageAnswer<T> {
        let mut keyed: Vec<(String, T)> = items.into_iter().map(|item| (key(&item), item)).collect();
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        keyed.retain(|(key, _)| self.after.as_ref().is_none_or(|after| key > after));
        self.finish(keyed)
    }

    /// The page of items of which one more than the limit was read, if there were as many.
    pub fn finish<T>(&self, mut keyed: Vec<(String, T)>) -> PageAnswer<T> {
        let has_more = keyed.len() > self.limit;
        keyed.truncate(self.limit);
        let next = keyed.last().filter(|_| has_more).map(|(key, _)| URL_SAFE_NO_PAD.encode(key));
        PageAnswer { items: keyed.into_iter().map(|(_, item)| item).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_every_item_once_and_in_order() {
        let items = vec!["c", "a", "e", "b", "d"];
        let mut cursor: Option<String> = None;
        let mut seen = Vec::new();
        loop {
            let page = Page::new(Some(2), cursor.as_deref()).unwrap();
            let answer = page.cut(items.clone(), |item| (*item).to_owned());
            seen.extend(answer.items);
            cursor = answer.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_cursor_of_another_make_and_a_limit_out_of_range_are_refused() {
        assert_eq!(Page::new(Some(0), None).unwrap_err().code, ProblemCode::InvalidRequest);
        assert_eq!(Page::new(Some(501), None).unwrap_err().code, ProblemCode::InvalidRequest);
        assert_eq!(Page::new(None, Some("§")).unwrap_err().field.as_deref(), Some("cursor"));
    }
}
