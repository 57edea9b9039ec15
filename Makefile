# recscope -- see `make help`
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share/recscope
DESTDIR ?=
CC      ?= cc
CFLAGS  ?= -O2 -g
V       ?= 0
Q       := $(if $(filter 1,$(V)),,@)

WARN := -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wcast-align -Wpointer-arith -Wvla -Wformat=2 -Wundef \
        -Wnull-dereference -Wswitch-enum
SAN  := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer)
PKGS := ncursesw openblas
ifneq (,$(filter-out clean help,$(or $(MAKECMDGOALS),all)))
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   := $(shell pkg-config --libs $(PKGS))
ifeq (,$(PKG_LIBS))
$(error pkg-config found no $(PKGS): install libncurses-dev libopenblas-dev)
endif
endif

ALL_CFLAGS = $(WARN) $(CFLAGS) $(SAN) $(PKG_CFLAGS) -Iinclude -pthread
ALL_LDLIBS = $(PKG_LIBS) -linih -lm -pthread
# one object tree per set of flags: sanitizer, debug and release never mix
CONF := $(shell printf '%s' '$(CC) $(CFLAGS) $(CPPFLAGS) $(SANITIZE) $(WERROR)' | md5sum | cut -c1-8)
B    := build/$(CONF)

SRCS := $(filter-out src/cli/main.c,$(wildcard src/*/*.c))
OBJS := $(SRCS:%.c=$(B)/%.o)

.PHONY: all clean help
.DEFAULT_GOAL := all
.SECONDARY:

all: $(B)/librecscope.a  ## build the program

$(B)/librecscope.a: $(OBJS)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

# Data that are generated must have the same bits everywhere: no contraction there. Kernels want fused multiply-add.
$(B)/src/linalg/%.o: ALL_CFLAGS += -ffp-contract=fast
$(B)/src/data/%.o: ALL_CFLAGS += -ffp-contract=off

$(B)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -MT $@ -MF $(@:.o=.d) -c $< -o $@

clean:  ## remove all build products
	rm -rf build recscope
help:  ## list the documented targets
	@grep -hE '^[a-z][a-zA-Z_-]*:.*## ' $(MAKEFILE_LIST) | \
	  awk 'BEGIN{FS=":.*## "}{printf "  %-14s %s\n",$$1,$$2}'

-include $(wildcard $(B)/src/*/*.d $(B)/tests/*/*.d)
