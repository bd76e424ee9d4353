//! W3C Trace Context, level 1: `00-{trace-id}-{parent-id}-{flags}`.

use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traceparent {
    pub trace_id: u128,
    pub parent_id: u64,
    pub flags: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a W3C traceparent")]
pub struct TraceparentError;

impl Traceparent {
    /// The same trace, seen from a new span.
    pub fn child(self, parent_id: u64) -> Self {
        Self { parent_id, ..self }
    }
}

impl FromStr for Traceparent {
    type Err = TraceparentError;
    fn from_str(text: &str) -> Result<Self, TraceparentError> {
        let lower_hex =
            |part: &str| part.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let parts: Vec<&str> = text.split('-').collect();
        let &[version, trace, parent, flags] = parts.as_slice() else {
            return Err(TraceparentError);
        };
        let lengths = (version.len(), trace.len(), parent.len(), flags.len());
        if version != "00" || lengths != (2, 32, 16, 2) || !parts.iter().all(|part| lower_hex(part))
        {
            return Err(TraceparentError);
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_digits| TraceparentError)?;
        let parent_id = u64::from_str_radix(parent, 16).map_err(|_digits| TraceparentError)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_digits| TraceparentError)?;
        if trace_id == 0 || parent_id == 0 {
            return Err(TraceparentError);
        }
        Ok(Self { trace_id, parent_id, flags })
    }
}

impl fmt::Display for Traceparent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace_id, self.parent_id, self.flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_specification_s_example_reads_and_writes() {
        let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let read: Traceparent = text.parse().unwrap();
        assert_eq!(read.to_string(), text);
        assert_eq!(
            read.child(1).to_string(),
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000001-01"
        );
    }

    #[test]
    fn what_the_specification_forbids_is_refused() {
        for text in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(text.parse::<Traceparent>(), Err(TraceparentError), "{text}");
        }
    }
}
