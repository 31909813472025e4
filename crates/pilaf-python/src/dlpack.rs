//! DLPack, both ways: pixels as tensors in shared memory.
//!
//! The layouts are those of `dlpack.h` 1.0, the capsules those of the Python specification:
//! <https://dmlc.github.io/dlpack/latest/python_spec.html>.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_void};
use std::sync::Arc;
use std::{ptr, slice};

use pilaf::image::Sample;
use pilaf::ops::RowOrder;
use pilaf::{Image, Mode};
use pyo3::exceptions::{PyBufferError, PyMemoryError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::core::Core;
use crate::errors::{During, OrRaise};

const CPU: i32 = 1;
const READ_ONLY: u64 = 1;
const IS_COPIED: u64 = 2;
const VERSION: Version = Version { major: 1, minor: 0 };

const INT: u8 = 0;
const UINT: u8 = 1;
const FLOAT: u8 = 2;
const BOOL: u8 = 6;

#[repr(C)]
struct Device {
    kind: i32,
    id: i32,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DataType {
    code: u8,
    bits: u8,
    lanes: u16,
}

#[repr(C)]
struct Tensor {
    data: *mut c_void,
    device: Device,
    dimensions: i32,
    data_type: DataType,
    shape: *mut i64,
    /// In elements, not bytes. Null: rows without gaps.
    strides: *mut i64,
    byte_offset: u64,
}

#[repr(C)]
struct Version {
    major: u32,
    minor: u32,
}

/// `DLManagedTensor`.
#[repr(C)]
struct Plain {
    tensor: Tensor,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Self)>,
}

/// `DLManagedTensorVersioned`.
#[repr(C)]
struct Versioned {
    version: Version,
    context: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut Self)>,
    flags: u64,
    tensor: Tensor,
}

/// One of the two structures that a capsule holds.
trait Managed: Sized {
    const NAME: &'static CStr;
    /// The name of a capsule whose tensor somebody took over.
    const USED: &'static CStr;

    fn new(tensor: Tensor, flags: u64, context: *mut c_void) -> Self;
    fn tensor(&self) -> &Tensor;
    fn context(&self) -> *mut c_void;
    fn deleter(&self) -> Option<unsafe extern "C" fn(*mut Self)>;
}

impl Managed for Plain {
    const NAME: &'static CStr = c"dltensor";
    const USED: &'static CStr = c"used_dltensor";

    fn new(tensor: Tensor, _flags: u64, context: *mut c_void) -> Self {
        Self { tensor, context, deleter: Some(delete) }
    }

    fn tensor(&self) -> &Tensor {
        &self.tensor
    }

    fn context(&self) -> *mut c_void {
        self.context
    }

    fn deleter(&self) -> Option<unsafe extern "C" fn(*mut Self)> {
        self.deleter
    }
}

impl Managed for Versioned {
    const NAME: &'static CStr = c"dltensor_versioned";
    const USED: &'static CStr = c"used_dltensor_versioned";

    fn new(tensor: Tensor, flags: u64, context: *mut c_void) -> Self {
        Self { version: VERSION, context, deleter: Some(delete), flags, tensor }
    }

    fn tensor(&self) -> &Tensor {
        &self.tensor
    }

    fn context(&self) -> *mut c_void {
        self.context
    }

    fn deleter(&self) -> Option<unsafe extern "C" fn(*mut Self)> {
        self.deleter
    }
}

/// What a tensor of ours points into.
struct Context {
    pixels: Pixels,
    shape: Vec<i64>,
    strides: Vec<i64>,
}

/// Pixels that stay where they are: shared and not to be written to, or the tensor's own.
enum Pixels {
    Shared(Arc<Image>),
    Own(Vec<u8>),
}

/// The tensor of an image as a capsule.
///
/// `versioned`: for a consumer that knows version 1 and with it tensors that are read-only. `copy`:
/// pixels of its own, which the consumer may write to.
#[pyfunction]
pub(crate) fn to_dlpack(
    py: Python<'_>,
    core: &Core,
    versioned: bool,
    copy: bool,
) -> PyResult<Py<PyAny>> {
    let image = core.snapshot();
    let (mode, (width, height)) = (image.mode(), image.size());
    let data_type = data_type(mode)?;
    let bands = mode.bands();
    let mut shape = vec![i64::from(height), i64::from(width)];
    let mut strides = vec![i64::from(width) * bands as i64, bands as i64];
    if bands > 1 {
        shape.push(bands as i64);
        strides.push(1);
    }
    let flags = if copy { IS_COPIED } else { READ_ONLY };
    let pixels = if mode == Mode::Lab {
        let packed = py.detach(|| image.pack("LAB", RowOrder { stride: 0, bottom_up: false }));
        Pixels::Own(packed.or_raise(py, During::Work)?)
    } else if copy {
        Pixels::Own(py.detach(|| image.as_bytes().to_vec()))
    } else {
        Pixels::Shared(image)
    };
    let context = Box::new(Context { pixels, shape, strides });
    if versioned {
        capsule::<Versioned>(py, context, data_type, flags)
    } else {
        capsule::<Plain>(py, context, data_type, flags)
    }
}

