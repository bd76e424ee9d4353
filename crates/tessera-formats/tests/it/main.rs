//! Publishers' formats, on files written here and on the publishers' own.

mod memory;
mod published;
