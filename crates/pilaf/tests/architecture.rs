//! The import rule and the places of unsafe code, as ARCHITECTURE.md states them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the bottom up. A module uses modules of lower layers and of its own name.
const LAYERS: &[&[&str]] = &[
    &["error"],
    &["limits", "simd"],
    &["image", "io"],
    &["jpeg", "resample"],
    &["formats"],
    &["ops"],
];

/// The only files and folders in which `unsafe` may be allowed: CPU feature tokens, memory that is
/// zeros and may be refused or is filled by a level's code, pixels that are written out of order, and the
/// level files of kernels.
const UNSAFE_PLACES: &[&str] = &["simd/", "image/buffer.rs", "ops/transpose/"];
const LEVEL_FILES: &[&str] = &["avx2", "avx512", "avxvnni", "sse41", "neon"];

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file: its path below `src`, and its lines without comments, up to the tests.
fn sources() -> Vec<(String, Vec<String>)> {
    let (root, mut folders, mut files) = (source_root(), vec![source_root()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, code_lines(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn code_lines(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.map(str::to_owned).collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The module behind each name that `lib.rs` re-exports.
fn exports() -> HashMap<String, String> {
    let text = fs::read_to_string(source_root().join("lib.rs")).unwrap();
    let mut names = HashMap::new();
    for statement in text.split("pub use ").skip(1) {
        let statement = statement.split(';').next().unwrap();
        let (module, rest) = statement.split_once("::").unwrap();
        for name in rest.split(|c: char| !c.is_alphanumeric() && c != '_') {
            names.insert(name.to_owned(), module.to_owned());
        }
    }
    names
}

/// The first path segment behind each `crate::` of a line.
fn used_modules(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
}

#[test]
fn modules_use_lower_layers_only() {
    let (exports, mut faults) = (exports(), Vec::new());
    for (file, lines) in sources() {
        let own = file.split(['/', '.']).next().unwrap();
        let Some(own_layer) = layer(own) else {
            assert_eq!(file, "lib.rs", "{file} is in no layer of LAYERS");
            continue;
        };
        for used in lines.iter().flat_map(|line| used_modules(line)) {
            let module = exports.get(used).map_or(used, String::as_str);
            if module != own && layer(module).is_some_and(|layer| layer >= own_layer) {
                faults.push(format!("{file} uses {module}"));
            }
        }
    }
    assert!(faults.is_empty(), "against the import rule:\n{}", faults.join("\n"));
}

#[test]
fn only_ops_starts_threads() {
    for (file, lines) in sources() {
        let starts = lines.iter().any(|line| {
            ["thread::scope", "thread::spawn", "rayon::"].iter().any(|call| line.contains(call))
        });
        assert!(!starts || file.starts_with("ops/"), "{file} starts threads");
    }
}

#[test]
fn unsafe_code_stays_in_its_places() {
    for (file, lines) in sources() {
        let allows = lines.iter().any(|line| line.contains("allow(unsafe_code)"));
        let stem = file.rsplit('/').next().unwrap().trim_end_matches(".rs");
        let level_folder = file.split('/').rev().nth(1).unwrap_or_default();
        let listed = UNSAFE_PLACES.iter().any(|place| file.starts_with(place))
            || LEVEL_FILES.contains(&stem)
            || LEVEL_FILES.contains(&level_folder);
        // A `mod.rs` may allow it for the one level module that it declares in the next line.
        let declares = lines.windows(2).all(|pair| {
            !pair[0].contains("allow(unsafe_code)")
                || LEVEL_FILES.iter().any(|level| pair[1].contains(&format!("mod {level}")))
        });
        assert!(!allows || listed || declares, "{file} allows unsafe code");
    }
}

/// What is not inlined is no part of a level's code, and of a long closure the compiler has to be told.
#[test]
fn closures_for_a_level_are_inlined() {
    for (file, lines) in sources() {
        let unmarked =
            lines.iter().find(|line| line.contains(".run(|") || line.contains(".run(move"));
        assert!(unmarked.is_none(), "{file}: mark #[inline(always)]: {unmarked:?}");
    }
}

#[test]
fn the_engine_knows_nothing_of_its_surfaces() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    for name in ["pyo3", "arrow", "clap", "indicatif"] {
        assert!(!manifest.contains(&format!("\n{name} ")), "the engine depends on {name}");
    }
}
