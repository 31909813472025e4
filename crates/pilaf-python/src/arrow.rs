//! The Arrow C data interface, both ways: pixels as arrays, without a library of Arrow's.
//!
//! Layouts: <https://arrow.apache.org/docs/format/CDataInterface.html>; capsules:
//! <https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html>. What an image is
//! as an array is Pillow's choice: single bands as numbers, the rest as lists of four bytes.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_void};
use std::sync::Arc;
use std::{ptr, slice};

use pilaf::image::Sample;
use pilaf::{Image, Mode};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use crate::core::Core;
use crate::errors::{During, OrRaise};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// `struct ArrowSchema`.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray`.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

// SAFETY: what the pointers lead to is owned by the structure and neither changed nor tied to a
// thread.
unsafe impl Send for Schema {}
// SAFETY: as above; pixels are behind an `Arc` or in a `Vec`.
unsafe impl Send for Array {}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // SAFETY: the structure is whole, and was not released: that takes `release` away.
            unsafe { release(self) };
        }
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // SAFETY: as above.
            unsafe { release(self) };
        }
    }
}

/// What the pointers of a schema lead to.
struct SchemaParts {
    _format: CString,
    _name: CString,
    _metadata: Vec<u8>,
    /// Boxed, and so is the child: consumers hold their addresses while the structure moves.
    children: Vec<*mut Schema>,
}

impl Drop for SchemaParts {
    fn drop(&mut self) {
        for &child in &self.children {
            // SAFETY: boxed in `schema`, given to nobody else. Its `Drop` releases it.
            drop(unsafe { Box::from_raw(child) });
        }
    }
}

/// # Safety
///
/// `schema` was made by [`schema`] and not released.
unsafe extern "C" fn release_schema(schema: *mut Schema) {
    // SAFETY: `private_data` is the box that `schema` put there; it is freed once, as `release` is
    // then none.
    unsafe {
        (*schema).release = None;
        drop(Box::from_raw((*schema).private_data.cast::<SchemaParts>()));
    }
}

fn schema(format: &str, name: &str, bands: Option<&[&str]>, child: Option<Schema>) -> Schema {
    let text = |text: &str| CString::new(text).expect("formats and names have no zero bytes");
    let (format, name) = (text(format), text(name));
    let metadata = bands.map(metadata).unwrap_or_default();
    let children = child.map(|child| Box::into_raw(Box::new(child))).into_iter().collect();
    let mut parts =
        Box::new(SchemaParts { _format: format, _name: name, _metadata: metadata, children });
    Schema {
        format: parts._format.as_ptr(),
        name: parts._name.as_ptr(),
        metadata: match bands {
            Some(_) => parts._metadata.as_ptr().cast(),
            None => ptr::null(),
        },
        flags: 0,
        n_children: parts.children.len() as i64,
        children: parts.children.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release_schema),
        private_data: Box::into_raw(parts).cast(),
    }
}

/// One key, `image`, whose value tells the names of the bands: numbers of keys and lengths are
/// 32-bit integers in the machine's byte order.
fn metadata(bands: &[&str]) -> Vec<u8> {
    let key = b"image";
    let bands: Vec<String> = bands.iter().map(|band| format!("\"{band}\"")).collect();
    let value = format!("{{\"bands\": [{}]}}", bands.join(", "));
    let number = |n: usize| (n as i32).to_ne_bytes();
    [&number(1)[..], &number(key.len()), key, &number(value.len()), value.as_bytes()].concat()
}

/// How an image is laid out as an array.
#[derive(Clone, Copy)]
enum Layout {
    /// Numbers, with their format.
    Single(&'static str),
    /// Lists of four bytes.
    Four,
    /// Lists of as many bytes as there are bands.
    Packed(usize),
}

impl Layout {
    /// Pillow's, or packed where the consumer asks for that.
    fn of(mode: Mode, requested: Option<&Bound<'_, PyAny>>) -> Self {
        let format = match mode.sample() {
            Sample::I32 => "i",
            Sample::F32 => "f",
            Sample::U8 => "C",
            _ => "s",
        };
        let bands = mode.bands();
        if bands == 1 {
            return Self::Single(format);
        }
        let packed = format!("+w:{bands}");
        if requested.and_then(format_of).as_deref() == Some(&packed) {
            return Self::Packed(bands);
        }
        Self::Four
    }
}

fn band_names(mode: Mode) -> Vec<&'static str> {
    match mode {
        Mode::La => vec!["L", "X", "X", "A"],
        Mode::LaPremultiplied => vec!["L", "X", "X", "a"],
        Mode::Pa => vec!["P", "X", "X", "A"],
        Mode::Rgb | Mode::Rgbx => vec!["R", "G", "B", "X"],
        Mode::Rgba => vec!["R", "G", "B", "A"],
        Mode::RgbaPremultiplied => vec!["R", "G", "B", "a"],
        Mode::Cmyk => vec!["C", "M", "Y", "K"],
        Mode::YCbCr => vec!["Y", "Cb", "Cr", "X"],
        Mode::Hsv => vec!["H", "S", "V", "X"],
        Mode::Lab => vec!["L", "a", "b", "X"],
        Mode::I16 | Mode::I16L | Mode::I16B | Mode::I16N => vec!["I"],
        _ => vec![mode.name()],
    }
}

