//! The extension module `pilaf._pilaf`: arguments in, engine called with the GIL released,
//! results out. The shape of Pillow's API is Python, in `python/pilaf`; pixel work is the crate
//! `pilaf`.

#![deny(unsafe_code)]

mod arrow;
mod buffer;
mod chops;
mod convert;
mod core;
mod dlpack;
mod draw;
mod encode;
mod errors;
mod explain;
mod file;
mod filter;
mod geometry;
mod ink;
mod io;
mod jpeg;
mod limits;
mod math;
mod palette;
mod paste;
mod pixels;
mod point;
mod probe;
mod raw;
mod repair;
mod resizers;
mod statistics;
mod thumbnail;

use pyo3::prelude::*;

#[pymodule]
mod _pilaf {
    #[pymodule_export]
    use super::arrow::{arrow_array, arrow_schema, from_arrow};
    #[pymodule_export]
    use super::chops::{combine, invert_bits, roll};
    #[pymodule_export]
    use super::convert::{
        convert, convert_matrix, convert_transparent, icc_profile, linear_gradient, quantize,
        radial_gradient,
    };
    #[pymodule_export]
    use super::core::{Core, CoreView};
    #[pymodule_export]
    use super::dlpack::{from_dlpack, to_dlpack};
    #[pymodule_export]
    use super::draw::{
        draw_arc, draw_chord, draw_ellipse, draw_ink, draw_lines, draw_pie_slice, draw_points,
        draw_polygon, draw_rectangle,
    };
    #[pymodule_export]
    use super::errors::{DecompressionBombError, UnidentifiedImageError};
    #[pymodule_export]
    use super::explain::explain;
    #[pymodule_export]
    use super::file::{File, open, sniff, write_file};
    #[pymodule_export]
    use super::filter::{
        box_blur, convolve, gaussian_blur, look_up, most_frequent, rank_filter, unsharp_mask,
    };
    #[pymodule_export]
    use super::geometry::{crop, reduce, take_orientation, transform};
    #[pymodule_export]
    use super::ink::ink_bytes;
    #[pymodule_export]
    use super::jpeg::decode_jpeg;
    #[pymodule_export]
    use super::limits::Limits;
    #[pymodule_export]
    use super::math::{compute, compute_with, mandelbrot, noise, reinterpret, spread};
    #[pymodule_export]
    use super::palette::{
        palette_bytes, palette_mode, put_palette, put_palette_alphas, unpack_palette,
    };
    #[pymodule_export]
    use super::paste::{
        alpha_composite, blend, fillband, getband, merge, paste_color, paste_image, put_alpha,
        putband, set_opaque, split,
    };
    #[pymodule_export]
    use super::pixels::{PixelAccess, PixelSequence, flattened, getpixel, putdata, putpixel};
    #[pymodule_export]
    use super::point::{point, point_transform};
    #[pymodule_export]
    use super::probe::probe;
    #[pymodule_export]
    use super::raw::{pack, unpack, unpacked};
    #[pymodule_export]
    use super::repair::{from_base64, repair};
    #[pymodule_export]
    use super::statistics::{entropy, getbbox, getcolors, getextrema, getprojection, histogram};
    #[pymodule_export]
    use super::thumbnail::thumbnail;

    use pyo3::prelude::*;

    /// The version of the package, media types of formats, what file name extensions stand for, and
    /// the CPU level of the kernels.
    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let extensions = pyo3::types::PyDict::new(module.py());
        let media_types = pyo3::types::PyDict::new(module.py());
        for format in pilaf::Format::ALL {
            media_types.set_item(format.name(), format.media_type())?;
            for extension in format.extensions() {
                extensions.set_item(format!(".{extension}"), format.name())?;
            }
        }
        module.add("EXTENSIONS", extensions)?;
        module.add("MEDIA_TYPES", media_types)?;
        super::io::register(module)?;
        module.add("CODES", super::explain::codes())?;
        module.add("LEVEL", pilaf::simd::Level::get().name())?;
        module.add("REPAIRS", super::repair::names())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// Runs the command `pilaf` with `args`, the program's name left out. Returns its exit status.
    #[pyfunction]
    fn run_command(py: Python<'_>, args: Vec<std::ffi::OsString>) -> u8 {
        py.detach(|| pilaf_cli::run(args))
    }
}
