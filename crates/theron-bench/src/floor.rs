//! The floor under any HTTP server on this machine: a thread for each connection that reads a request to its empty
//! line and writes one answer that was made beforehand. It parses, routes, logs and counts nothing.

use anyhow::{Context, bail};
use clap::Args;
use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};
use tokio::process::{Child, Command};

const READY_WITHIN: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);
/// The load generator's requests are some hundred bytes.
const REQUEST_BYTES_MAX: usize = 8 * 1024;
const END_OF_REQUEST: &[u8] = b"\r\n\r\n";

/// `theron-bench floor …`: what its process does.
#[derive(Args)]
pub(crate) struct Task {
    #[arg(long)]
    listen: SocketAddr,
    /// The body of every answer
    #[arg(long)]
    answer: PathBuf,
}

/// Serves until it is killed.
pub(crate) fn perform(task: &Task) -> anyhow::Result<()> {
    let body = std::fs::read(&task.answer)?;
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.mapbox-vector-tile\r\n\
         content-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(&body);
    let listener = TcpListener::bind(task.listen)?;
    thread::scope(|scope| {
        for connection in listener.incoming() {
            let (connection, answer) = (connection?, &answer);
            scope.spawn(move || drop(answer_all(connection, answer)));
        }
        Ok(())
    })
}

fn answer_all(mut connection: TcpStream, answer: &[u8]) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut request = [0; REQUEST_BYTES_MAX];
    let mut held = 0;
    loop {
        let read = connection.read(request.get_mut(held..).unwrap_or_default())?;
        if read == 0 {
            return Ok(());
        }
        held += read;
        if request[..held].ends_with(END_OF_REQUEST) {
            connection.write_all(answer)?;
            held = 0;
        }
    }
}

/// Starts it as a process of its own, so that its processor time stands apart.
pub(crate) async fn start(listen: &str, answer: &Path) -> anyhow::Result<Child> {
    let mut process = Command::new(std::env::current_exe()?)
        .args(["floor", "--listen", listen, "--answer"])
        .arg(answer)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting the bare server")?;
    await_listening("the bare server", listen, &mut process).await?;
    Ok(process)
}

/// Until somebody answers there.
pub(crate) async fn await_listening(
    who: &str,
    address: &str,
    process: &mut Child,
) -> anyhow::Result<()> {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        if let Some(ended) = process.try_wait()? {
            bail!("{who} ended ({ended}); run it by hand to see why");
        }
        if started.elapsed() > READY_WITHIN {
            bail!("{who} does not listen after {} s", READY_WITHIN.as_secs());
        }
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}
