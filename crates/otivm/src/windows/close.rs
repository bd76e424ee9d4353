//! Closing windows when their time has come, and after a pause those that were missed.

use super::WindowError;
use crate::app::App;
use std::{sync::Arc, time::Duration};

/// How late after its end a window may be closed; windows are 5 s and longer.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// For ever.
pub(crate) async fn close_windows(app: Arc<App>) {
    let mut closed_before = i64::MIN;
    loop {
        let now = app.now();
        let open = app.windows.open_window(now);
        if open != closed_before {
            match close_due(&app).await {
                Ok(()) => closed_before = open,
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "a window could not be closed; it is tried again");
                }
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn close_due(app: &App) -> Result<(), WindowError> {
    let now = app.now();
    for window in app.windows.unwritten(now)? {
        app.windows.snapshot(&app.house, app.world.scene(), window, now).await?;
    }
    app.windows.prune(now)
}
