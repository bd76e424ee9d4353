//! In a simulation's house the disk comes after the answer: here it catches up.

use crate::app::App;
use futures::future::join_all;
use std::{sync::Arc, time::Duration};

/// Until the server stops, and once more then.
pub(crate) async fn keep_up(app: Arc<App>, answers_ahead: Duration) {
    while !app.tasks.is_stopping() {
        tokio::select! {
            () = app.tasks.stopping() => app.house.answer_from_the_disk(),
            () = tokio::time::sleep(answers_ahead) => {}
        }
        let seats = app.house.taken();
        // Whatever a desk is asked by the server itself is answered from the disk.
        let written = join_all(seats.iter().map(|seat| seat.at_desk_patiently(|_desk| ()))).await;
        let behind = written.iter().filter(|written| written.is_err()).count();
        if behind > 0 {
            tracing::error!(behind, "lives of a simulation have lost what was answered ahead");
        }
    }
}
