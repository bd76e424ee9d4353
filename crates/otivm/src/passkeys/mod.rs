//! Passkeys as this house takes them: the only module that knows WebAuthn.
//!
//! A passkey is bound to the address at which browsers open the game, and names the seat by the random bits behind
//! its token. It must be on the device (discoverable) and must know its user (a finger, a face, a PIN), so that it
//! stands in for the recovery phrase alone. Challenges are in memory only; what is kept of a passkey is public.

mod ceremonies;
mod claim;

pub(crate) use claim::Claim;

use crate::{config, players::Token};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ceremonies::{Begun, Ceremonies};
use otivm_rules::{At, fact::CREDENTIAL_BYTES_MAX};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, RegisterPublicKeyCredential, Url,
    Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What an authenticator shows beside the address.
const RP_NAME: &str = "OTIVM";

pub(crate) struct Passkeys {
    webauthn: Webauthn,
    /// One for each life, so that nobody at the door crowds out who has come in.
    adding: Ceremonies<(Token, PasskeyRegistration)>,
    returning: Ceremonies<DiscoverableAuthentication>,
}

/// A challenge as it goes out.
#[derive(Debug)]
pub(crate) struct Challenge {
    pub(crate) ends_at: At,
    pub(crate) options: Value,
    /// It had gone out before, under the same key.
    pub(crate) replayed: bool,
}

/// A passkey that proved itself, as it is kept.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) credential: String,
}

#[derive(Debug, thiserror::Error)]
pub enum PasskeysError {
    #[error(
        "passkeys.origin is {origin:?}; write what browsers show before the first slash, such as https://otivm.example.org"
    )]
    Origin { origin: String },
    #[error(
        "passkeys.origin is {origin:?}, and browsers keep passkeys only for https and for localhost; name the address by \
        which the proxy is reached"
    )]
    Insecure { origin: String },
    #[error(
        "passkeys.rp_id is {rp_id:?}, and must be the host of {origin:?} or a domain that it is in"
    )]
    RpId { rp_id: String, origin: String },
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum PasskeyError {
    #[error(
        "this challenge is over: it was answered, is older than five minutes, or is from before the server's last \
        start; ask for a new one and begin again"
    )]
    Over,
    #[error(
        "this is no answer of a passkey to the challenge at this address; ask for a new one and begin again"
    )]
    NotValid,
    #[error(
        "no life here opens to this passkey: it was removed, or made elsewhere; come back with the recovery phrase"
    )]
    Unknown,
    #[error(
        "this passkey has been used further than this answer says, so there may be a copy of it; come back with the \
        recovery phrase, and remove it"
    )]
    Copied,
    #[error("a challenge could not be made")]
    Library(#[source] WebauthnError),
    #[error("a passkey cannot be read or written")]
    Json(#[from] serde_json::Error),
}

impl Passkeys {
    pub(crate) fn open(config: &config::Passkeys) -> Result<Self, PasskeysError> {
        let config::Passkeys { origin, rp_id } = config;
        let wrong = || PasskeysError::Origin { origin: origin.clone() };
        let url: Url = origin.parse().map_err(|_unreadable| wrong())?;
        let host = url.domain().ok_or_else(wrong)?;
        if url.origin().ascii_serialization() != origin.trim_end_matches('/') {
            return Err(wrong());
        }
        if url.scheme() != "https" && host != "localhost" {
            return Err(PasskeysError::Insecure { origin: origin.clone() });
        }
        let rp_id = rp_id.as_deref().unwrap_or(host);
        let webauthn = WebauthnBuilder::new(rp_id, &url)
            .and_then(|builder| builder.rp_name(RP_NAME).build())
            .map_err(|_refused| PasskeysError::RpId {
                rp_id: rp_id.to_owned(),
                origin: origin.clone(),
            })?;
        Ok(Self { webauthn, adding: Ceremonies::default(), returning: Ceremonies::default() })
    }

    /// Asks a browser for a new passkey of this life; those that it has already are named, so that none is made twice.
    pub(crate) fn ask_for_new<'a>(
        &self,
        ceremony: &str,
        token: &Token,
        shown: &str,
        known: impl IntoIterator<Item = &'a String>,
        now: At,
    ) -> Result<Challenge, PasskeyError> {
        if let Some(begun) = self.adding.again(ceremony, now, |(own, _)| own == token) {
            return Ok(begun.into_challenge(true));
        }
        let known = known.into_iter().filter_map(|id| URL_SAFE_NO_PAD.decode(id).ok()).collect();
        let user = Uuid::from_bytes(token.bytes());
        let (asked, state) = self
            .webauthn
            .start_passkey_registration(user, shown, shown, Some(known))
            .map_err(PasskeyError::Library)?;
        let mut options = serde_json::to_value(asked.public_key)?;
        // A passkey that is not on the device cannot name its life, and would be of no use at the door.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.adding.forget(|(own, _)| own == token);
        let begun = self.adding.begin(ceremony, options, (token.clone(), state), now);
        Ok(begun.into_challenge(false))
    }

    /// The passkey in a browser's answer to [`Self::ask_for_new`].
    pub(crate) fn make(
        &self,
        ceremony: &str,
        token: &Token,
        credential: Value,
        now: At,
    ) -> Result<Made, PasskeyError> {
        let answer: RegisterPublicKeyCredential =
            serde_json::from_value(credential).map_err(|_unreadable| PasskeyError::NotValid)?;
        let (_, state) =
            self.adding.take(ceremony, now, |(own, _)| own == token).ok_or(PasskeyError::Over)?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&answer, &state)
            .map_err(|why| refused(&why, PasskeyError::NotValid))?;
        let credential = serde_json::to_string(&passkey)?;
        if credential.len() > CREDENTIAL_BYTES_MAX {
            return Err(PasskeyError::NotValid);
        }
        Ok(Made { id: URL_SAFE_NO_PAD.encode(passkey.cred_id()), credential })
    }

    /// Asks a browser for any passkey of this address.
    pub(crate) fn ask_for_any(&self, ceremony: &str, now: At) -> Result<Challenge, PasskeyError> {
        if let Some(begun) = self.returning.again(ceremony, now, |_| true) {
            return Ok(begun.into_challenge(true));
        }
        let (asked, state) =
            self.webauthn.start_discoverable_authentication().map_err(PasskeyError::Library)?;
        let options = serde_json::to_value(asked.public_key)?;
        Ok(self.returning.begin(ceremony, options, state, now).into_challenge(false))
    }

    /// Whether the claim is proven by the credential that the life has for it; and the credential to keep in its
    /// place, where the passkey has counted on. Either way the challenge is used up.
    pub(crate) fn prove(
        &self,
        claim: &Claim,
        credential: Option<&str>,
        now: At,
    ) -> Result<Option<String>, PasskeyError> {
        let state =
            self.returning.take(&claim.ceremony, now, |_| true).ok_or(PasskeyError::Over)?;
        let mut passkey: Passkey = serde_json::from_str(credential.ok_or(PasskeyError::Unknown)?)?;
        let proven = self
            .webauthn
            .finish_discoverable_authentication_v2(&claim.answer, state, &passkey)
            .map_err(|why| match why {
                WebauthnError::CredentialPossibleCompromise => refused(&why, PasskeyError::Copied),
                _ => refused(&why, PasskeyError::Unknown),
            })?;
        let changed = passkey.update_credential(&proven) == Some(true);
        Ok(if changed { Some(serde_json::to_string(&passkey)?) } else { None })
    }
}

