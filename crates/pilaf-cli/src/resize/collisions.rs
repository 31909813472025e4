//! That no result takes the place of another one, or of an input.

use std::collections::HashMap;

use super::plan::Job;
use crate::failure::Usage;
use crate::input::Input;
use crate::output::{Output, identity};

/// Refuses outputs that would take the place of one another, or of an input.
pub(super) fn check(jobs: &[Job], overwrite_inputs: bool) -> Result<(), Usage> {
    let inputs = jobs.iter().filter_map(|job| match &job.input {
        Input::File(path) => Some((identity(path), path)),
        Input::Stdin => None,
    });
    let inputs: HashMap<_, _> = inputs.collect();
    let mut taken = HashMap::new();
    for Job { input, output, .. } in jobs {
        let Output::File(path) = output else { continue };
        let name = identity(path);
        if let Some(over) = inputs.get(&name).filter(|_| !overwrite_inputs) {
            let message = format!("{} is an input and would be overwritten", over.display());
            return Err(Usage::new(message, "choose another OUT, or add --force"));
        }
        if let Some(other) = taken.insert(name, input) {
            let message = format!("{other} and {input} would both become {}", path.display());
            let help = "tell them apart with a template such as 'thumbs/{name}' or '{index}.jpg'";
            return Err(Usage::new(message, help));
        }
    }
    Ok(())
}