fn schema_of(mode: Mode, layout: Layout) -> Schema {
    let bands = band_names(mode);
    match layout {
        Layout::Single(format) => schema(format, bands[0], Some(&bands), None),
        Layout::Four => {
            schema("+w:4", "", None, Some(schema("C", mode.name(), Some(&bands), None)))
        }
        Layout::Packed(count) => {
            // Those that stand for no byte are left out.
            let named: Vec<_> = bands.into_iter().filter(|band| *band != "X").collect();
            let child = schema("C", mode.name(), Some(&named), None);
            schema(&format!("+w:{count}"), "", None, Some(child))
        }
    }
}

/// What an array points into.
enum Pixels {
    Shared(Arc<Image>),
    Own(Vec<u8>),
    /// Those of its child.
    Child,
}

struct ArrayParts {
    _pixels: Pixels,
    buffers: Vec<*const c_void>,
    children: Vec<*mut Array>,
}

impl Drop for ArrayParts {
    fn drop(&mut self) {
        for &child in &self.children {
            // SAFETY: boxed in `array`, given to nobody else. Its `Drop` releases it.
            drop(unsafe { Box::from_raw(child) });
        }
    }
}

/// # Safety
///
/// `array` was made by [`array`] and not released.
unsafe extern "C" fn release_array(array: *mut Array) {
    // SAFETY: as in `release_schema`.
    unsafe {
        (*array).release = None;
        drop(Box::from_raw((*array).private_data.cast::<ArrayParts>()));
    }
}

fn array(length: usize, pixels: Pixels, child: Option<Array>) -> Array {
    let mut buffers = vec![ptr::null()]; // no element is null
    match &pixels {
        Pixels::Shared(image) => buffers.push(image.as_bytes().as_ptr().cast()),
        Pixels::Own(bytes) => buffers.push(bytes.as_ptr().cast()),
        Pixels::Child => {}
    }
    let children = child.map(|child| Box::into_raw(Box::new(child))).into_iter().collect();
    let mut parts = Box::new(ArrayParts { _pixels: pixels, buffers, children });
    Array {
        length: length as i64,
        null_count: 0,
        offset: 0,
        n_buffers: parts.buffers.len() as i64,
        n_children: parts.children.len() as i64,
        buffers: parts.buffers.as_mut_ptr(),
        children: parts.children.as_mut_ptr(),
        dictionary: ptr::null_mut(),
        release: Some(release_array),
        private_data: Box::into_raw(parts).cast(),
    }
}

fn array_of(image: Arc<Image>, layout: Layout) -> Array {
    let pixels = image.width() as usize * image.height() as usize;
    match layout {
        Layout::Single(_) => array(pixels, Pixels::Shared(image), None),
        Layout::Four if image.mode().pixel_bytes() == 4 => {
            array(pixels, Pixels::Child, Some(array(4 * pixels, Pixels::Shared(image), None)))
        }
        Layout::Four => {
            let own = Pixels::Own(image.to_four_bytes());
            array(pixels, Pixels::Child, Some(array(4 * pixels, own, None)))
        }
        Layout::Packed(bands) => {
            array(pixels, Pixels::Child, Some(array(bands * pixels, Pixels::Shared(image), None)))
        }
    }
}

/// The type of an image as an array, as a capsule.
#[pyfunction]
pub(crate) fn arrow_schema<'py>(py: Python<'py>, core: &Core) -> PyResult<Bound<'py, PyCapsule>> {
    let mode = core.read(Image::mode);
    PyCapsule::new_with_value(py, schema_of(mode, Layout::of(mode, None)), SCHEMA)
}

/// The type and the pixels of an image as an array, as two capsules.
#[pyfunction]
#[pyo3(signature = (core, requested=None))]
pub(crate) fn arrow_array<'py>(
    py: Python<'py>,
    core: &Core,
    requested: Option<&Bound<'py, PyAny>>,
) -> PyResult<(Bound<'py, PyCapsule>, Bound<'py, PyCapsule>)> {
    let image = core.snapshot();
    let mode = image.mode();
    let layout = Layout::of(mode, requested);
    let array = py.detach(|| array_of(image, layout));
    Ok((
        PyCapsule::new_with_value(py, schema_of(mode, layout), SCHEMA)?,
        PyCapsule::new_with_value(py, array, ARRAY)?,
    ))
}

