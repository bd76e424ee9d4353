//! Zone reads over mutual TLS, beside the cheapest answer that the same listener can give.

use crate::{load, machine::row, stack::Stack};
use reqwest::Method;
use std::{path::Path, time::Duration};
use tessera_release::Release;

/// Keep-alive connections that ask at once.
const CALLERS: usize = 16;
/// Zones asked for, spread over the world, in an order that no cache likes.
const ZONES: usize = 20_000;
const STRIDE: usize = 7_919;

pub(crate) async fn measure(stack: &Stack, release: &Path, each: Duration) -> anyhow::Result<()> {
    let mut zones = Vec::new();
    Release::open(release)?.for_each_cell(|cell| zones.push(cell.zone.to_string()))?;
    let id = stack.release_id().await?;
    let paths: Vec<String> = (0..ZONES)
        .filter_map(|i| zones.get(i * STRIDE % zones.len()))
        .map(|zone| format!("/releases/{id}/zones/{zone}"))
        .collect();

    let clients = (0..CALLERS)
        .map(|_| stack.status.mesh_client("tessera-store"))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let roots = (0..CALLERS)
        .map(|_| stack.status.root_client("tessera-store"))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let ceiling = load::run(CALLERS, each, async |caller, _| match roots.get(caller) {
        Some(client) => answered(client.request(Method::GET, "/livez")).await,
        None => false,
    })
    .await;
    let reads = load::run(CALLERS, each, async |caller, turn| {
        let path = paths.get((turn as usize * CALLERS + caller) % paths.len());
        match (clients.get(caller), path) {
            (Some(client), Some(path)) => answered(client.request(Method::GET, path)).await,
            _ => false,
        }
    })
    .await;
    let share = 100.0 * reads.per_second / ceiling.per_second;
    row(
        "store, zone reads over mutual TLS, 16 connections",
        &reads.figure(),
        &format!("{share:.0} % of /livez on the same listener ({})", ceiling.figure()),
    );
    Ok(())
}

async fn answered(request: reqwest::RequestBuilder) -> bool {
    match request.send().await {
        Ok(answer) => answer.status().is_success() && answer.bytes().await.is_ok(),
        Err(_) => false,
    }
}
