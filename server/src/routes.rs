//! The whole URL table on one screen: `"path" { METHOD operation_id = handler }`.
//!
//! The operation ids are those of openapi.yaml. GET answers HEAD too; another method than those of
//! a path is answered with 405 and `Allow`.

use actix_web::guard;
use actix_web::http::Method;
use actix_web::{HttpResponse, Route as Handler, web};

use crate::announcements::http as announcements;
use crate::attendees::http as attendees;
use crate::badges::http as badges;
use crate::check_in::http as check_in;
use crate::desk_work::http as desk_work;
use crate::duties::http as duties;
use crate::enrolment::http as enrolment;
use crate::identity::http as identity;
use crate::invitations::http as invitations;
use crate::middleware::RoutePattern;
use crate::notify::http as notices;
use crate::privacy::http as privacy;
use crate::problem::Problem;
use crate::programme::http as programme;
use crate::registration::files::http as files;
use crate::registration::http as registration;
use crate::signups::http as signups;
use crate::sync::http as sync_http;
use crate::{health, problem, telemetry, web_assets};

/// One operation of the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Route {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: &'static str,
    /// The path with its parameters in braces; `:.*` in one says that slashes belong to it.
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
    // The router tries one after the other, so what thousands of devices ask stands first.
    "/v1/events/{event}/sync" { POST exchange = sync_http::exchange }
    "/v1/events/{event}/live" { POST listen = sync_http::listen }
    "/v1/events/{event}/sync/public" { GET read_public_scope = sync_http::read_public }
    "/v1/events/{event}/checkpoints/{id}/check" { POST check_at_checkpoint = check_in::check_at_checkpoint }
    "/healthz" { GET healthz = health::answer_healthz }
    "/readyz" { GET readyz = health::answer_readyz }
    "/metrics" { GET metrics = telemetry::answer_metrics }
    "/" { GET get_app_page = web_assets::answer_page }
    "/board" { GET get_board_page = web_assets::answer_page }
    "/desk" { GET get_desk_page = web_assets::answer_page }
    "/organiser" { GET get_organiser_page = web_assets::answer_page }
    "/sign-in" { GET get_sign_in_page = web_assets::answer_page }
    "/invitation" { GET get_invitation_page = web_assets::answer_page }
    "/service-worker.js" { GET get_service_worker = web_assets::answer_service_worker }
    "/assets/{version}/{path:.*}" { GET get_asset = web_assets::answer_asset }
    "/.well-known/jwks.json" { GET keys = identity::answer_keys }
    "/v1/sign-in/codes" { POST request_code = identity::request_code }
    "/v1/sign-in" { POST sign_in = identity::sign_in }
    "/v1/sign-out" { POST sign_out = identity::sign_out }
    "/v1/tokens/refresh" { POST renew_tokens = identity::renew_tokens }
    "/v1/account" { GET get_account = identity::answer_account, PATCH change_account = identity::change_account }
    "/v1/account/password" { PUT change_password = identity::change_password }
    "/v1/account/data" { GET get_account_data = privacy::get_account_data }
    "/v1/account/data.html" { GET get_account_page = privacy::get_account_page }
    "/v1/push/keys" { GET get_push_keys = notices::get_push_keys }
    "/v1/account/push" { GET get_push = notices::get_push, PUT put_push = notices::put_push, DELETE delete_push = notices::delete_push }
    "/v1/account/push/preferences" { PUT put_push_preferences = notices::put_push_preferences }
    "/v1/account/push/test" { POST test_push = notices::test_push }
    "/v1/account/push/test/{id}" { GET get_push_test = notices::get_push_test }
    "/v1/account/devices" { GET list_devices = identity::answer_devices }
    "/v1/account/devices/{device}" { DELETE end_device = identity::end_device }
    "/v1/events/{event}/accounts/{account}/sign-in-codes" { POST hand_out_code = identity::hand_out_code }
    "/v1/time" { GET get_time = health::answer_time }
    "/v1/events" { GET list_events = programme::list_events, POST create_event = programme::create_event }
    "/v1/events/{event}" { GET get_event = programme::get_event, PATCH patch_event = programme::patch_event, DELETE remove_event = programme::remove_event }
    "/v1/events/{event}/publish" { POST publish_event = programme::publish_event }
    "/v1/events/{event}/cancel" { POST cancel_event = programme::cancel_event }
    "/v1/events/{event}/restore" { POST restore_event = programme::restore_event }
    "/v1/series" { GET list_series = programme::list_series }
    "/v1/series/{slug}" { GET get_series = programme::get_series }
    "/v1/events/{event}/findings" { GET list_findings = programme::list_findings }
    "/v1/events/{event}/audit" { GET list_audit = programme::answer_audit }
    "/v1/events/{event}/import" { POST import_programme = programme::import_file }
    "/v1/events/{event}/export" { GET export_programme = programme::export_file }
    "/v1/events/{event}/sessions/swap" { POST swap_sessions = programme::swap_sessions }
    "/v1/events/{event}/sessions/shift" { POST shift_sessions = programme::shift_sessions }
    "/v1/events/{event}/sessions/{id}/move" { POST move_session = programme::move_session }
    "/v1/events/{event}/sessions/{id}/sign-ups" { GET list_session_sign_ups = signups::list_session_sign_ups }
    "/v1/events/{event}/sessions/{id}/progress" { POST set_session_progress = programme::set_progress }
    "/v1/events/{event}/rooms/{id}/close" { POST close_room = programme::close_room }
    "/v1/events/{event}/audiences/{id}/members" { GET list_members = attendees::list_members, PUT replace_members = attendees::replace_members }
    "/v1/events/{event}/audiences/{id}/members/{attendee}" { POST add_member = attendees::add_member, DELETE remove_member = attendees::remove_member }
    "/v1/events/{event}/attendees" { GET list_attendees = attendees::list_attendees, POST create_attendee = attendees::create_attendee }
    "/v1/events/{event}/attendees/{attendee}" { GET get_attendee = attendees::get_attendee, PATCH patch_attendee = attendees::patch_attendee, DELETE delete_attendee = attendees::delete_attendee }
    "/v1/events/{event}/attendees/{attendee}/accounts" { POST add_attendee_account = attendees::add_account }
    "/v1/events/{event}/attendees/{attendee}/accounts/{account}" { PUT set_attendee_account = attendees::set_relation, DELETE end_attendee_account = attendees::end_relation }
    "/v1/events/{event}/registrations/search" { POST search_registrations = registration::search_registrations }
    "/v1/events/{event}/registrations/duplicates" { GET list_duplicates = registration::list_duplicates }
    "/v1/events/{event}/registrations/import" { POST import_registrations = files::import_registrations }
    "/v1/events/{event}/registrations/export" { GET export_registrations = files::export_registrations }
    "/v1/events/{event}/registrations" { GET list_registrations = registration::list_registrations, POST create_registration = registration::create_registration }
    "/v1/events/{event}/attendees/{attendee}/registration" { GET get_registration = registration::get_registration, PUT put_registration = registration::put_registration, PATCH patch_registration = registration::patch_registration }
    "/v1/events/{event}/attendees/{attendee}/registration/status" { POST move_registration = registration::move_registration }
    "/v1/events/{event}/attendees/{attendee}/replace" { POST replace_attendee = registration::replace_attendee }
    "/v1/events/{event}/attendees/{attendee}/consents" { GET get_consents = registration::get_consents, PUT put_consents = registration::put_consents }
    "/v1/events/{event}/directory/search" { POST search_directory = registration::search_directory }
    "/v1/events/{event}/access-needs" { GET list_access_needs = registration::list_access_needs }
    "/v1/events/{event}/attendees/{attendee}/access-needs" { GET get_access_needs = registration::get_access_needs, PUT put_access_needs = registration::put_access_needs, DELETE delete_access_needs = registration::delete_access_needs }
    "/v1/events/{event}/sign-ups/export" { GET export_sign_ups = signups::export_sign_ups }
    "/v1/events/{event}/attendees/{attendee}/sign-ups" { GET list_attendee_sign_ups = signups::list_attendee_sign_ups }
    "/v1/events/{event}/attendees/{attendee}/sign-ups/{session}" { PUT request_seat = signups::request_seat, DELETE cancel_sign_up = signups::cancel_sign_up }
    "/v1/events/{event}/attendees/{attendee}/sign-ups/{session}/accept" { POST accept_seat = signups::accept_seat }
    "/v1/events/{event}/attendees/{attendee}/invitations" { GET list_attendee_invitations = invitations::list_attendee_invitations }
    "/v1/events/{event}/invitations" { GET list_invitations = invitations::list_invitations, POST create_invitation = invitations::create_invitation }
    "/v1/events/{event}/invitations/remind" { POST remind_of_object = invitations::remind_of_object }
    "/v1/events/{event}/invitations/{id}" { GET get_invitation = invitations::get_invitation }
    "/v1/events/{event}/invitations/{id}/answer" { POST answer_invitation = invitations::answer_invitation }
    "/v1/events/{event}/invitations/{id}/withdraw" { POST withdraw_invitation = invitations::withdraw_invitation }
    "/v1/events/{event}/invitations/{id}/remind" { POST remind_invitation = invitations::remind_invitation }
    "/v1/events/{event}/parts/{id}/admission/{attendee}" { GET check_part_admission = invitations::check_admission }
    "/v1/events/{event}/sessions/{id}/admission/{attendee}" { GET check_session_admission = invitations::check_admission }
    "/v1/events/{event}/stand-ins" { GET list_stand_ins = invitations::list_stand_ins }
    "/v1/events/{event}/attendees/{attendee}/stand-ins" { GET list_attendee_stand_ins = invitations::list_attendee_stand_ins, POST create_stand_in = invitations::create_stand_in }
    "/v1/events/{event}/attendees/{attendee}/stand-ins/{id}/end" { POST end_stand_in = invitations::end_stand_in }
    "/v1/events/{event}/invitation-lists" { GET list_invitation_lists = invitations::list_invitation_lists, POST create_invitation_list = invitations::create_invitation_list }
    "/v1/events/{event}/invitation-lists/{id}" { GET get_invitation_list = invitations::get_invitation_list }
    "/v1/events/{event}/invitation-lists/{id}/withdraw" { POST withdraw_invitation_list = invitations::withdraw_invitation_list }
    "/v1/invitations/read" { POST read_mailed_invitation = invitations::read_mailed_invitation }
    "/v1/invitations/answer" { POST answer_mailed_invitation = invitations::answer_mailed_invitation }
    "/v1/events/{event}/attendees/{attendee}/badges" { GET list_attendee_badges = badges::list_attendee_badges, POST issue_badge = badges::issue_badge }
    "/v1/events/{event}/badges/print" { POST print_badges = badges::print_badges }
    "/v1/events/{event}/badges/{carrier}/pdf" { GET get_badge_pdf = badges::get_badge_pdf }
    "/v1/events/{event}/badges/{carrier}/void" { POST void_badge = badges::void_badge }
    "/v1/events/{event}/badges/{carrier}/report" { POST report_badge = badges::report_badge }
    "/v1/events/{event}/badges/{carrier}/hand-out" { POST hand_out_badge = badges::hand_out_badge }
    "/v1/events/{event}/badge-keys" { GET list_badge_keys = badges::list_badge_keys }
    "/v1/events/{event}/badge-keys/rotate" { POST rotate_badge_keys = badges::rotate_badge_keys }
    "/v1/events/{event}/badge-keys/{number}/revoke" { POST revoke_badge_key = badges::revoke_badge_key }
    "/v1/events/{event}/walk-ins" { POST register_walk_in = desk_work::register_walk_in }
    "/v1/events/{event}/walk-ins/{attendee}/settle" { POST settle_walk_in = desk_work::settle_walk_in }
    "/v1/events/{event}/handovers" { GET list_handovers = desk_work::list_handovers, POST upload_handovers = desk_work::upload_handovers }
    "/v1/events/{event}/loans" { GET list_loans = desk_work::list_loans }
    "/v1/events/{event}/attendees/{attendee}/corrections" { POST correct_attendee = desk_work::correct_attendee }
    "/v1/events/{event}/attendees/{attendee}/sign-in-code" { POST hand_out_guest_code = desk_work::hand_out_guest_code }
    "/v1/events/{event}/attendees/{attendee}/door-note" { PUT put_door_note = desk_work::put_door_note, DELETE delete_door_note = desk_work::delete_door_note }
    "/v1/events/{event}/attendees/{attendee}/photo" { PUT put_photo = desk_work::put_photo, DELETE delete_photo = desk_work::delete_photo }
    "/v1/events/{event}/photos/{hash}" { GET get_photo = desk_work::get_photo }
    "/v1/events/{event}/notices/held" { GET get_held_notices = notices::get_held }
    "/v1/events/{event}/notices/held/hold" { POST hold_held_notices = notices::hold_held }
    "/v1/events/{event}/notices/held/send" { POST send_held_notices = notices::send_held }
    "/v1/events/{event}/notices/held/discard" { POST discard_held_notices = notices::discard_held }
    "/v1/events/{event}/duties" { GET list_duties = duties::list_duties, POST create_duty = duties::create_duty }
    "/v1/events/{event}/duties/{id}" { DELETE delete_duty = duties::delete_duty }
    "/v1/events/{event}/attendees/{attendee}/messages" { POST send_desk_message = desk_work::send_desk_message }
    "/v1/events/{event}/approval-rules" { GET get_approval_rules = announcements::get_approval_rules, PUT put_approval_rules = announcements::put_approval_rules }
    "/v1/events/{event}/announcements" { POST create_announcement = announcements::create_announcement }
    "/v1/events/{event}/announcements/{id}" { PATCH patch_announcement = announcements::patch_announcement }
    "/v1/events/{event}/announcements/{id}/send" { POST send_announcement = announcements::send_announcement }
    "/v1/events/{event}/announcements/{id}/approve" { POST approve_announcement = announcements::approve_announcement }
    "/v1/events/{event}/announcements/{id}/withdraw" { POST withdraw_announcement = announcements::withdraw_announcement }
    "/v1/events/{event}/dispatches" { GET list_dispatches = notices::list_dispatches }
    "/v1/events/{event}/dispatches/{id}" { GET get_dispatch = notices::get_dispatch }
    "/v1/events/{event}/dispatches/{id}/people" { GET list_dispatch_people = notices::list_dispatch_people }
    "/v1/events/{event}/dispatches/{id}/people/{person}/told" { POST tell_by_hand = notices::tell_by_hand }
    "/v1/events/{event}/dispatches/{id}/confirm" { POST confirm_dispatch = notices::confirm_dispatch }
    "/v1/events/{event}/dispatches/{id}/discard" { POST discard_dispatch = notices::discard_dispatch }
    "/v1/events/{event}/dispatches/{id}/resend" { POST resend_dispatch = notices::resend_dispatch }
    "/v1/events/{event}/dispatches/{id}/call-sheet" { GET get_call_sheet = notices::get_call_sheet }
    "/v1/events/{event}/dispatches/{id}/paste-text" { GET get_paste_text = notices::get_paste_text }
    "/v1/events/{event}/attendees/{attendee}/data" { GET get_attendee_data = privacy::get_attendee_data }
    "/v1/events/{event}/attendees/{attendee}/data.html" { GET get_attendee_page = privacy::get_attendee_page }
    "/v1/events/{event}/attendees/{attendee}/erase" { POST erase_attendee = privacy::erase_attendee_data }
    "/v1/events/{event}/roles" { GET list_roles = attendees::list_roles, POST give_role_by_email = attendees::give_role_by_email }
    "/v1/events/{event}/roles/{account}/{role}" { PUT give_role = attendees::give_role, DELETE take_role = attendees::take_role }
    "/v1/events/{event}/series" { GET list_series_records = programme::list_records, POST create_series_record = programme::create_record }
    "/v1/events/{event}/series/{id}" { GET get_series_record = programme::get_record, PATCH patch_series_record = programme::patch_record, DELETE delete_series_record = programme::delete_record }
    "/v1/events/{event}/organisations" { GET list_organisations = programme::list_records, POST create_organisation = programme::create_record }
    "/v1/events/{event}/organisations/{id}" { GET get_organisation = programme::get_record, PATCH patch_organisation = programme::patch_record, DELETE delete_organisation = programme::delete_record }
    "/v1/events/{event}/venues" { GET list_venues = programme::list_records, POST create_venue = programme::create_record }
    "/v1/events/{event}/venues/{id}" { GET get_venue = programme::get_record, PATCH patch_venue = programme::patch_record, DELETE delete_venue = programme::delete_record }
    "/v1/events/{event}/rooms" { GET list_rooms = programme::list_records, POST create_room = programme::create_record }
    "/v1/events/{event}/rooms/{id}" { GET get_room = programme::get_record, PATCH patch_room = programme::patch_record, DELETE delete_room = programme::delete_record }
    "/v1/events/{event}/tracks" { GET list_tracks = programme::list_records, POST create_track = programme::create_record }
    "/v1/events/{event}/tracks/{id}" { GET get_track = programme::get_record, PATCH patch_track = programme::patch_record, DELETE delete_track = programme::delete_record }
    "/v1/events/{event}/people/links" { GET list_people_links = attendees::list_people_links }
    "/v1/events/{event}/people/{id}/link" { PUT link_person = attendees::link_person, DELETE unlink_person = attendees::unlink_person }
    "/v1/events/{event}/people" { GET list_people = programme::list_records, POST create_person = programme::create_record }
    "/v1/events/{event}/people/{id}" { GET get_person = programme::get_record, PATCH patch_person = programme::patch_record, DELETE delete_person = programme::delete_record }
    "/v1/events/{event}/delegations" { GET list_delegations = programme::list_records, POST create_delegation = programme::create_record }
    "/v1/events/{event}/delegations/{id}" { GET get_delegation = programme::get_record, PATCH patch_delegation = programme::patch_record, DELETE delete_delegation = programme::delete_record }
    "/v1/events/{event}/delegations/{id}/duties" { GET list_delegation_duties = registration::list_duties, POST give_duty_by_email = registration::give_duty_by_email }
    "/v1/events/{event}/delegations/{id}/duties/{account}/{duty}" { PUT give_duty = registration::give_duty, DELETE end_duty = registration::end_duty }
    "/v1/events/{event}/delegations/{id}/members" { GET list_delegation_members = registration::list_delegation_members }
    "/v1/events/{event}/categories" { GET list_categories = programme::list_records, POST create_category = programme::create_record }
    "/v1/events/{event}/categories/{id}" { GET get_category = programme::get_record, PATCH patch_category = programme::patch_record, DELETE delete_category = programme::delete_record }
    "/v1/events/{event}/audiences" { GET list_audiences = programme::list_records, POST create_audience = programme::create_record }
    "/v1/events/{event}/audiences/{id}" { GET get_audience = programme::get_record, PATCH patch_audience = programme::patch_record, DELETE delete_audience = programme::delete_record }
    "/v1/events/{event}/parts" { GET list_parts = programme::list_records, POST create_part = programme::create_record }
    "/v1/events/{event}/parts/{id}" { GET get_part = programme::get_record, PATCH patch_part = programme::patch_record, DELETE delete_part = programme::delete_record }
    "/v1/events/{event}/parts/{id}/publish" { POST publish_part = programme::publish_record }
    "/v1/events/{event}/parts/{id}/cancel" { POST cancel_part = programme::cancel_record }
    "/v1/events/{event}/parts/{id}/restore" { POST restore_part = programme::restore_record }
    "/v1/events/{event}/choice-groups" { GET list_choice_groups = programme::list_records, POST create_choice_group = programme::create_record }
    "/v1/events/{event}/choice-groups/{id}" { GET get_choice_group = programme::get_record, PATCH patch_choice_group = programme::patch_record, DELETE delete_choice_group = programme::delete_record }
    "/v1/events/{event}/sessions" { GET list_sessions = programme::list_records, POST create_session = programme::create_record }
    "/v1/events/{event}/sessions/{id}" { GET get_session = programme::get_record, PATCH patch_session = programme::patch_record, DELETE delete_session = programme::delete_record }
    "/v1/events/{event}/sessions/{id}/publish" { POST publish_session = programme::publish_record }
    "/v1/events/{event}/sessions/{id}/cancel" { POST cancel_session = programme::cancel_record }
    "/v1/events/{event}/sessions/{id}/restore" { POST restore_session = programme::restore_record }
    "/v1/events/{event}/exhibitors" { GET list_exhibitors = programme::list_records, POST create_exhibitor = programme::create_record }
    "/v1/events/{event}/exhibitors/{id}" { GET get_exhibitor = programme::get_record, PATCH patch_exhibitor = programme::patch_record, DELETE delete_exhibitor = programme::delete_record }
    "/v1/events/{event}/exhibitors/{id}/publish" { POST publish_exhibitor = programme::publish_record }
    "/v1/events/{event}/exhibitors/{id}/cancel" { POST cancel_exhibitor = programme::cancel_record }
    "/v1/events/{event}/exhibitors/{id}/restore" { POST restore_exhibitor = programme::restore_record }
    "/v1/events/{event}/documents" { GET list_documents = programme::list_records, POST create_document = programme::create_record }
    "/v1/events/{event}/documents/{id}" { GET get_document = programme::get_record, PATCH patch_document = programme::patch_record, DELETE delete_document = programme::delete_record }
    "/v1/events/{event}/documents/{id}/publish" { POST publish_document = programme::publish_record }
    "/v1/events/{event}/documents/{id}/cancel" { POST cancel_document = programme::cancel_record }
    "/v1/events/{event}/documents/{id}/restore" { POST restore_document = programme::restore_record }
    "/v1/events/{event}/overview-entries" { GET list_overview_entries = programme::list_records, POST create_overview_entry = programme::create_record }
    "/v1/events/{event}/overview-entries/{id}" { GET get_overview_entry = programme::get_record, PATCH patch_overview_entry = programme::patch_record, DELETE delete_overview_entry = programme::delete_record }
    "/v1/events/{event}/access-areas" { GET list_access_areas = programme::list_records, POST create_access_area = programme::create_record }
    "/v1/events/{event}/access-areas/{id}" { GET get_access_area = programme::get_record, PATCH patch_access_area = programme::patch_record, DELETE delete_access_area = programme::delete_record }
    "/v1/events/{event}/vehicles" { GET list_vehicles = programme::list_records, POST create_vehicle = programme::create_record }
    "/v1/events/{event}/vehicles/{id}" { GET get_vehicle = programme::get_record, PATCH patch_vehicle = programme::patch_record, DELETE delete_vehicle = programme::delete_record }
    "/v1/events/{event}/checkpoints" { GET list_checkpoints = programme::list_records, POST create_checkpoint = programme::create_record }
    "/v1/events/{event}/checkpoints/{id}" { GET get_checkpoint = programme::get_record, PATCH patch_checkpoint = programme::patch_record, DELETE delete_checkpoint = programme::delete_record }
    "/v1/events/{event}/enrolments" { GET list_enrolments = enrolment::list_enrolments, POST create_enrolment_code = enrolment::create_enrolment_code }
    "/v1/events/{event}/enrolments/{device}" { GET get_enrolment = enrolment::get_enrolment, PATCH patch_enrolment = enrolment::patch_enrolment }
    "/v1/events/{event}/enrolments/{device}/suspend" { POST suspend_enrolment = enrolment::suspend_enrolment }
    "/v1/events/{event}/enrolments/{device}/resume" { POST resume_enrolment = enrolment::resume_enrolment }
    "/v1/events/{event}/enrolments/{device}/revoke" { POST revoke_enrolment = enrolment::revoke_enrolment }
    "/v1/enrolments/redeem" { POST redeem_enrolment = enrolment::redeem_enrolment }
    "/v1/events/{event}/checkpoints/{id}/verify" { POST verify_at_checkpoint = check_in::verify_at_checkpoint }
    "/v1/events/{event}/scans" { POST upload_scans = check_in::upload_scans }
    "/v1/events/{event}/scans/export" { GET export_scans = check_in::export_scans }
    "/v1/events/{event}/incidents" { GET list_incidents = check_in::list_incidents }
    "/v1/events/{event}/incidents/{id}" { GET get_incident = check_in::get_incident }
    "/v1/events/{event}/incidents/{id}/resolve" { POST resolve_incident = check_in::resolve_incident }
    "/v1/events/{event}/check-in/arrivals" { GET get_arrivals = check_in::get_arrivals }
    "/v1/events/{event}/check-in/occupancy" { GET get_occupancy = check_in::get_occupancy }
    "/v1/events/{event}/check-in/boarding" { GET get_boarding = check_in::get_boarding }
    "/v1/events/{event}/check-in/missing" { GET get_missing = check_in::get_missing }
    "/v1/events/{event}/session-stubs" { GET list_session_stubs = programme::list_records }
    "/v1/events/{event}/session-stubs/{id}" { GET get_session_stub = programme::get_record }
    "/v1/events/{event}/session-fills" { GET list_session_fills = programme::list_records }
    "/v1/events/{event}/session-fills/{id}" { GET get_session_fill = programme::get_record }
    "/v1/events/{event}/part-stubs" { GET list_part_stubs = programme::list_records }
    "/v1/events/{event}/part-stubs/{id}" { GET get_part_stub = programme::get_record }
    "/v1/events/{event}/document-stubs" { GET list_document_stubs = programme::list_records }
    "/v1/events/{event}/document-stubs/{id}" { GET get_document_stub = programme::get_record }
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
