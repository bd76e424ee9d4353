//! How many calls one client of the public listener has in a while: told beforehand in `RateLimit`
//! headers, and refused with 429 before the machine is overloaded by one of them.

use super::origin::client_address;
use crate::{app::App, config::Public};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
};
use theron_service::Refusal;

/// Clients that are counted one by one, some megabytes; beyond them newcomers share one budget.
const CLIENTS_MAX: usize = 65_536;

/// What a client has used of the window that its first call began.
#[derive(Clone, Copy)]
struct Used {
    since: Timestamp,
    calls: u32,
}

pub(crate) struct Budget {
    calls_max: u32,
    window_s: u32,
    used: Mutex<HashMap<IpAddr, Used>>,
}

/// What is left after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    calls: u32,
    /// Until the next window.
    seconds: u32,
    over: bool,
}

impl Budget {
    pub(crate) fn new(public: &Public) -> Self {
        let (calls_max, window_s) = (public.calls_max, public.window_s.max(1));
        Self { calls_max, window_s, used: Mutex::default() }
    }

    fn take(&self, client: IpAddr, now: Timestamp) -> Left {
        let window = i64::from(self.window_s);
        let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = |used: &Used| now.as_second() - used.since.as_second() >= window;
        let mut key = one_household(client);
        if all.len() >= CLIENTS_MAX && !all.contains_key(&key) {
            all.retain(|_, used| !gone(used));
            if all.len() >= CLIENTS_MAX {
                key = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        let used = all.entry(key).or_insert(Used { since: now, calls: 0 });
        if gone(used) {
            *used = Used { since: now, calls: 0 };
        }
        let over = used.calls >= self.calls_max;
        used.calls += u32::from(!over);
        let passed = (now.as_second() - used.since.as_second()).clamp(0, window);
        Left {
            calls: self.calls_max - used.calls,
            seconds: u32::try_from(window - passed).unwrap_or(self.window_s),
            over,
        }
    }

    fn say(&self, left: Left, response: &mut Response) {
        let policy = format!("\"client\";q={};w={}", self.calls_max, self.window_s);
        let limit = format!("\"client\";r={};t={}", left.calls, left.seconds);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

/// A household has a whole /64 of IPv6.
fn one_household(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

pub(crate) async fn within_budget(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(client) = client_address(request.headers(), request.extensions()) else {
        return next.run(request).await;
    };
    let left = app.budget.take(client, app.clock.now());
    let mut response = if left.over {
        let detail = format!(
            "this address has used its {} calls; the next are taken in {} s. Ask for more features at \
             a time (limit=10000), or download the release as one file",
            app.budget.calls_max, left.seconds
        );
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "too_many_calls", detail);
        let mut response = refusal.into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(left.seconds));
        response
    } else {
        next.run(request).await
    };
    app.budget.say(left, &mut response);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn budget(calls_max: u32) -> Budget {
        Budget::new(&Public { calls_max, window_s: 60, ..Public::default() })
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    #[test]
    fn a_client_that_used_its_calls_waits_for_the_next_window_and_others_do_not() {
        let budget = budget(2);
        let [a, b] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)].map(IpAddr::from);
        assert_eq!(budget.take(a, at(0)), Left { calls: 1, seconds: 60, over: false });
        assert_eq!(budget.take(a, at(10)), Left { calls: 0, seconds: 50, over: false });
        assert_eq!(budget.take(a, at(59)), Left { calls: 0, seconds: 1, over: true });
        assert_eq!(budget.take(b, at(59)), Left { calls: 1, seconds: 60, over: false });
        assert_eq!(budget.take(a, at(60)), Left { calls: 1, seconds: 60, over: false });
    }

    #[test]
    fn a_household_of_ipv6_is_one_client() {
        let budget = budget(1);
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::ffff:2".parse().unwrap();
        assert!(!budget.take(one, at(0)).over);
        assert!(budget.take(other, at(0)).over);
    }

    #[test]
    fn more_clients_than_are_counted_share_one_budget_until_others_are_forgotten() {
        let budget = budget(1);
        for i in 0..CLIENTS_MAX as u32 {
            assert!(!budget.take(Ipv4Addr::from_bits(i).into(), at(0)).over);
        }
        let newcomer = |i: u8| Ipv4Addr::new(203, 0, 113, i).into();
        assert!(!budget.take(newcomer(1), at(1)).over);
        assert!(!budget.take(newcomer(2), at(70)).over, "the rest is forgotten by now");
        assert!(budget.used.lock().unwrap().len() <= CLIENTS_MAX);
    }
}
