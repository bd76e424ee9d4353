//! The program, when it cannot start.

use crate::scene::Scene;
use std::{fs, process::Command};

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_a_line_of_the_log_that_says_what_to_do() {
    let scene = Scene::with(&[]).await;
    let config = scene.config();
    let database = config.service.data_dir.join("aggregation.sqlite3");
    fs::write(&database, [b'x'; 4096]).unwrap();
    let service = toml::to_string(&config.service).unwrap();
    let service = service.replace("[listen]", "[service.listen]").replace("[tls]", "[service.tls]");
    let file = scene.mesh.folder().join("tessera-dev.toml");
    let store = &config.neighbours.store.base_url;
    let text = format!(
        "window_seconds = 300\ngames = []\n[neighbours.store]\nbase_url = '{store}'\n[service]\n{service}"
    );
    fs::write(&file, text).unwrap();

    let output = Command::new(env!("CARGO_BIN_EXE_tessera-dev"))
        .args(["serve", "--config"])
        .arg(file)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    let line: serde_json::Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&line["level"], &line["message"]),
        (&"ERROR".into(), &"the service does not start".into())
    );
    let error = format!(
        "the aggregation database cannot be opened: restore it from a backup, or move it away, and a new one begins \
         at the window that is open: {}: file is not a database",
        database.display()
    );
    let said = line["error"].as_str().unwrap();
    assert!(said.starts_with(&error), "{said}");
}
