//! Load by `oha`, a program of its own: what it measures is not slowed by what we link.

use crate::machine::Processors;
use anyhow::{Context, bail};
use serde::Deserialize;
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    time::Duration,
};
use theron_mesh::Credentials;

/// Keep-alive connections that ask at once.
const CONNECTIONS: &str = "16";

pub(crate) struct Oha {
    pub(crate) program: PathBuf,
    pub(crate) each: Duration,
    pub(crate) on: Processors,
}

/// What is asked, how fast, and with which certificate.
pub(crate) struct Load<'a> {
    /// A file of addresses, one a line; each call takes one at random.
    pub(crate) urls: &'a Path,
    pub(crate) credentials: Option<&'a Credentials>,
    pub(crate) pace: Pace,
}

/// How fast calls are sent, and from when their time counts.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// As they are answered.
    Unpaced,
    /// So many a second, each counted from when it was sent: what the server takes.
    FromSending(f64),
    /// So many a second, each counted from when it was due: what the load generator sends late is in it, too.
    FromDue(f64),
}

#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) per_second: f64,
    /// Answered, whatever the answer was.
    pub(crate) calls: f64,
    p50_ms: f64,
    p99_ms: f64,
    share_good: f64,
}

impl Figure {
    pub(crate) fn text(&self) -> String {
        let failed = if self.share_good < 1.0 {
            format!(", {:.1} % FAILED", 100.0 * (1.0 - self.share_good))
        } else {
            String::new()
        };
        format!(
            "{:.0}/s, p50 {:.2} ms, p99 {:.2} ms{failed}",
            self.per_second, self.p50_ms, self.p99_ms
        )
    }
}

#[derive(Deserialize)]
struct Report {
    summary: Summary,
    #[serde(rename = "latencyPercentiles")]
    percentiles: Percentiles,
    #[serde(rename = "statusCodeDistribution")]
    statuses: std::collections::BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(rename = "requestsPerSec")]
    per_second: f64,
}

#[derive(Deserialize)]
struct Percentiles {
    p50: Option<f64>,
    p99: Option<f64>,
}

impl Oha {
    /// At a pace that the server keeps up with: what a call takes, counted either way.
    pub(crate) async fn calm(
        &self,
        urls: &Path,
        credentials: Option<&Credentials>,
        per_second: f64,
    ) -> anyhow::Result<String> {
        let mut said = Vec::new();
        for (pace, from) in
            [(Pace::FromSending(per_second), "sent"), (Pace::FromDue(per_second), "due")]
        {
            let figure = self.run(&Load { urls, credentials, pace }).await?;
            said.push(format!("{} from when it was {from}", figure.text()));
        }
        Ok(said.join("; "))
    }

    pub(crate) async fn run(&self, load: &Load<'_>) -> anyhow::Result<Figure> {
        let mut oha = self.on.command(&self.program);
        oha.args(["--no-tui", "--output-format=json", "--urls-from-file", "-c", CONNECTIONS])
            .args(["-H", "accept-encoding: gzip", "-z"])
            .arg(format!("{}s", self.each.as_secs()));
        if let Pace::FromSending(rate) | Pace::FromDue(rate) = load.pace {
            oha.arg("-q").arg(format!("{rate:.0}"));
        }
        if let Pace::FromDue(_) = load.pace {
            oha.arg("--latency-correction");
        }
        if let Some(credentials) = load.credentials {
            oha.arg("--cacert").arg(&credentials.ca);
            oha.arg("--cert").arg(&credentials.cert).arg("--key").arg(&credentials.key);
        }
        let output = oha.arg(load.urls).output().await.context("starting oha")?;
        if !output.status.success() {
            bail!("oha failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let report: Report = serde_json::from_slice(&output.stdout).context("oha's report")?;
        Ok(report.into())
    }
}

/// Lists of addresses that `oha` reads.
pub(crate) struct Lists {
    pub(crate) folder: PathBuf,
}

impl Lists {
    pub(crate) fn write(
        &self,
        name: &str,
        urls: impl Iterator<Item = String>,
    ) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(format!("urls-{}.txt", name.replace(' ', "-")));
        let mut text = String::new();
        for url in urls {
            writeln!(text, "{url}")?;
        }
        std::fs::write(&path, text)?;
        Ok(path)
    }
}

impl From<Report> for Figure {
    fn from(report: Report) -> Self {
        let all: u64 = report.statuses.values().sum();
        let good: u64 = report
            .statuses
            .iter()
            .filter(|(status, _)| status.starts_with('2'))
            .map(|(_, count)| count)
            .sum();
        let ms = |seconds: Option<f64>| seconds.unwrap_or(f64::NAN) * 1e3;
        Self {
            per_second: report.summary.per_second,
            calls: all as f64,
            p50_ms: ms(report.percentiles.p50),
            p99_ms: ms(report.percentiles.p99),
            share_good: if all == 0 { 0.0 } else { good as f64 / all as f64 },
        }
    }
}
