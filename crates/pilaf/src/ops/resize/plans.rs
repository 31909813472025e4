//! The plans of the last resizes, and the threads that work on one.

use std::ops::Range;
use std::thread;

use crate::image::{Image, Mode};
use crate::resample::RowResizer;
use crate::resample::method::Method;
use crate::resample::plan::Geometry;
use crate::simd::Level;

/// Plans that are kept.
const MOST_PLANS: usize = 4;

/// Working memory that is kept with a plan; a plan that needs more is dropped after its use. An
/// image so large does not feel the cost of planning.
const MOST_BYTES: usize = 8 << 20;

/// Samples for which another thread is worth starting: a tenth of a millisecond of work.
const SAMPLES_PER_THREAD: usize = 1 << 19;

/// What a plan depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    mode: Mode,
    geometry: Geometry,
    method: Method,
}

/// A plan, with working memory for each thread that used it: at least one.
#[derive(Debug)]
struct Plan(Vec<RowResizer>);

impl Plan {
    fn new(key: &Key) -> Self {
        let Key { mode, geometry, method } = key;
        Self(vec![RowResizer::for_geometry(Level::get(), *mode, geometry, *method)])
    }

    /// Makes the image: `target` is cut into `count` parts of whole rows, a thread for each.
    fn run(&mut self, image: &Image, height: usize, count: usize, target: &mut [u8]) {
        let row_bytes = target.len() / height;
        let parts = parts(height, row_bytes, count, target);
        while self.0.len() < count {
            self.0.push(self.0[0].fork());
        }
        in_parallel(parts.zip(&mut self.0), |((rows, target), resizer)| {
            resizer.run(image.as_bytes(), rows, target);
        });
    }

    fn working_bytes(&self) -> usize {
        self.0.iter().map(RowResizer::working_bytes).sum()
    }
}

/// The rows of each of `count` parts, and the memory that they go to.
fn parts(
    height: usize,
    row_bytes: usize,
    count: usize,
    mut target: &mut [u8],
) -> impl Iterator<Item = (Range<usize>, &mut [u8])> {
    (0..count).map(move |part| {
        let rows = height * part / count..height * (part + 1) / count;
        let (own, rest) = std::mem::take(&mut target).split_at_mut(rows.len() * row_bytes);
        target = rest;
        (rows, own)
    })
}

/// Calls `work` for each item, on a thread each; the first of them on this one.
fn in_parallel<T: Send>(items: impl Iterator<Item = T>, work: impl Fn(T) + Sync) {
    let mut items = items;
    let Some(first) = items.next() else { return };
    thread::scope(|scope| {
        for item in items {
            let work = &work;
            scope.spawn(move || work(item));
        }
        work(first);
    });
}

/// The last plans, the last used at the end.
#[derive(Debug, Default)]
pub(super) struct Plans {
    kept: Vec<(Key, Plan)>,
}

impl Plans {
    pub(super) const fn new() -> Self {
        Self { kept: Vec::new() }
    }

    /// Resamples `image` into `target` on up to `threads` threads.
    pub(super) fn run(
        &mut self,
        image: &Image,
        geometry: &Geometry,
        method: Method,
        threads: usize,
        target: &mut [u8],
    ) {
        let samples = image.as_bytes().len().max(target.len());
        let count = threads.min(samples / SAMPLES_PER_THREAD);
        self.run_in_parts(image, geometry, method, count, target);
    }

    fn run_in_parts(
        &mut self,
        image: &Image,
        geometry: &Geometry,
        method: Method,
        count: usize,
        target: &mut [u8],
    ) {
        let key = Key { mode: image.mode(), geometry: *geometry, method };
        let mut plan = match self.kept.iter().position(|(kept, _)| *kept == key) {
            Some(at) => self.kept.remove(at).1,
            None => Plan::new(&key),
        };
        let height = geometry.size.1 as usize;
        plan.run(image, height, count.clamp(1, height), target);
        if plan.working_bytes() <= MOST_BYTES {
            if self.kept.len() == MOST_PLANS {
                self.kept.remove(0);
            }
            self.kept.push((key, plan));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::Filter;

    const SIZES: [(u32, u32); 5] = [(37, 50), (90, 1), (20, 120), (61, 40), (3, 97)];

    fn picture(mode: Mode, size: (u32, u32)) -> Image {
        let bytes = size.0 as usize * size.1 as usize * mode.pixel_bytes();
        let sample = |i: usize| (i.wrapping_mul(2_654_435_761) >> 13) as u8;
        let mut data: Vec<u8> = (0..bytes).map(sample).collect();
        if mode == Mode::F {
            data.chunks_exact_mut(4).for_each(|v| {
                let number = f32::from(v[0]) - 17.5;
                v.copy_from_slice(&number.to_ne_bytes());
            });
        }
        Image::from_raw(mode, size, data).unwrap()
    }

    /// Both pass orders, one pass, and regions.
    fn geometries() -> impl Iterator<Item = Geometry> {
        let regions = [None, Some((0.3, 1.5, 50.0, 77.7))];
        SIZES.into_iter().flat_map(move |size| {
            regions.map(|region| Geometry::new((61, 97), region, size).unwrap())
        })
    }

    #[test]
    fn any_number_of_threads_gives_the_same_pixels() {
        for mode in [Mode::L, Mode::La, Mode::Rgb, Mode::Rgba, Mode::I16, Mode::I, Mode::F] {
            let image = picture(mode, (61, 97));
            for (geometry, filter) in geometries().zip(Filter::ALL[1..].iter().cycle()) {
                let (width, height) = geometry.size;
                let bytes = width as usize * height as usize * mode.pixel_bytes();
                let mut plans = Plans::new();
                let mut wanted = vec![0; bytes];
                let method = Method::Pillow(*filter);
                plans.run_in_parts(&image, &geometry, method, 1, &mut wanted);
                for count in [2, 3, 4, 7, 1000, 2] {
                    let mut got = vec![1; bytes];
                    plans.run_in_parts(&image, &geometry, method, count, &mut got);
                    assert!(got == wanted, "{mode} {geometry:?} {filter} on {count} threads");
                }
                assert_eq!(plans.kept.len(), 1, "one plan was used throughout");
            }
        }
    }

    #[test]
    fn the_last_plans_are_kept_and_large_ones_are_not() {
        let image = picture(Mode::L, (61, 97));
        let mut plans = Plans::new();
        let mut run = |size: (u32, u32)| {
            let geometry = Geometry::new((61, 97), None, size).unwrap();
            let mut target = vec![0; size.0 as usize * size.1 as usize];
            plans.run(&image, &geometry, Method::Pillow(Filter::Box), 1, &mut target);
            plans.kept.iter().map(|(key, _)| key.geometry.size).collect::<Vec<_>>()
        };
        for size in SIZES {
            run(size);
        }
        assert_eq!(run(SIZES[2]), [SIZES[1], SIZES[3], SIZES[4], SIZES[2]]);
        assert_eq!(run((2_000_000, 2)).last(), Some(&SIZES[2]));
    }

    #[test]
    fn parts_cover_all_rows() {
        for (height, count) in [(1, 1), (7, 3), (100, 7)] {
            let mut memory = vec![0_u8; height * 2];
            let mut next = 0;
            for (rows, own) in parts(height, 2, count, &mut memory) {
                assert_eq!((rows.start, own.len()), (next, rows.len() * 2));
                next = rows.end;
            }
            assert_eq!(next, height);
        }
    }
}
