//! The open set of a search: least key first, ties by node, so that a search has one answer.

use std::{cmp::Reverse, collections::BinaryHeap};

#[derive(Default)]
pub(crate) struct Queue(BinaryHeap<Reverse<u64>>);

impl Queue {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn push(&mut self, key: u32, node: u32) {
        self.0.push(Reverse(u64::from(key) << 32 | u64::from(node)));
    }

    pub(crate) fn pop(&mut self) -> Option<(u32, u32)> {
        let Reverse(entry) = self.0.pop()?;
        Some(((entry >> 32) as u32, entry as u32))
    }
}
