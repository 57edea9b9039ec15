# recscope -- see `make help`
VERSION := 0.1.0
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share/recscope
MANDIR  ?= $(PREFIX)/share/man
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)

# ---- flags -----------------------------------------------------------------------------------------------------------
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
        -Wcast-qual -Wcast-align -Wpointer-arith -Wvla -Wformat=2 -Wundef -Wnull-dereference -Wswitch-enum
STD  := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700

ifneq (,$(filter-out address undefined thread,$(SANITIZE)))
$(error SANITIZE=$(SANITIZE): must be address, undefined or thread)
endif
# gcc's warnings about ranges misfire in instrumented code; the plain build has them all.
SAN := $(if $(SANITIZE),-w -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)

# What one room or one file needs beyond the common flags. The compile rule and `make lint` both read these.
# Kernels want fused multiply-add; generated data must have the same bits everywhere, so no contraction there.
ROOM_linalg := -O3 -ffp-contract=fast -fno-math-errno -Wno-psabi
ROOM_data   := -ffp-contract=off
# Loops that are to become vector code.
FILE_src/data/cache     := -O3
FILE_src/data/checksum  := -O3
FILE_src/data/container := -O3
FILE_src/data/quick     := -O3
# The gradient checks are in double precision; said here for `make lint`, which compiles them file by file.
ROOM_gradient := -DRS_DOUBLE
# Curses wants macros of its own, SIGWINCH among what they uncover; the rest keeps to POSIX.
ROOM_tui     = $(filter-out -D_XOPEN_SOURCE=%,$(CURSES_CFLAGS))
ifneq (,$(findstring x86_64,$(shell $(CC) -dumpmachine 2>/dev/null)))
FILE_src/base/hash_sha         := -mssse3 -msse4.1 -msha
FILE_src/linalg/kernels_avx2   := -mavx2 -mfma
FILE_src/linalg/kernels_avx512 := -mavx2 -mfma -mavx512f -mavx512vl -mavx512dq -mprefer-vector-width=512
endif

# Goals that check the packages themselves before a second make builds, or that build nothing.
ALONE := run test asan ubsan tsan lint packages clean help uninstall readme
PKGS  := ncursesw openblas inih cairo
ifneq (,$(filter-out $(ALONE),$(or $(MAKECMDGOALS),all)))
PKG_CFLAGS    := $(shell pkg-config --cflags $(filter-out ncursesw,$(PKGS)))
CURSES_CFLAGS := $(shell pkg-config --cflags ncursesw)
PKG_LIBS      := $(shell pkg-config --libs $(PKGS))
ifeq (,$(PKG_LIBS))
$(error pkg-config does not find all of $(PKGS): `make packages` installs what is missing)
endif
endif

ALL_CFLAGS = $(STD) $(WARN) $(CFLAGS) $(SAN) $(PKG_CFLAGS) $(if $(WERROR),-Werror) -Iinclude -pthread
ALL_LDLIBS = $(PKG_LIBS) -lm -pthread
# of the file whose path without .c is $(1)
file_flags = $(ROOM_$(notdir $(patsubst %/,%,$(dir $(1))))) $(FILE_$(1))

# One object tree per set of flags: sanitizer, debug and release never mix. $(1): preprocessor flags.
tree = build/$(shell printf '%s' '$(CC) $(CFLAGS) $(1) $(LDFLAGS) $(SANITIZE) $(WERROR)' | md5sum | cut -c1-8)
B   := $(call tree,$(CPPFLAGS))

# ---- program ---------------------------------------------------------------------------------------------------------
SRCS := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
# In double precision, for the gradient checks, the library ends with the models.
ifneq (,$(filter -DRS_DOUBLE,$(CPPFLAGS)))
SRCS := $(filter $(addprefix src/,base/% linalg/% data/% autodiff/% models/%),$(SRCS))
endif
OBJS := $(SRCS:%.c=$(B)/%.o)

.PHONY: all pictures readme run test check bench programs asan ubsan tsan lint lint-files packages install uninstall clean help FORCE
.DEFAULT_GOAL := all
.SECONDARY:
.DELETE_ON_ERROR:

all: $(B)/recscope  ## build ./recscope (V=1 shows the commands, CC=clang the other compiler)
	$(Q)ln -sfn $< recscope

$(B)/recscope: $(B)/src/cli/main.o $(B)/librecscope.a
	@echo "  LD    recscope"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(ALL_LDLIBS) -o $@

