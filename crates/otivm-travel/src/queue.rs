//! The open set of a search: least key first, ties by node, so that a search has one answer.
//!
//! A heap with four children a node: half as deep as a binary one, and the four lie in one line of the cache.

const CHILDREN: usize = 4;

#[derive(Default)]
pub(crate) struct Queue(Vec<u64>);

impl Queue {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn push(&mut self, key: u32, node: u32) {
        let entry = u64::from(key) << 32 | u64::from(node);
        let heap = &mut self.0;
        let mut hole = heap.len();
        heap.push(entry);
        while hole > 0 {
            let above = (hole - 1) / CHILDREN;
            if heap[above] <= entry {
                break;
            }
            heap[hole] = heap[above];
            hole = above;
        }
        heap[hole] = entry;
    }

    pub(crate) fn pop(&mut self) -> Option<(u32, u32)> {
        let last = self.0.pop()?;
        let least = self.0.first().copied().unwrap_or(last);
        if !self.0.is_empty() {
            self.sink(last);
        }
        Some(((least >> 32) as u32, least as u32))
    }

    /// Puts an entry where the first one was.
    fn sink(&mut self, entry: u64) {
        let heap = &mut self.0;
        let mut hole = 0;
        loop {
            let first = hole * CHILDREN + 1;
            let end = (first + CHILDREN).min(heap.len());
            let Some(child) = (first..end).min_by_key(|child| heap[*child]) else { break };
            if heap[child] >= entry {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = entry;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_out_in_order_however_they_went_in(
            entries in proptest::collection::vec((0_u32..50, 0_u32..9), 0..200),
        ) {
            let mut queue = Queue::default();
            for (key, node) in &entries {
                queue.push(*key, *node);
            }
            let out: Vec<_> = std::iter::from_fn(|| queue.pop()).collect();
            let mut sorted = entries;
            sorted.sort_unstable();
            prop_assert_eq!(out, sorted);
        }
    }
}
