//! SIGKILL at random instants under load: nothing that was acknowledged is lost, nothing is doubled.
//!
//! `cargo xtask bench --only kills` does it two thousand times.

use crate::writers::{Heard, Post, Work};
use theron_testkit::Dice;

const PLAYERS: usize = 4;
const KILLS: usize = 20;
/// Answers between a start and a kill, at most.
const ANSWERS_MAX: usize = 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_instant_it_has_kept_every_word_it_gave() {
    let (post, mut dice) = (Post::new(), Dice::new(45));
    let mut child = post.serve();
    let mut writers = Vec::new();
    for _ in 0..PLAYERS {
        writers.push(post.enrol().await);
    }
    let work = Work::begin(writers);
    for _ in 0..KILLS {
        let answers = 1 + dice.below(ANSWERS_MAX) as u64;
        Heard::more(&work.heard.acknowledged, answers).await;
        child.kill().unwrap();
        child.wait().unwrap();
        child = post.serve();
    }
    Heard::more(&work.heard.acknowledged, 1).await;
    let writers = work.end();
    child.kill().unwrap();
    child.wait().unwrap();
    for writer in &writers {
        writer.check(&post.players());
    }
}
