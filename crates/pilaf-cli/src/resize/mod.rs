//! `pilaf resize`: images in, smaller images out.

mod args;
mod collisions;
mod plan;
mod run;
mod template;
mod values;

pub(crate) use args::ResizeArgs;
pub(crate) use plan::plan;
pub(crate) use run::run;