$(B)/librecscope.a: $(OBJS)
	@echo "  AR    librecscope.a"
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) $(call file_flags,$*) $(CPPFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@

# The two objects that know where presets are installed, or version and commit, are built again when that changes.
COMMIT := $(or $(shell git describe --always --dirty 2>/dev/null),unknown)
FILE_src/experiment/preset     := -DRS_DATADIR='"$(DATADIR)"'
FILE_src/experiment/provenance := -DRS_VERSION='"$(VERSION)"' -DRS_COMMIT='"$(COMMIT)"'
$(B)/src/experiment/preset.o: $(B)/datadir
$(B)/src/experiment/provenance.o: $(B)/commit
$(B)/datadir: now = $(DATADIR)
$(B)/commit: now = $(VERSION) $(COMMIT)
$(B)/datadir $(B)/commit: FORCE
	@mkdir -p $(@D)
	@echo '$(now)' | cmp -s - $@ || echo '$(now)' > $@

# ---- run and test ----------------------------------------------------------------------------------------------------
# A second make builds, because pkg-config answers only after the packages are there.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

run:  ## install what is missing, build, and open the explorer on the playground
	@CC='$(CC)' .ci/packages build
	@$(SUBMAKE) all
	@./recscope

test:  ## install what is missing, build, and run all tests (ONLY=WORD: those with WORD in their path)
	@CC='$(CC)' .ci/packages build test
	@$(SUBMAKE) check

asan:  ## the tests under AddressSanitizer and LeakSanitizer
	@$(MAKE) --no-print-directory test SANITIZE=address CFLAGS='-O1 -g'
ubsan:  ## the tests under UndefinedBehaviorSanitizer
	@$(MAKE) --no-print-directory test SANITIZE=undefined CFLAGS='-O1 -g'
tsan:  ## the tests under ThreadSanitizer
	@$(MAKE) --no-print-directory test SANITIZE=thread CFLAGS='-O1 -g'

# What the machine can do at most is asked of this machine alone.
FILE_tests/bench/machine := -O3 -march=native -ffp-contract=fast
$(B)/tests/bench/machine: $(B)/tests/bench/machine.o
	@echo "  LD    tests/bench/machine"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ -o $@

$(B)/tests/bench/load: $(B)/tests/bench/load.o $(B)/librecscope.a
	@echo "  LD    tests/bench/load"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(ALL_LDLIBS) -o $@

bench: all $(B)/tests/bench/machine $(B)/tests/bench/load  ## speed beside peers and limits (ONLY=WORD, PAIRS=5, BIG=1, DATA=, LIBMF=)
	$(Q)tests/bench/bench.py --program ./recscope --machine $(B)/tests/bench/machine $(if $(ONLY),--only '$(ONLY)') \
	    $(if $(PAIRS),--pairs '$(PAIRS)') $(if $(FORMAT),--format '$(FORMAT)') \
	    --compiler "$$($(CC) --version | head -n 1) $(CFLAGS)"

# Gradient checks need the library in double precision: a tree of its own.
DOUBLE   := $(strip $(CPPFLAGS) -DRS_DOUBLE)
C_TESTS  := $(wildcard tests/unit/test_*.c tests/contract/test_*.c tests/golden/test_*.c tests/property/test_*.c)
D_TESTS  := $(wildcard tests/gradient/test_*.c)
SCRIPTS  := $(sort $(wildcard tests/cli/test_* tests/tui/test_*))
PROGRAMS := $(C_TESTS:%.c=$(B)/%) $(D_TESTS:%.c=$(call tree,$(DOUBLE))/%)

$(B)/tests/%: $(B)/tests/%.o $(B)/librecscope.a
	@echo "  LD    tests/$*"
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $^ $(ALL_LDLIBS) -lcmocka -o $@

programs: $(if $(filter -DRS_DOUBLE,$(CPPFLAGS)),$(D_TESTS:%.c=$(B)/%),$(C_TESTS:%.c=$(B)/%))

check: $(B)/recscope programs
	$(if $(D_TESTS),@$(MAKE) --no-print-directory programs CPPFLAGS='$(DOUBLE)')
	$(Q)tests/run --program $(B)/recscope $(if $(SANITIZE),--slow) $(if $(ONLY),--only '$(ONLY)') $(PROGRAMS) $(SCRIPTS)

# The table of keys between its two comments comes from the tables of the source; `make lint` compares.
readme:  ## write the table of keys into README.md
	$(Q)awk -f .ci/keys.awk src/tui/commands.def src/tui/keys.def > build/keys.md
	$(Q)sed -i -e '/<!-- keys:/,/<!-- end of keys -->/{/<!--/!d}' -e '/<!-- keys:/r build/keys.md' README.md

pictures: all  ## make the pictures in docs/ anew
	$(Q)XDG_DATA_HOME=$$(mktemp -d) TERM=xterm-256color LC_ALL=C.UTF-8 ./recscope --epochs 40 --script docs/explorer.script

packages:  ## install what building, testing and linting need
	@CC='$(CC)' .ci/packages build test lint

# ---- lint ------------------------------------------------------------------------------------------------------------
# Results are kept per file in build/lint; a file is checked again when it or a header it includes has changed.
L          := build/lint
LINT_C     := $(wildcard src/*/*.c tests/*/*.c)
LINT_H     := $(wildcard src/*/*.h tests/*/*.h include/recscope/*/*.h)
LINT_WARN  := $(STD) $(WARN) -Werror -Iinclude -pthread
CLANG_ONLY := -Wmissing-variable-declarations
# cppcheck does not know vector types: it takes their elements, filled one by one, for uninitialised.
CPPCHECK   := cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance,portability \
              --suppress=uninitvar:src/linalg/kernels_body.h -Iinclude
# The analyzer walks at most so many nodes of a function: a quarter of the default, a third of the time.
TIDY       := clang-tidy --quiet $(patsubst %,--extra-arg=%,-Xclang -analyzer-config -Xclang max-nodes=50000)

lint:  ## layers, sizes, banned calls, format, warnings of gcc and clang, clang-tidy, cppcheck
	@CC='$(CC)' .ci/packages build test lint
	@.ci/lint-text
	@$(SUBMAKE) -Otarget --keep-going lint-files
	@echo "lint: clean"

lint-files: $(LINT_C:%=$(L)/%.ok) $(LINT_H:%=$(L)/%.ok)

$(L)/%.c.ok: %.c .clang-format .clang-tidy
	@mkdir -p $(@D)
	@echo "  LINT  $<"
	$(Q)clang-format --dry-run -Werror $<
	$(Q)clang $(LINT_WARN) $(CLANG_ONLY) $(PKG_CFLAGS) $(call file_flags,$*) -fsyntax-only $<
	$(Q)gcc $(LINT_WARN) $(PKG_CFLAGS) $(call file_flags,$*) -O2 -MMD -MP -MT $@ -MF $(@:.ok=.d) -c $< -o /dev/null
	$(Q)$(CPPCHECK) $<
	$(Q)$(TIDY) $< -- $(LINT_WARN) $(PKG_CFLAGS) $(call file_flags,$*) 2> $@.log || \
	    { cat $@.log; exit 1; }
	$(Q)touch $@

$(L)/%.h.ok: %.h .clang-format
	@mkdir -p $(@D)
	@echo "  LINT  $<"
	$(Q)clang-format --dry-run -Werror $<
	$(if $(filter include/%,$<),$(Q)clang $(LINT_WARN) -Wno-unused-function -fsyntax-only -x c $<)
	$(Q)touch $@

# ---- install ---------------------------------------------------------------------------------------------------------
$(B)/recscope.1: docs/recscope.1.in .ci/manual $(B)/recscope
	$(Q).ci/manual $(B)/recscope > $@

install: all $(B)/recscope.1  ## install under $(DESTDIR)$(PREFIX)
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(DATADIR)/presets" "$(DESTDIR)$(MANDIR)/man1"
	install -m 755 $(B)/recscope "$(DESTDIR)$(BINDIR)/recscope"
	install -m 644 presets/*.ini "$(DESTDIR)$(DATADIR)/presets"
	install -m 644 $(B)/recscope.1 "$(DESTDIR)$(MANDIR)/man1"

uninstall:  ## remove what install put there
	rm -f "$(DESTDIR)$(BINDIR)/recscope" "$(DESTDIR)$(MANDIR)/man1/recscope.1"
	rm -rf "$(DESTDIR)$(DATADIR)/presets"
	-rmdir "$(DESTDIR)$(DATADIR)"

clean:  ## remove all build products
	rm -rf build recscope

help:  ## list the documented targets
	@grep -hE '^[a-z][a-zA-Z_-]*:.*## ' $(MAKEFILE_LIST) | \
	  awk 'BEGIN { FS = ":.*## " } { printf "  %-10s %s\n", $$1, $$2 }'

-include $(wildcard $(B)/src/*/*.d $(B)/tests/*/*.d $(L)/src/*/*.d $(L)/tests/*/*.d)
