//! A caller over one kept connection that does as little as HTTP/1.1 allows: it shares the machine with what it
//! measures, and each microsecond of its own is missing there.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Answers of the game are some kilobytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;
const PART: usize = 16 * 1024;

pub(crate) struct Wire {
    stream: TcpStream,
    head: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Wire {
    /// As the player whose cookie it is.
    pub(crate) async fn connect(address: SocketAddr, cookie: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let head =
            format!("host: {address}\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n");
        Ok(Self { stream, head, request: Vec::new(), answer: Vec::new() })
    }

    /// Writes in the journal, under a key.
    pub(crate) async fn write(&mut self, key: &str, text: &str) -> anyhow::Result<Answer<'_>> {
        let body = format!("{{\"text\":\"{text}\"}}");
        let path = "POST /api/v1/journal HTTP/1.1";
        self.call(&format!("{path}\r\nidempotency-key: {key}\r\n"), &body).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> anyhow::Result<Answer<'_>> {
        self.call(&format!("GET {path} HTTP/1.1\r\n"), "").await
    }

    async fn call(&mut self, first: &str, body: &str) -> anyhow::Result<Answer<'_>> {
        let Self { stream, head, request, answer } = self;
        request.clear();
        for part in [first, head, &format!("content-length: {}\r\n\r\n{body}", body.len())] {
            request.extend_from_slice(part.as_bytes());
        }
        stream.write_all(request).await?;
        answer.clear();
        let body = loop {
            answer.reserve(PART);
            if stream.read_buf(answer).await? == 0 {
                bail!("the connection was closed in the middle of an answer");
            }
            if let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let (status, length) = read_head(&answer[..body])?;
        while answer.len() < body + length {
            if stream.read_buf(answer).await? == 0 {
                bail!("the connection was closed in the middle of an answer");
            }
        }
        Ok(Answer { status, body: &answer[body..body + length] })
    }
}

/// Status and length of the body.
fn read_head(head: &[u8]) -> anyhow::Result<(u16, usize)> {
    let text = std::str::from_utf8(head)?;
    let mut lines = text.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).context("no status")?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("the answer does not say its length")?;
    let length = length.1.trim().parse()?;
    if length > ANSWER_BYTES_MAX {
        bail!("an answer of {length} bytes");
    }
    Ok((status.parse()?, length))
}
