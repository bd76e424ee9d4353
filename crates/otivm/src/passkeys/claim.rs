//! Who says to come back with a passkey, by the browser's answer; not yet believed.

use super::PasskeyError;
use crate::players::Token;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use otivm_api::PasskeyReturn;
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::PublicKeyCredential;

pub(crate) struct Claim {
    pub(crate) ceremony: String,
    /// The seat that it names; none where it names something else.
    pub(crate) token: Option<Token>,
    /// Of the credential, base64url.
    pub(crate) id: String,
    pub(super) answer: PublicKeyCredential,
    digest: String,
}

impl Claim {
    pub(crate) fn read(sent: &PasskeyReturn) -> Result<Self, PasskeyError> {
        let PasskeyReturn { ceremony, credential } = sent;
        let answer: PublicKeyCredential = serde_json::from_value(credential.clone())
            .map_err(|_unreadable| PasskeyError::NotValid)?;
        let seat = answer.get_user_unique_id().and_then(|bytes| bytes.try_into().ok());
        let mut digest = Sha256::new();
        digest.update(b"otivm passkey answer 1\0");
        digest.update(ceremony);
        digest.update(b"\0");
        digest.update(serde_json::to_vec(credential)?);
        Ok(Self {
            ceremony: ceremony.clone(),
            token: seat.map(Token::of),
            id: URL_SAFE_NO_PAD.encode(answer.get_credential_id()),
            answer,
            digest: hex::encode(digest.finalize()),
        })
    }

    /// What the session's secret is drawn from: the key and everything that was sent under it, the signature too. So
    /// the same answer is given again to whoever sends the same again, and to nobody who has only seen the key.
    pub(crate) fn drawn_from(&self, key: &str) -> String {
        format!("{key}/{}", self.digest)
    }
}