/// The caller hears no more than is good for it; the operator may have named a wrong address.
fn refused(why: &WebauthnError, says: PasskeyError) -> PasskeyError {
    tracing::info!(why = why as &dyn std::error::Error, "a passkey was refused");
    says
}

impl<S> Begun<S> {
    fn into_challenge(self, replayed: bool) -> Challenge {
        Challenge { ends_at: self.ends_at, options: self.options, replayed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(origin: &str, rp_id: Option<&str>) -> Result<(), String> {
        let config =
            config::Passkeys { origin: origin.to_owned(), rp_id: rp_id.map(str::to_owned) };
        Passkeys::open(&config).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn an_origin_is_a_safe_address_by_name_and_nothing_behind_it() {
        for (origin, rp_id) in [
            ("https://otivm.example.org", None),
            ("https://otivm.example.org:8443/", Some("example.org")),
            ("http://localhost:3000", None),
        ] {
            assert_eq!(open(origin, rp_id), Ok(()), "{origin}");
        }
        for (origin, rp_id, says) in [
            ("otivm.example.org", None, "before the first slash"),
            ("https://otivm.example.org/game", None, "before the first slash"),
            ("https://192.0.2.7", None, "before the first slash"),
            ("http://otivm.example.org", None, "only for https and for localhost"),
            ("https://otivm.example.org", Some("example.com"), "must be the host of"),
            ("https://otivm.example.org", Some("ample.org"), "must be the host of"),
        ] {
            let refused = open(origin, rp_id).unwrap_err();
            assert!(refused.contains(says), "{origin}: {refused}");
        }
    }
}
