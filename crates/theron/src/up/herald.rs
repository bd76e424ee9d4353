//! What is said of a stack that comes up: the game's address once it can be played, who is late, and when all are ready.
//! Each of these once. Nobody's lateness takes down what is ready.

use crate::{layout::Layout, status::ServiceStatus};
use std::time::Duration;
use theron_mesh::names;

/// From the promotion of a world until the game has loaded it and settled its markets.
const READY_WITHIN: Duration = Duration::from_secs(300);
/// Between two looks; after [`READY_WITHIN`] a person is needed, and each look is a line in five logs.
const PAUSE: Duration = Duration::from_millis(100);
const LATE_PAUSE: Duration = Duration::from_secs(5);

pub(super) struct Herald<'a> {
    layout: &'a Layout,
    told_address: bool,
    told_late: bool,
}

impl<'a> Herald<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self { layout, told_address: false, told_late: false }
    }

    /// What is to be said now, so long after the world was there.
    pub(super) fn lines(&mut self, services: &[ServiceStatus], elapsed: Duration) -> Vec<String> {
        let mut lines = Vec::new();
        let is_played = services.iter().any(|service| service.name == names::GAME && service.ready);
        if is_played && !self.told_address {
            self.told_address = true;
            lines.push(format!("\n  OTIVM is ready: {}\n", self.layout.game_url()));
        }
        let late: Vec<_> = services.iter().filter(|service| !service.ready).collect();
        if late.is_empty() {
            let remarks = services.iter().filter(|service| !service.detail.is_empty());
            lines.extend(remarks.map(|service| format!("{}: {}", service.name, service.detail)));
        } else if elapsed > READY_WITHIN && !self.told_late {
            self.told_late = true;
            lines.extend(late.into_iter().map(|service| {
                format!(
                    "{} is not ready after {} s: {}; its log is {}",
                    service.name,
                    READY_WITHIN.as_secs(),
                    service.detail,
                    self.layout.log_file(&service.name).display()
                )
            }));
        }
        lines
    }

    pub(super) fn pause(&self) -> Duration {
        if self.told_late { LATE_PAUSE } else { PAUSE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::GAME_PORT;

    fn status(name: &str, ready: bool, detail: &str) -> ServiceStatus {
        ServiceStatus {
            name: name.to_owned(),
            base_url: String::new(),
            public_url: None,
            version: None,
            ready,
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn a_game_that_is_ready_is_told_at_once_and_who_is_late_once() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path(), GAME_PORT).unwrap();
        let mut herald = Herald::new(&layout);
        let game = |ready| status(names::GAME, ready, "");
        let late = status(names::AGGREGATION, false, "waits for tessera-store");
        let seconds = Duration::from_secs;
        let none: [String; 0] = [];
        let address = "\n  OTIVM is ready: http://localhost:3000\n".to_owned();

        assert_eq!(herald.lines(&[game(false), late.clone()], seconds(1)), none);
        assert_eq!(herald.lines(&[game(true), late.clone()], seconds(2)), [address]);
        assert_eq!(herald.lines(&[game(true), late.clone()], seconds(300)), none);
        let log = layout.log_file(names::AGGREGATION);
        let told = format!(
            "tessera-dev is not ready after 300 s: waits for tessera-store; its log is {}",
            log.display()
        );
        assert_eq!(herald.lines(&[game(true), late.clone()], seconds(301)), [told]);
        assert_eq!(herald.lines(&[game(true), late], seconds(900)), none);
        let ready = status(names::AGGREGATION, true, "window 7 is open");
        let remark = "tessera-dev: window 7 is open".to_owned();
        assert_eq!(herald.lines(&[game(true), ready], seconds(901)), [remark]);
    }
}
