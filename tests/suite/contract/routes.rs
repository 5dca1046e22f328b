//! The document and the server's URL table name the same operations.

use std::collections::BTreeSet;

use cumbre::routes::ROUTES;

use super::document::{DOCUMENT, escape, list_operations, resolve};

#[test]
fn the_document_names_exactly_the_routes_of_the_server() {
    let served: BTreeSet<String> = ROUTES
        .iter()
        .map(|route| {
            format!("{} {} {}", route.method.to_ascii_lowercase(), route.path.replace(":.*", ""), route.operation_id)
        })
        .collect();
    let described: BTreeSet<String> = list_operations()
        .iter()
        .map(|operation| {
            let id = operation.body["operationId"].as_str().unwrap_or("(no operationId)");
            format!("{} {} {id}", operation.method, operation.path)
        })
        .collect();
    let only_served: Vec<_> = served.difference(&described).collect();
    let only_described: Vec<_> = described.difference(&served).collect();
    assert!(
        only_served.is_empty() && only_described.is_empty(),
        "served and not described: {only_served:#?}\ndescribed and not served: {only_described:#?}"
    );
}

#[test]
fn every_parameter_of_a_path_is_described() {
    for operation in list_operations() {
        let in_path: BTreeSet<String> = operation
            .path
            .split('/')
            .filter_map(|segment| Some(segment.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
            .collect();
        let item = format!("/paths/{}", escape(operation.path));
        let lists = [format!("{item}/parameters"), format!("{item}/{}/parameters", operation.method)];
        let described: BTreeSet<String> = lists
            .iter()
            .filter_map(|list| Some((list, DOCUMENT.pointer(list)?.as_array()?.len())))
            .flat_map(|(list, count)| (0..count).map(move |index| resolve(&format!("{list}/{index}")).1))
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| Some(parameter["name"].as_str()?.to_owned()))
            .collect();
        assert_eq!(in_path, described, "{} {}", operation.method, operation.path);
    }
}
