//! Sync: devices, schedules, invariants.

mod model;
