//! Nothing but the targets of this package.
