//! How many calls a client has in a while: told beforehand in `RateLimit` headers
//! (draft-ietf-httpapi-ratelimit-headers-10), and refused before the machine is overloaded by one of them.
//!
//! A window begins with a client's first call. Memory is bounded: clients beyond a limit share one budget.

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use std::{
    collections::HashMap,
    fmt::Write,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Clients that are counted one by one, some megabytes; beyond them newcomers share one budget.
const CLIENTS_MAX: usize = 65_536;

/// What a client has used of the window that its first call began.
#[derive(Clone, Copy)]
struct Used {
    since: Timestamp,
    calls: u32,
}

/// So many calls in a window for each client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// As the headers call it.
    pub name: &'static str,
    pub calls_max: u32,
    /// Length of the window, seconds.
    pub window_s: u32,
}

/// What every client has used of one policy.
pub struct Budget<K> {
    policy: Policy,
    /// Those who are one too many are counted under `None`.
    used: Mutex<HashMap<Option<K>, Used>>,
}

/// What is left after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub policy: Policy,
    pub calls: u32,
    /// Until the next window.
    pub seconds: u32,
    /// Nothing was left before the call either: refuse it.
    pub over: bool,
}

impl<K: Hash + Eq> Budget<K> {
    pub fn new(policy: Policy) -> Self {
        let policy = Policy { window_s: policy.window_s.max(1), ..policy };
        Self { policy, used: Mutex::default() }
    }

    /// Takes one call. A clock that was set back begins a new window, as one that went on does.
    pub fn take(&self, client: K, now: Timestamp) -> Left {
        let Policy { calls_max, window_s, .. } = self.policy;
        let window = i64::from(window_s);
        let passed = |used: &Used| now.as_second() - used.since.as_second();
        let gone = |used: &Used| !(0..window).contains(&passed(used));
        let mut all = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(client);
        if all.len() >= CLIENTS_MAX && !all.contains_key(&key) {
            all.retain(|_, used| !gone(used));
            if all.len() >= CLIENTS_MAX {
                key = None;
            }
        }
        let used = all.entry(key).or_insert(Used { since: now, calls: 0 });
        if gone(used) {
            *used = Used { since: now, calls: 0 };
        }
        let over = used.calls >= calls_max;
        used.calls += u32::from(!over);
        Left {
            policy: self.policy,
            calls: calls_max - used.calls,
            seconds: u32::try_from(window - passed(used)).unwrap_or(window_s),
            over,
        }
    }
}

/// Writes what is left of each budget that a call used.
pub fn say_budgets(left: &[Left], headers: &mut HeaderMap) {
    if left.is_empty() {
        return;
    }
    let (mut policies, mut limits) = (String::with_capacity(64), String::with_capacity(64));
    for Left { policy, calls, seconds, .. } in left {
        let between = if policies.is_empty() { "" } else { ", " };
        let Policy { name, calls_max, window_s } = policy;
        write!(policies, "{between}\"{name}\";q={calls_max};w={window_s}")
            .and_then(|()| write!(limits, "{between}\"{name}\";r={calls};t={seconds}"))
            .expect("writing to a string does not fail");
    }
    for (name, list) in [("ratelimit-policy", policies), ("ratelimit", limits)] {
        if let Ok(value) = HeaderValue::try_from(list) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// A household has a whole /64 of IPv6.
pub fn one_household(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn budget(calls_max: u32) -> Budget<IpAddr> {
        Budget::new(policy(calls_max))
    }

    fn policy(calls_max: u32) -> Policy {
        Policy { name: "client", calls_max, window_s: 60 }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + second).unwrap()
    }

    fn left(calls: u32, seconds: u32, over: bool) -> Left {
        Left { policy: policy(2), calls, seconds, over }
    }

    #[test]
    fn a_client_that_used_its_calls_waits_for_the_next_window_and_others_do_not() {
        let budget = budget(2);
        let [a, b] = [Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2)].map(IpAddr::from);
        assert_eq!(budget.take(a, at(0)), left(1, 60, false));
        assert_eq!(budget.take(a, at(10)), left(0, 50, false));
        assert_eq!(budget.take(a, at(59)), left(0, 1, true));
        assert_eq!(budget.take(b, at(59)), left(1, 60, false));
        assert_eq!(budget.take(a, at(60)), left(1, 60, false));
    }

    #[test]
    fn a_clock_that_was_set_back_ten_years_locks_nobody_out() {
        let budget = budget(2);
        let a = IpAddr::from(Ipv4Addr::new(192, 0, 2, 1));
        for _ in 0..3 {
            budget.take(a, at(0));
        }
        assert_eq!(budget.take(a, at(-3650 * 86_400)), left(1, 60, false));
    }

    #[test]
    fn a_household_of_ipv6_is_one_client() {
        let household = |text: &str| one_household(text.parse().unwrap());
        assert_eq!(household("2001:db8::1"), household("2001:db8::ffff:2"));
        assert_ne!(household("2001:db8::1"), household("2001:db8:0:1::1"));
        assert_eq!(household("::ffff:192.0.2.1"), household("192.0.2.1"));
    }

    #[test]
    fn more_clients_than_are_counted_share_one_budget_until_others_are_forgotten() {
        let budget = budget(1);
        for i in 0..CLIENTS_MAX as u32 {
            assert!(!budget.take(Ipv4Addr::from_bits(i).into(), at(0)).over);
        }
        let newcomer = |i: u8| Ipv4Addr::new(203, 0, 113, i).into();
        assert!(!budget.take(newcomer(1), at(1)).over);
        assert!(budget.take(newcomer(2), at(2)).over, "it shares the budget of the first");
        assert!(!budget.take(newcomer(2), at(70)).over, "the rest is forgotten by now");
        assert!(budget.used.lock().unwrap().len() <= CLIENTS_MAX + 1);
    }

    #[test]
    fn the_headers_read_as_the_draft_has_them() {
        let mut headers = HeaderMap::new();
        let other = Left { policy: Policy { name: "reads", ..policy(9) }, ..left(8, 3, false) };
        say_budgets(&[left(1, 60, false), other], &mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"client\";q=2;w=60, \"reads\";q=9;w=60");
        assert_eq!(headers["ratelimit"], "\"client\";r=1;t=60, \"reads\";r=8;t=3");
    }
}
