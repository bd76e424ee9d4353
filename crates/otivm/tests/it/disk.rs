//! What is on the disk when the server starts: whole, half-written, foreign, or renamed.

use crate::scene::{House, config};
use otivm::StartError;
use std::{fs, path::PathBuf, sync::Arc, time::Instant};
use theron_service::ManualClock;
use theron_testkit::TestMesh;

fn files(folder: &PathBuf) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sqlite3"));
    files.sort();
    files
}

#[tokio::test]
async fn seats_are_made_ahead_once_and_all_live_by_one_clock() {
    let mesh = TestMesh::new().unwrap();
    let (config, clock) = (config(&mesh), theron_testkit::clock());
    let made = otivm::provision(&config, &clock).unwrap();
    assert_eq!((made.found, made.made), (0, 4));
    clock.advance(jiff::SignedDuration::from_hours(5));
    let more = otivm::Config { seats: 6, ..config.clone() };
    let made = otivm::provision(&more, &clock).unwrap();
    assert_eq!((made.found, made.made), (4, 2));
    let folder = config.service.data_dir.join("data/players");
    let seats = files(&folder);
    assert_eq!((seats.len(), fs::read_dir(&folder).unwrap().count()), (6, 6));
    for seat in &seats {
        otivm::verify(seat).unwrap();
    }
    crate::scene::cache_world(&more, "Mare");
    let house = House::start(Arc::new(mesh), Arc::new(clock), more).await;
    // None is left out for living by another clock.
    assert!(!house.readiness().await.detail.contains("damaged"));
    house.running.drain().await;
}

#[tokio::test]
async fn half_written_foreign_and_renamed_files_are_named_and_never_used() {
    let house = House::open_with(|config| config.seats = 6).await;
    let player = house.enrol().await;
    let folder = house.config.service.data_dir.join("data/players");
    let token = player.token.clone();
    let mut broken = Vec::new();
    let house = house
        .restart(|_| {
            let others: Vec<PathBuf> = files(&folder)
                .into_iter()
                .filter(|path| !path.display().to_string().contains(&token))
                .collect();
            let half = fs::read(&others[0]).unwrap();
            fs::write(&others[0], &half[..half.len() / 2]).unwrap();
            fs::write(&others[1], "not a database").unwrap();
            let renamed = folder.join(format!("{}.sqlite3", "q".repeat(26)));
            fs::rename(&others[2], &renamed).unwrap();
            let foreign = folder.join("notes.txt");
            fs::write(&foreign, "hello").unwrap();
            broken = vec![others[0].clone(), others[1].clone(), renamed, foreign];
        })
        .await;
    let detail = house.readiness().await.detail;
    let number = "not used, because they are damaged: 4 files; the log names them";
    assert!(detail.ends_with(number), "{detail}");
    assert!(broken.iter().all(|path| path.exists()));
    let mut again = house.visitor();
    again.cookie = player.cookie;
    assert_eq!(again.me().await.place.as_deref(), Some("ostia"));
    // Six seats, three of them damaged, one taken; the renamed file's seat was made anew.
    let mut enrolled = 0;
    while enrolled < 10 {
        let request =
            house.visitor().command(reqwest::Method::POST, "/players", &serde_json::json!({}));
        if request.send().await.unwrap().status() != 201 {
            break;
        }
        enrolled += 1;
    }
    assert_eq!(enrolled, 2);
    house.running.drain().await;
}

#[tokio::test]
async fn a_moment_changed_behind_our_back_is_found_when_the_life_is_read() {
    let house = House::open().await;
    let player = house.enrol().await;
    for index in 0..40 {
        player.write(&format!("entry {index}")).await;
    }
    let database = house.database(&player.token);
    let house = house
        .restart(|_| {
            let file = theron_sqlite::rusqlite::Connection::open_with_flags(
                &database,
                theron_sqlite::rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE,
            )
            .unwrap();
            file.execute_batch(
                "DROP TRIGGER moment_is_never_changed;
                 UPDATE moment SET value = replace(value, 'entry 3\"', 'forged\"') WHERE name = 'journal';",
            )
            .unwrap();
        })
        .await;
    let mut again = house.visitor();
    again.cookie = player.cookie;
    let me = again.request(reqwest::Method::GET, "/me");
    assert_eq!(crate::scene::refusal(me).await, (503, "life_damaged".to_owned()));
    assert!(otivm::verify(&database).is_err());
    // The others play on.
    house.enrol().await.write("unharmed").await;
    house.running.drain().await;
}

#[tokio::test]
async fn a_house_of_128_opens_in_well_under_a_second() {
    let house = House::open_with(|config| config.seats = 128).await;
    let started = Instant::now();
    let house = house.restart(|_| ()).await;
    // Drain, inspection of 128 files and the small world together, in an unoptimised build.
    assert!(started.elapsed().as_millis() < 5000, "{:?}", started.elapsed());
    house.running.drain().await;
}

/// Two servers would each hold a life in memory, and write moments that do not follow one another.
#[tokio::test]
async fn a_folder_of_lives_is_one_server_s() {
    let house = House::open().await;
    let dice = Arc::new(otivm::SystemDice);
    let second =
        otivm::start(house.config.clone(), Arc::<ManualClock>::clone(&house.clock), dice).await;
    assert!(matches!(second, Err(StartError::Claim(_))));
    let made = otivm::provision(&house.config, &*house.clock);
    assert!(matches!(made, Err(StartError::Claim(_))));
    assert!(house.readiness().await.ready);
    house.restart(|_| ()).await.running.drain().await;
}
