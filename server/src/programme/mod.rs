//! The programme: rules, operations, store and REST resources.
