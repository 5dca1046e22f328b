//! Storage: connections, dialects, the writer of commit groups.
