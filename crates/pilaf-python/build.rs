//! Tells the crate which Python it is built for: `cfg(Py_GIL_DISABLED)`, `cfg(Py_LIMITED_API)`.

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
}
