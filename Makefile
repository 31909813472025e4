# make demo   builds pilaf and runs its main job once, beside Pillow
# make test   everything that must hold: format, lints, Rust, docs, Python
# make bench  pilaf beside its peers, as a table of ratios
#
# Needs Rust (cargo), Python 3.10 or later with venv, make and a C compiler for linking. All else
# is installed below this folder: Rust crates in target/, Python packages in .venv*/.

PYTHON ?= $(shell dev/pythons --newest)
VENV   := .venv
BIN    := $(VENV)/bin
WHEELS := target/wheels

.PHONY: demo test lint rust doc python types bench test-slow fuzz clean

demo: $(VENV)/demo.stamp
	cargo build --quiet --release --package pilaf-cli
	$(MAKE) --no-print-directory wheel
	$(BIN)/pip install --quiet --force-reinstall --no-deps $(WHEELS)/pilaf-*.whl
	$(BIN)/python demo/main_job.py

test: lint rust doc python types
	@echo "make test: all passed"

lint: $(VENV)/lint.stamp
	$(BIN)/ruff format --quiet --check
	$(BIN)/ruff check --quiet
	cargo fmt --check
	cargo clippy --quiet --workspace --all-targets -- --deny warnings
	$(MAKE) --no-print-directory apart

# What stands in workspaces of its own still compiles. Nothing is linked, so that the C library of
# a peer and libFuzzer are said to be there and neither cmake nor a C++ compiler is needed.
.PHONY: apart
apart: export TURBOJPEG_SOURCE := explicit
apart: export TURBOJPEG_LIB_DIR := $(CURDIR)
apart: export CUSTOM_LIBFUZZER_PATH := $(CURDIR)/fuzzer
apart:
	cargo check --quiet --workspace --manifest-path bench/Cargo.toml --target-dir target/apart
	cargo check --quiet --manifest-path fuzz/Cargo.toml --target-dir target/apart

# nextest runs tests in parallel processes; cargo test is the same without it.
rust:
	if cargo nextest --version >/dev/null 2>&1; then \
	    cargo nextest run --workspace --status-level fail --final-status-level fail; \
	else \
	    cargo test --workspace --quiet --lib --bins --tests; \
	fi
	cargo test --workspace --quiet --doc

# Module docs may link to private items: they are read in the source too.
doc:
	RUSTDOCFLAGS="--deny warnings --allow rustdoc::private_intra_doc_links" cargo doc --quiet --workspace --no-deps

# The wheel, once, then its tests under every Python that is found.
python: wheel
	dev/test-python $(WHEELS)
	dev/test-free-threaded

types: python
	dev/test-python $(WHEELS) --types

# Formats Python and Rust as `lint` wants them.
.PHONY: format
format: $(VENV)/lint.stamp
	$(BIN)/ruff check --quiet --fix
	$(BIN)/ruff format --quiet
	cargo fmt

.PHONY: wheel
wheel: $(VENV)/demo.stamp
	rm -f $(WHEELS)/pilaf-*.whl
	$(BIN)/maturin build --quiet --release --manifest-path crates/pilaf-python/Cargo.toml \
	    --out $(WHEELS)

$(VENV)/demo.stamp: demo/requirements.txt
	@echo "making $(VENV) with $(PYTHON): $$(tr '\n' ' ' < demo/requirements.txt)"
	$(PYTHON) -m venv $(VENV) || { \
	    echo "python3 has no venv: on Debian, apt-get install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --requirement demo/requirements.txt
	touch $@

$(VENV)/lint.stamp: dev/requirements.txt $(VENV)/demo.stamp
	$(BIN)/pip install --quiet --requirement dev/requirements.txt
	touch $@

bench:
	bench/run

# Hours, not minutes: the long tiers of the differential tests.
# Here also rows with gaps between them, a few at a time, which Python cannot have.
test-slow: wheel
	PROPTEST_CASES=20000 cargo test --release --package pilaf --lib every_level_gives
	PILAF_TEST_SLOW=1 dev/test-python $(WHEELS) --newest
	dev/check-levels

# The kernels of AArch64 in an emulator, from packages of Debian that are unpacked below target/.
.PHONY: test-neon
test-neon:
	dev/test-neon

# The kernels of AVX-512 in an emulator, likewise.
.PHONY: test-avx512
test-avx512:
	dev/test-avx512

# torchvision on pilaf and on Pillow, with Debian's torch, unpacked below target/ too.
.PHONY: test-torchvision
test-torchvision: wheel
	dev/test-torchvision $(WHEELS)

# Needs cargo-fuzz; runs every target for FUZZ_SECONDS.
FUZZ_SECONDS ?= 600
fuzz:
	dev/fuzz $(FUZZ_SECONDS)

clean:
	rm -rf target .venv* out bench/target fuzz/target
