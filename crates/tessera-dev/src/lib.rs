//! 1103: closed windows of play in, collective prices and crowded routes out.

mod derive;
