//! A player without a browser: the player API as anybody's bot would use it.

use crate::stack::{Stack, wait_for};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// The longest voyage of these tests at their rate, with a busy machine's delays.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

pub(crate) struct Player {
    http: reqwest::blocking::Client,
    base: String,
    cookie: String,
    keys: AtomicU32,
}

/// Each life of a test begins under a key of its own.
static NEXT: AtomicU32 = AtomicU32::new(0);

impl Player {
    pub(crate) fn enrol(stack: &Stack) -> Self {
        let http = reqwest::blocking::Client::new();
        let base = stack.public_url("otivm-dev");
        let key = format!("the-key-of-a-new-player-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let players = http.post(format!("{base}/players")).header("idempotency-key", key);
        let answer = players.json(&json!({})).send().unwrap();
        assert_eq!(answer.status(), 201);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { http, base, cookie, keys: AtomicU32::new(0) }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .send()
            .unwrap();
        let status = answer.status();
        let body = answer.text().unwrap();
        assert!(status.is_success(), "{path}: {status} {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// A command that must succeed.
    pub(crate) fn command(&self, path: &str, body: &Value) -> Value {
        let (status, answer) = self.try_command(path, body);
        assert_eq!(status, 201, "{path} {body}: {answer}");
        answer
    }

    pub(crate) fn try_command(&self, path: &str, body: &Value) -> (u16, Value) {
        let key = format!("k{}", self.keys.fetch_add(1, Ordering::Relaxed));
        let answer = self
            .http
            .post(format!("{}{path}", self.base))
            .header("cookie", &self.cookie)
            .header("idempotency-key", key)
            .json(body)
            .send()
            .unwrap();
        (answer.status().as_u16(), answer.json().unwrap())
    }

    pub(crate) fn quote(&self, place: &str, good: &str) -> Value {
        let market = self.get(&format!("/places/{place}/market"));
        let quotes = market["quotes"].as_array().unwrap();
        quotes.iter().find(|quote| quote["good"] == good).unwrap().clone()
    }

    pub(crate) fn sail(&self, to: &str) {
        self.command("/voyages", &json!({ "to": to }));
        wait_for("the ship arrives", ARRIVES_WITHIN, || {
            (self.get("/me")["place"] == to).then_some(())
        });
    }
}
