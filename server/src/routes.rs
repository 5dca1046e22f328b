//! The whole URL table on one screen: `"path" { METHOD operation_id = handler }`.
//!
//! The operation ids are those of openapi.yaml. GET answers HEAD too; another method than those of
//! a path is answered with 405 and `Allow`.

use actix_web::guard;
use actix_web::http::Method;
use actix_web::{HttpResponse, Route as Handler, web};

use crate::identity::http as identity;
use crate::middleware::RoutePattern;
use crate::problem::Problem;
use crate::sync::http as sync_http;
use crate::{health, problem, telemetry};

/// One operation of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Route {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The operation's name in openapi.yaml.
    pub operation_id: &'static str,
}

macro_rules! routes {
    ($($path:literal { $($method:ident $operation:ident = $handler:path),+ $(,)? })+) => {
        /// Every operation, in the order of the table.
        pub const ROUTES: &[Route] = &[
            $($(Route { method: stringify!($method), path: $path, operation_id: stringify!($operation) },)+)+
        ];

        /// Registers every operation.
        pub fn configure(config: &mut web::ServiceConfig) {
            $(config.service(
                web::resource($path)
                    .app_data(RoutePattern($path))
                    $(.route(on(Method::$method).to($handler)))+
                    .default_service(web::to(|| async { refuse(&[$(stringify!($method)),+]) })),
            );)+
            config.default_service(web::to(problem::not_found));
        }
    };
}

routes! {
    "/healthz" { GET healthz = health::answer_healthz }
    "/readyz" { GET readyz = health::answer_readyz }
    "/metrics" { GET metrics = telemetry::answer_metrics }
    "/.well-known/jwks.json" { GET keys = identity::answer_keys }
    "/v1/sign-in/codes" { POST request_code = identity::request_code }
    "/v1/sign-in" { POST sign_in = identity::sign_in }
    "/v1/sign-out" { POST sign_out = identity::sign_out }
    "/v1/tokens/refresh" { POST renew_tokens = identity::renew_tokens }
    "/v1/account" { GET get_account = identity::answer_account, PATCH change_account = identity::change_account }
    "/v1/account/password" { PUT change_password = identity::change_password }
    "/v1/account/devices" { GET list_devices = identity::answer_devices }
    "/v1/account/devices/{device}" { DELETE end_device = identity::end_device }
    "/v1/events/{event}/accounts/{account}/sign-in-codes" { POST hand_out_code = identity::hand_out_code }
    "/v1/events/{event}/sync" { POST exchange = sync_http::exchange }
    "/v1/events/{event}/live" { POST listen = sync_http::listen }
    "/v1/events/{event}/sync/public" { GET read_public_scope = sync_http::read_public }
}

fn refuse(methods: &[&str]) -> Result<HttpResponse, Problem> {
    Err(problem::method_not_allowed(methods))
}

fn on(method: Method) -> Handler {
    let is_get = method == Method::GET;
    let asked = guard::Method(method);
    if is_get { web::route().guard(guard::Any(asked).or(guard::Head())) } else { web::route().guard(asked) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_and_their_addresses_are_unique() {
        let mut names: Vec<_> = ROUTES.iter().map(|route| route.operation_id).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROUTES.len());
        let mut addresses: Vec<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(addresses.len(), ROUTES.len());
    }
}
