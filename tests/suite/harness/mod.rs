//! What every test stands on: a real server over a fresh database, people who use it, their
//! devices, and the cables between.

mod actors;
mod app;
mod cables;
mod database;
mod devices;
mod dump;
mod post_office;
mod push;
mod statements;
mod week;
mod wire;

pub use actors::Actor;
pub use app::{MORNING, Node, Site, run_on_sqlite, run_with_services_on_sqlite};
#[cfg(feature = "postgres")]
pub use app::{run_on_postgres, run_with_services_on_postgres};
pub use cables::{Cable, Fate};
pub use devices::Device;
pub use dump::dump;
pub use post_office::{Letter, Mood, PostOffice};
pub use push::{ApnsService, Book, PushService, PushServices, Pushed, Whim, fcm_error};
pub use statements::{Statements, statements};
pub use week::SECRETS;
pub use wire::Answer;

/// Writes a behaviour once and tests it on both databases: as `sqlite::<name>`, and with the
/// feature `postgres` as `postgres::<name>`. The test is handed a [`Site`] of its own.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($site:ident) $body:block)+) => {
        $($(#[$meta])* async fn $name($site: &$crate::harness::Site) $body)+

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                $crate::harness::run_on_sqlite(async |site| super::$name(site).await).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                $crate::harness::run_on_postgres(async |site| super::$name(site).await).await;
            })+
        }
    };
}

/// The same where the server sends by push services of the test's own, which the test is handed too.
macro_rules! on_both_with_services {
    ($($(#[$meta:meta])* async fn $name:ident($site:ident, $services:ident) $body:block)+) => {
        $($(#[$meta])* async fn $name($site: &$crate::harness::Site, $services: &$crate::harness::PushServices) $body)+

        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                $crate::harness::run_with_services_on_sqlite(async |site, services| super::$name(site, services).await)
                    .await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                $crate::harness::run_with_services_on_postgres(async |site, services| {
                    super::$name(site, services).await;
                })
                .await;
            })+
        }
    };
}
