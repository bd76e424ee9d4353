//! Layers on publishers' own files, which lie in `../shared/data` beside the project.

mod evidence;
mod ground;
mod support;