/// What a capsule of a name points to.
fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> Option<*const T> {
    // SAFETY: any object may be asked; the name says what the pointer leads to.
    unsafe {
        if ffi::PyCapsule_IsValid(capsule.as_ptr(), name.as_ptr()) == 0 {
            return None;
        }
        Some(ffi::PyCapsule_GetPointer(capsule.as_ptr(), name.as_ptr()).cast_const().cast())
    }
}

/// The format in a capsule of a schema.
fn format_of(capsule: &Bound<'_, PyAny>) -> Option<String> {
    let schema = pointer::<Schema>(capsule, SCHEMA)?;
    // SAFETY: the capsule is alive during the call, and with it the schema, unless it was moved
    // out, which `release` tells.
    unsafe { (*schema).release.is_some().then(|| text((*schema).format)) }
}

/// # Safety
///
/// `pointer` is null or leads to text that ends with a zero byte.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

/// The image of a mode and a size whose pixels are the elements of an array. They are copied.
#[pyfunction]
pub(crate) fn from_arrow(
    py: Python<'_>,
    mode: &str,
    size: (u32, u32),
    schema: &Bound<'_, PyAny>,
    array: &Bound<'_, PyAny>,
) -> PyResult<Core> {
    let mode: Mode = mode.parse().map_err(|_| PyValueError::new_err("unrecognized image mode"))?;
    let mismatch = || PyValueError::new_err("Invalid Arrow array mode or size mismatch");
    let schema = pointer::<Schema>(schema, SCHEMA).ok_or_else(mismatch)?;
    let array = pointer::<Array>(array, ARRAY).ok_or_else(mismatch)?;
    // SAFETY: the capsules are alive during the call; the interface makes the producer answer for
    // what the structures point to.
    let bytes = unsafe { elements(&*schema, &*array, mode, size) }.ok_or_else(mismatch)?;
    if mode == Mode::Bilevel {
        let pixels = bytes.iter().map(|&byte| if byte == 0 { 0 } else { 255 }).collect();
        return Ok(Image::from_raw(mode, size, pixels).or_raise(py, During::Work)?.into());
    }
    let image = if bytes.len() == mode.pixel_bytes() * size.0 as usize * size.1 as usize {
        Image::from_raw(mode, size, bytes.to_vec())
    } else {
        Image::from_four_bytes(mode, size, bytes)
    };
    Ok(image.or_raise(py, During::Work)?.into())
}

/// The bytes of the elements of an array that suits the mode and size.
///
/// # Safety
///
/// The structures are as the interface prescribes.
unsafe fn elements<'a>(
    schema: &'a Schema,
    array: &'a Array,
    mode: Mode,
    size: (u32, u32),
) -> Option<&'a [u8]> {
    let pixels = u64::from(size.0) * u64::from(size.1);
    let (length, offset) = (u64::try_from(array.length).ok()?, usize::try_from(array.offset).ok()?);
    if schema.release.is_none() || array.release.is_none() {
        return None;
    }
    // SAFETY: the caller's promise.
    let format = unsafe { text(schema.format) };
    let bands = mode.bands();
    if let Layout::Single(single) = Layout::of(mode, None) {
        if format != single || length != pixels {
            return None;
        }
        // SAFETY: an array of numbers, of `length` elements behind `offset`.
        return unsafe { data(array, offset, length, mode.pixel_bytes()) };
    }
    match format.as_str() {
        // SAFETY: as above, of bytes and of 32-bit numbers.
        "C" if length == 4 * pixels => unsafe { data(array, offset, length, 1) },
        // SAFETY: as above.
        "I" if length == pixels => unsafe { data(array, offset, length, 4) },
        _ if length == pixels => {
            let list: usize = format.strip_prefix("+w:")?.parse().ok()?;
            if (list != 4 && list != bands) || array.n_children != 1 || schema.n_children != 1 {
                return None;
            }
            // SAFETY: a list has one child, whose elements are those of all lists.
            unsafe {
                let (child, of) = (&**array.children, &**schema.children);
                if text(of.format) != "C" {
                    return None;
                }
                let first = usize::try_from(child.offset).ok()?.checked_add(offset * list)?;
                data(child, first, length * list as u64, 1)
            }
        }
        _ => None,
    }
}

/// The bytes of `length` elements from `offset` on.
///
/// # Safety
///
/// The array is one of numbers of `bytes` bytes, and has so many.
unsafe fn data(array: &Array, offset: usize, length: u64, bytes: usize) -> Option<&[u8]> {
    if length == 0 {
        return Some(&[]);
    }
    if array.n_buffers != 2 {
        return None;
    }
    let count = usize::try_from(length).ok()?.checked_mul(bytes)?;
    // SAFETY: the second of two buffers is that of the elements.
    unsafe {
        let start: *const u8 = (*array.buffers.add(1)).cast();
        (!start.is_null()).then(|| slice::from_raw_parts(start.add(offset * bytes), count))
    }
}
