//! Passkeys: adding them to a life, and coming back with one.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One passkey of the life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Passkey {
    /// Of its credential, base64url.
    pub id: String,
    pub name: String,
    /// Real time, RFC 3339.
    pub added_at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Passkeys {
    /// Those that were added first come first.
    pub passkeys: Vec<Passkey>,
    /// That a life may have.
    pub most: usize,
}

/// What a browser is asked to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PasskeyChallenge {
    /// To be sent back with the answer. It is good once.
    pub ceremony: String,
    /// Real time, RFC 3339: from here on the answer comes too late.
    pub expires_at: String,
    /// As `PublicKeyCredential.parseCreationOptionsFromJSON`, or `parseRequestOptionsFromJSON`, takes them.
    #[schema(value_type = Object)]
    pub options: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// Of the challenge that this answers.
    pub ceremony: String,
    /// 1 to 40 characters.
    #[schema(min_length = 1, max_length = 40, example = "Laptop")]
    pub name: String,
    /// What `navigator.credentials.create()` gave, as its `toJSON()` says it.
    #[schema(value_type = Object)]
    pub credential: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasskeyReturn {
    /// Of the challenge that this answers.
    pub ceremony: String,
    /// What `navigator.credentials.get()` gave, as its `toJSON()` says it.
    #[schema(value_type = Object)]
    pub credential: Value,
}