fn data_type(mode: Mode) -> PyResult<DataType> {
    let (code, bits) = match mode.sample() {
        _ if mode == Mode::Bilevel => (BOOL, 8),
        Sample::U8 => (UINT, 8),
        Sample::I32 => (INT, 32),
        Sample::F32 => (FLOAT, 32),
        Sample::U16Le if cfg!(target_endian = "little") => (UINT, 16),
        Sample::U16Be if cfg!(target_endian = "big") => (UINT, 16),
        _ => {
            let text = format!("DLPack has no numbers in the byte order of mode {mode}");
            return Err(PyBufferError::new_err(text));
        }
    };
    Ok(DataType { code, bits, lanes: 1 })
}

fn capsule<M: Managed>(
    py: Python<'_>,
    mut context: Box<Context>,
    data_type: DataType,
    flags: u64,
) -> PyResult<Py<PyAny>> {
    let data = match &mut context.pixels {
        Pixels::Shared(image) => image.as_bytes().as_ptr().cast_mut(),
        Pixels::Own(bytes) => bytes.as_mut_ptr(),
    };
    let tensor = Tensor {
        data: data.cast(),
        device: Device { kind: CPU, id: 0 },
        dimensions: context.shape.len() as i32,
        data_type,
        shape: context.shape.as_mut_ptr(),
        strides: context.strides.as_mut_ptr(),
        byte_offset: 0,
    };
    let managed = M::new(tensor, flags, Box::into_raw(context).cast());
    let managed = Box::into_raw(Box::new(managed));
    let object =
        // SAFETY: the pointer is not null; the name is static; `destroy` is the destructor for a
        // capsule that holds an `M` made here.
        unsafe { ffi::PyCapsule_New(managed.cast(), M::NAME.as_ptr(), Some(destroy::<M>)) };
    // SAFETY: a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(py, object) }.map(Bound::unbind).inspect_err(|_| {
        // SAFETY: no capsule was made, so that nobody else has the tensor.
        unsafe { delete(managed) }
    })
}

/// The deleter of tensors made here: frees the structure and gives up the pixels.
///
/// # Safety
///
/// `managed` came from [`capsule`] and is deleted once.
unsafe extern "C" fn delete<M: Managed>(managed: *mut M) {
    // SAFETY: both were boxed in `capsule`, and by the caller's promise are not freed yet.
    unsafe {
        let managed = Box::from_raw(managed);
        drop(Box::from_raw(managed.context().cast::<Context>()));
    }
}

/// The destructor of a capsule: deletes a tensor that nobody took over.
///
/// # Safety
///
/// Called by Python with a capsule from [`capsule`].
unsafe extern "C" fn destroy<M: Managed>(object: *mut ffi::PyObject) {
    // SAFETY: the object is a capsule; while it has its first name, the tensor is its own.
    unsafe {
        if ffi::PyCapsule_IsValid(object, M::NAME.as_ptr()) != 0 {
            delete::<M>(ffi::PyCapsule_GetPointer(object, M::NAME.as_ptr()).cast());
        }
    }
}

/// Shape, element type as numpy writes it, and a copy of the elements, row after row, of the
/// tensor in a capsule. The capsule is used up.
#[pyfunction]
pub(crate) fn from_dlpack<'py>(
    capsule: &Bound<'py, PyAny>,
) -> PyResult<(Vec<i64>, String, Bound<'py, PyBytes>)> {
    if holds::<Versioned>(capsule) {
        take::<Versioned>(capsule)
    } else if holds::<Plain>(capsule) {
        take::<Plain>(capsule)
    } else {
        Err(PyTypeError::new_err("__dlpack__ returned no capsule of a tensor, or a used one"))
    }
}

fn holds<M: Managed>(capsule: &Bound<'_, PyAny>) -> bool {
    // SAFETY: any object may be asked.
    unsafe { ffi::PyCapsule_IsValid(capsule.as_ptr(), M::NAME.as_ptr()) != 0 }
}

