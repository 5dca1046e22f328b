//! Who signs in: accounts, tokens, roles.
