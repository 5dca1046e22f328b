//! Enrolled devices over HTTP.

mod answers;
mod codes;
mod devices;

pub use codes::{create_enrolment_code, redeem_enrolment};
pub use devices::{
    get_enrolment, list_enrolments, patch_enrolment, resume_enrolment, revoke_enrolment, suspend_enrolment,
};