fn take<'py, M: Managed>(
    capsule: &Bound<'py, PyAny>,
) -> PyResult<(Vec<i64>, String, Bound<'py, PyBytes>)> {
    // SAFETY: `holds` has checked that the capsule has this name, and so holds an `M`, which is
    // ours once the capsule is renamed. The specification makes the producer answer for the
    // tensor's pointers. It is deleted once, after its last use.
    unsafe {
        let managed: *mut M = ffi::PyCapsule_GetPointer(capsule.as_ptr(), M::NAME.as_ptr()).cast();
        let read = read((*managed).tensor());
        if ffi::PyCapsule_SetName(capsule.as_ptr(), M::USED.as_ptr()) == 0
            && let Some(deleter) = (*managed).deleter()
        {
            deleter(managed);
        }
        let (shape, kind, bytes) = read?;
        Ok((shape, kind, PyBytes::new(capsule.py(), &bytes)))
    }
}

/// Copies what a tensor points to.
///
/// # Safety
///
/// The tensor's shape, strides and data are valid, as its producer promises.
unsafe fn read(tensor: &Tensor) -> PyResult<(Vec<i64>, String, Vec<u8>)> {
    if tensor.device.kind != CPU {
        let text = "the tensor is on another device: copy it to the CPU first (x.cpu())";
        return Err(PyBufferError::new_err(text));
    }
    let DataType { code, bits, lanes } = tensor.data_type;
    let kind = match (code, bits, lanes) {
        (INT, 8 | 16 | 32 | 64, 1) => 'i',
        (UINT, 8 | 16 | 32 | 64, 1) => 'u',
        (FLOAT, 16 | 32 | 64, 1) => 'f',
        (BOOL, 8, 1) => 'b',
        _ => {
            let text = format!("no image has elements of type {code} with {bits} bits x {lanes}");
            return Err(PyTypeError::new_err(text));
        }
    };
    let item = usize::from(bits) / 8;
    let order = match item {
        1 => '|',
        _ if cfg!(target_endian = "little") => '<',
        _ => '>',
    };
    let dimensions = usize::try_from(tensor.dimensions).unwrap_or_default();
    // SAFETY: the caller's promise: shape has one entry a dimension; strides too, or is null.
    let (shape, strides) = unsafe {
        let at = |pointer: *mut i64| match dimensions {
            0 => Vec::new(),
            _ => slice::from_raw_parts(pointer, dimensions).to_vec(),
        };
        let shape = at(tensor.shape);
        let strides =
            if tensor.strides.is_null() { contiguous(&shape) } else { at(tensor.strides) };
        (shape, strides)
    };
    let length = shape.iter().try_fold(item, |length, &side| {
        usize::try_from(side).ok().and_then(|side| length.checked_mul(side))
    });
    let mut bytes = Vec::new();
    let length = length.filter(|&length| bytes.try_reserve_exact(length).is_ok());
    let length = length.ok_or_else(|| PyMemoryError::new_err("the tensor is too large"))?;
    if length > 0 {
        let start = tensor.data.cast::<u8>().wrapping_add(tensor.byte_offset as usize);
        // SAFETY: the caller's promise; no side is 0, so that each element exists.
        unsafe { gather(start, &shape, &strides, item, &mut bytes) };
    }
    Ok((shape, format!("{order}{kind}{item}"), bytes))
}

/// Strides of rows without gaps.
fn contiguous(shape: &[i64]) -> Vec<i64> {
    let mut strides: Vec<i64> = shape
        .iter()
        .rev()
        .scan(1i64, |stride, &side| {
            let this = *stride;
            *stride = stride.wrapping_mul(side);
            Some(this)
        })
        .collect();
    strides.reverse();
    strides
}

/// Appends all elements in order.
///
/// # Safety
///
/// `start` and the shape and strides behind it address elements of `item` bytes.
unsafe fn gather(start: *const u8, shape: &[i64], strides: &[i64], item: usize, to: &mut Vec<u8>) {
    let run = shape.iter().product::<i64>() as usize * item;
    if strides == contiguous(shape) {
        // SAFETY: elements lie one behind the other; somebody who writes to them meanwhile would
        // change the copy, which holds any bytes.
        unsafe {
            let at = to.len();
            to.reserve(run);
            ptr::copy_nonoverlapping(start, to.as_mut_ptr().add(at), run);
            to.set_len(at + run);
        }
        return;
    }
    for index in 0..shape[0] {
        let offset = (index * strides[0]) as isize * item as isize;
        // SAFETY: the caller's promise, for one of the slices that make up the whole.
        unsafe { gather(start.wrapping_offset(offset), &shape[1..], &strides[1..], item, to) };
    }
}
