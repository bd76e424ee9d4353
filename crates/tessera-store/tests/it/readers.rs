//! What one reader asks for that is dear leaves room for others.

use crate::{
    dear::{DEAR, LEFT_MIN, scene},
    scene::Store,
};
use futures::{StreamExt, stream::FuturesUnordered};
use reqwest::{Client, Method};
use std::net::{IpAddr, Ipv4Addr};
use theron_mesh::{CallError, MeshClient};
use theron_wire::Problem;

/// Dear calls that one reader may have in hand.
const IN_HAND_OF_ONE: usize = 64;

/// Who reads a store.
enum Reader<'a> {
    /// At an address of this machine.
    At(&'a Store, Client),
    /// By a name of the mesh.
    Named(MeshClient),
}

impl Reader<'_> {
    /// The status, and what was said where it was refused.
    async fn get(&self, path: &str) -> (u16, String) {
        let problem: Problem = match self {
            Self::At(store, client) => {
                let address = format!("{}{path}", store.public_url());
                let answer = client.get(address).send().await.unwrap();
                if answer.status() == 200 {
                    return (200, String::new());
                }
                assert_eq!(answer.headers()["retry-after"], "1");
                answer.json().await.unwrap()
            }
            Self::Named(mesh) => match mesh.send(mesh.request(Method::GET, path)).await {
                Ok(answer) => return (answer.status().as_u16(), String::new()),
                Err(CallError::Refused { problem, .. }) => *problem,
                Err(error) => panic!("{path}: {error}"),
            },
        };
        (problem.status, format!("{}: {}", problem.code, problem.detail))
    }
}

/// A reader at 127.0.0.HOST.
fn at(store: &Store, host: u8) -> Reader<'_> {
    let address = IpAddr::from(Ipv4Addr::new(127, 0, 0, host));
    Reader::At(store, Client::builder().local_address(address).build().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_answered_while_the_dear_calls_of_another_wait() {
    let (mut store, [dear, ..], _folder) = scene().await;
    let named = |name: &str| Reader::Named(store.as_identity(name));
    let pairs = [
        [at(&store, 1), at(&store, 2)],
        [named("otivm-one"), named("otivm-other")],
        [named("otivm-one"), at(&store, 1)],
    ];
    for [greedy, modest] in &pairs {
        let mut calls: FuturesUnordered<_> = (0..DEAR).map(|_| greedy.get(&dear)).collect();
        assert_eq!(calls.next().await.unwrap().0, 200);
        let mut asked = Box::pin(modest.get(&dear));
        let answer = loop {
            tokio::select! {
                answer = &mut asked => break answer,
                Some(answer) = calls.next() => assert_eq!(answer.0, 200),
            }
        };
        assert_eq!(answer.0, 200);
        assert!(calls.len() >= LEFT_MIN, "only {} are left", calls.len());
    }
    drop(pairs);
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_with_too_many_dear_calls_in_hand_is_told_to_wait_and_no_other_is() {
    let (mut store, [dear, ..], _folder) = scene().await;
    // Every zone there is, for a page of none.
    let dearest = "/collections/cells/items?filter=koppen%20=%20'ZZ'";
    let named = Reader::Named(store.as_identity("otivm-one"));
    for (greedy, modest) in [(at(&store, 1), at(&store, 2)), (named, at(&store, 1))] {
        let calls = (0..2 * IN_HAND_OF_ONE).map(|_| greedy.get(dearest));
        let mut calls: FuturesUnordered<_> = calls.collect();
        let (status, said) = loop {
            let answer = calls.next().await.unwrap();
            if answer.0 != 200 {
                break answer;
            }
        };
        assert_eq!(status, 429);
        assert!(said.starts_with("too_many_calls: 64 calls of yours"), "{said}");
        let tile = "/releases/current/tiles/world/1/0/1";
        assert_eq!(greedy.get(tile).await.0, 200, "it is not dear");
        assert_eq!(modest.get(&dear).await.0, 200);
        // Those who hang up have nothing in hand any more.
        drop(calls);
        while greedy.get(&dear).await.0 != 200 {}
    }
    store.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_does_not_read_his_exports_leaves_one_to_others() {
    let (mut store, _dear, _folder) = scene().await;
    let path = "/releases/current/export/cells.parquet";
    let get = async |host: u8| {
        let Reader::At(_, client) = at(&store, host) else { unreachable!() };
        client.get(format!("{}{path}", store.public_url())).send().await.unwrap()
    };
    let mut asked: FuturesUnordered<_> = (0..8).map(|_| get(1)).collect();
    let held = [asked.next().await.unwrap(), asked.next().await.unwrap()];
    assert!(held.iter().all(|answer| answer.status() == 200));
    let answer = tokio::select! {
        _ = asked.next() => panic!("a reader has a third export while he holds two"),
        answer = get(2) => answer,
    };
    assert_eq!(answer.status(), 200);
    drop((held, asked));
    store.stop().await;
}
