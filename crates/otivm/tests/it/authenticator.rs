//! An authenticator in software, and the browser before it: it makes real keys and really signs (ES256).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rcgen::{KeyPair, PublicKeyData, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const HOLDS_A_KEY: u8 = 0x40;

/// One key on a device, with what the device knows of it.
pub(crate) struct Key {
    pub(crate) id: Vec<u8>,
    pair: KeyPair,
    pub(crate) user: Vec<u8>,
    /// 0 where the device does not count.
    pub(crate) count: u32,
}

pub(crate) struct Authenticator {
    /// Of the page that the browser shows.
    pub(crate) origin: String,
    /// Whether it knows its user by a finger, a face or a PIN.
    pub(crate) verifies: bool,
    pub(crate) keys: Vec<Key>,
}

impl Authenticator {
    pub(crate) fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), verifies: true, keys: Vec::new() }
    }

    /// `navigator.credentials.create()`; the key is the last from then on.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        let pair = KeyPair::generate().unwrap();
        let id = Sha256::digest(pair.der_bytes()).to_vec();
        let user = decoded(&options["user"]["id"]);
        let mut data = self.data(options["rp"]["id"].as_str().unwrap(), HOLDS_A_KEY, 0);
        data.extend([0; 16]);
        data.extend((id.len() as u16).to_be_bytes());
        data.extend(&id);
        data.extend(cose(pair.der_bytes()));
        let client = self.client_data("webauthn.create", options);
        let credential = json!({
            "id": encoded(&id),
            "rawId": encoded(&id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "clientDataJSON": encoded(&client),
                "attestationObject": encoded(&attestation(&data)),
                "transports": ["internal", "hybrid"],
            },
        });
        self.keys.push(Key { id, pair, user, count: 0 });
        credential
    }

    /// `navigator.credentials.get()` with the last key.
    pub(crate) fn get(&self, options: &Value) -> Value {
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["allowCredentials"], json!([]));
        let key = self.keys.last().unwrap();
        let data = self.data(options["rpId"].as_str().unwrap(), 0, key.count);
        let client = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client));
        json!({
            "id": encoded(&key.id),
            "rawId": encoded(&key.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encoded(&client),
                "authenticatorData": encoded(&data),
                "signature": encoded(&key.pair.sign(&signed).unwrap()),
                "userHandle": encoded(&key.user),
            },
        })
    }

    fn data(&self, rp_id: &str, flags: u8, count: u32) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(count.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let (challenge, origin) = (&options["challenge"], &self.origin);
        let data =
            json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false });
        data.to_string().into_bytes()
    }
}

/// CBOR: `{"fmt": "none", "attStmt": {}, "authData": data}`.
fn attestation(data: &[u8]) -> Vec<u8> {
    let mut object = vec![0xa3, 0x63];
    object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
    object.push(data.len() as u8);
    object.extend(data);
    object
}

/// CBOR: `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`, a key on the curve P-256, of an uncompressed point.
fn cose(point: &[u8]) -> Vec<u8> {
    let (x, y) = point[1..].split_at(32);
    let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    key.extend(x);
    key.extend([0x22, 0x58, 0x20]);
    key.extend(y);
    key
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decoded(text: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text.as_str().unwrap()).unwrap()
}
