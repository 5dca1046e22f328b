//! Sync: from the change log to the device.
