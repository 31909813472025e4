//! The command `pilaf`, run as a process.

mod explain;
mod info;
mod repair;
mod resize_batch;
mod resize_errors;
mod resize_one;
mod sandbox;
#[cfg(unix)]
mod terminal;
mod usage;
