//! Passkeys: what opens a life in the place of the recovery phrase.
//!
//! The rules keep them and never read the credential; whoever serves the life knows what it means. A passkey that
//! is set again under its id replaces the one that was there.

use serde::{Deserialize, Serialize};

/// Of one life. A person has a phone, a computer or two and a key on a ring; more than twice that would be nobody's
/// to keep an eye on, and each is read on every return.
pub const PASSKEYS_MAX: usize = 8;
/// Characters of a name: a line on the screen.
pub const PASSKEY_NAME_MAX: usize = 40;
/// Of an id in base64url: WebAuthn allows 1,023 bytes.
const PASSKEY_ID_MAX: usize = 1_364;
/// Of a credential as JSON: a public key and its origin are under 1 KiB; with a maker's certificates it is some four.
pub const CREDENTIAL_BYTES_MAX: usize = 8 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeySet {
    /// Of the credential, base64url.
    pub id: String,
    pub name: String,
    /// JSON, as whoever made it can read it again.
    pub credential: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRemoved {
    pub id: String,
}

impl PasskeySet {
    /// Within the bounds that a server keeps to.
    pub fn is_in_bounds(&self) -> bool {
        (1..=PASSKEY_ID_MAX).contains(&self.id.len())
            && (1..=PASSKEY_NAME_MAX).contains(&self.name.chars().count())
            && self.credential.len() <= CREDENTIAL_BYTES_MAX
    }
}
