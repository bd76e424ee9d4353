//! A disk that takes nothing more: who asks hears it, until it does again.

use crate::app::App;
use std::{sync::Arc, time::Duration};

/// How soon a disk is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// Until the server stops.
pub(crate) async fn mind_the_disk(app: Arc<App>) {
    loop {
        app.house.disk().doubted().await;
        while !takes_it(&app).await {
            app.tell_again();
            tokio::time::sleep(AGAIN).await;
        }
        app.tell_again();
    }
}

async fn takes_it(app: &Arc<App>) -> bool {
    let app = Arc::clone(app);
    // A panic in there was logged by the runtime; it says nothing of the disk.
    tokio::task::spawn_blocking(move || app.house.disk().probe()).await.unwrap_or(true)
}
