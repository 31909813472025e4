//! The plans of the last resizes, and the threads that work on one.

use std::ops::Range;
use std::thread;

use crate::error::Result;
use crate::image::{Image, Mode};
use crate::resample::RowResizer;
use crate::resample::method::Method;
use crate::resample::needs::Needs;
use crate::resample::plan::Geometry;
use crate::simd::Level;

/// Plans that are kept.
const MOST_PLANS: usize = 4;

/// Bytes that are kept of a plan and its working memory; a plan that needs more is dropped after its
/// use. An image so large does not feel the cost of planning.
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

impl Key {
    fn needs(&self) -> Needs {
        Needs::new(self.mode, &self.geometry, self.method)
    }
}

/// A plan, with working memory for each thread that used it: at least one.
#[derive(Debug)]
pub(super) struct Plan {
    key: Key,
    resizers: Vec<RowResizer>,
}

impl Plan {
    fn new(key: Key) -> Self {
        let resizer = RowResizer::for_geometry(Level::get(), key.mode, &key.geometry, key.method);
        Self { key, resizers: vec![resizer] }
    }

    /// Makes the image: `target` is cut into `count` parts of whole rows, at least one and no more
    /// than there are rows, a thread for each.
    pub(super) fn run(&mut self, image: &Image, count: usize, target: &mut [u8]) {
        let height = self.key.geometry.size.1 as usize;
        let row_bytes = target.len() / height;
        let parts = parts(height, row_bytes, count, target);
        while self.resizers.len() < count {
            self.resizers.push(self.resizers[0].fork());
        }
        in_parallel(parts.zip(&mut self.resizers), |((rows, target), resizer)| {
            resizer.run(image.as_bytes(), rows, target);
        });
    }

    /// Bytes held, about.
    fn bytes(&self) -> usize {
        let working: usize = self.resizers.iter().map(RowResizer::working_bytes).sum();
        working + self.key.needs().plan / 4
    }
}

/// How many of up to `threads` threads a resize is worth whose larger image has `bytes` bytes, and
/// whose target has `height` rows.
pub(super) fn worthwhile(threads: usize, bytes: usize, height: u32) -> usize {
    threads.min(bytes / SAMPLES_PER_THREAD).clamp(1, height as usize)
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
    kept: Vec<Plan>,
}

impl Plans {
    pub(super) const fn new() -> Self {
        Self { kept: Vec::new() }
    }

    /// A plan for `count` threads, kept or new.
    ///
    /// # Errors
    ///
    /// [`Memory`](crate::ErrorKind::Memory) when there is not as much memory as that needs, beside a
    /// target of `bytes`.
    pub(super) fn take(
        &mut self,
        mode: Mode,
        geometry: &Geometry,
        method: Method,
        count: usize,
        bytes: usize,
    ) -> Result<Plan> {
        let key = Key { mode, geometry: *geometry, method };
        let kept = self.kept.iter().position(|plan| plan.key == key);
        let kept = kept.map(|at| self.kept.remove(at));
        if kept.as_ref().is_none_or(|plan| plan.resizers.len() < count) {
            key.needs().ask(count, bytes)?;
        }
        Ok(kept.unwrap_or_else(|| Plan::new(key)))
    }

    /// Keeps a plan for later, unless it is large.
    pub(super) fn keep(&mut self, plan: Plan) {
        if plan.bytes() <= MOST_BYTES {
            if self.kept.len() == MOST_PLANS {
                self.kept.remove(0);
            }
            self.kept.push(plan);
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
                let mut run = |count: usize, target: &mut [u8]| {
                    let method = Method::Pillow(*filter);
                    let mut plan = plans.take(mode, &geometry, method, count, bytes).unwrap();
                    plan.run(&image, count, target);
                    plans.keep(plan);
                };
                run(1, &mut wanted);
                for count in [2, 3, 4, 7, 1000, 2].map(|count| count.min(height as usize)) {
                    let mut got = vec![1; bytes];
                    run(count, &mut got);
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
            let mut plan =
                plans.take(Mode::L, &geometry, Method::Pillow(Filter::Box), 1, 0).unwrap();
            plan.run(&image, 1, &mut target);
            plans.keep(plan);
            plans.kept.iter().map(|plan| plan.key.geometry.size).collect::<Vec<_>>()
        };
        for size in SIZES {
            run(size);
        }
        assert_eq!(run(SIZES[2]), [SIZES[1], SIZES[3], SIZES[4], SIZES[2]]);
        // One needs wide rows, the other many weights.
        for large in [(2_000_000, 2), (2, 150_000)] {
            assert_eq!(run(large).last(), Some(&SIZES[2]));
        }
    }

    #[test]
    fn small_images_are_not_worth_threads() {
        let samples = SAMPLES_PER_THREAD;
        assert_eq!(worthwhile(8, samples - 1, 100), 1);
        assert_eq!(worthwhile(8, 3 * samples, 100), 3);
        assert_eq!(worthwhile(8, 30 * samples, 100), 8);
        assert_eq!(worthwhile(8, 30 * samples, 5), 5);
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
