# SPDX-License-Identifier: GPL-2.0
# Top level: build the module, run its tests. kbuild itself reads Kbuild.

MAKEFLAGS += --no-print-directory

# The running kernel's headers; where they are not installed, the newest that are, and
# make says so. Debian's -common directories are half of a kernel's headers, not
# headers to build with.
running := $(shell uname -r)
KDIR ?= $(or $(patsubst %/Makefile,%,$(firstword $(wildcard \
	/lib/modules/$(running)/build/Makefile \
	/usr/src/linux-headers-$(running)/Makefile))),$(newest))
newest = $(shell ls -d /lib/modules/*/build/Makefile \
		/usr/src/linux-headers-*/Makefile 2>/dev/null | \
	sed -nE '/-common\//d; \
		s,^(/lib/modules/([^/]*)/build)/.*,\2 \1,p; \
		s,^(/usr/src/linux-headers-([^/]*))/.*,\2 \1,p' | \
	sort -V -k 1,1 | tail -n 1 | cut -d ' ' -f 2)

# What the module calls and the kernel may have been built without.
needs := MODULES INET XFRM INET_ESP CRYPTO_HASH NETFILTER NET_NS SYSCTL PROC_FS DST_CACHE

KERNEL  ?= 6.12
CLIENTS ?= 2
IKE     ?= strongswan
FRAMES  ?= 1000000
MINUTES ?= 30
SOAKED  ?= 100
STEPS   ?= 10000000
SEED    ?= 1
SECONDS ?= 60

.PHONY: all module clean install help headers demo vm-shell \
	check check-quick check-all check-latest check-debug check-style check-unit check-fuzz \
	fuzz fuzz-packets soak model harmless kselftests bench FORCE

all: module

module: headers
	@release=$$(cat "$(KDIR)/include/config/kernel.release" 2>/dev/null); \
	[ "$(origin KDIR)" != file ] || [ "$$release" = "$(running)" ] || \
		echo "esp_nat: the running kernel's headers are not installed: apt-get install linux-headers-$(running). This module is for $$release, whose headers are." >&2
	+@$(MAKE) -C $(KDIR) M=$(CURDIR) modules

headers:
	@[ -n "$(KDIR)" ] || { \
		echo "esp_nat: no kernel headers: apt-get install linux-headers-$(running), or make KDIR=<kernel build directory>" >&2; \
		exit 1; }
	@[ -e "$(KDIR)/Makefile" ] && [ -e "$(KDIR)/include/config/auto.conf" ] || { \
		echo "esp_nat: $(KDIR) is no kernel to build modules for: apt-get install linux-headers-<release>, or make modules_prepare there" >&2; \
		exit 1; }
	@missing=; for c in $(needs); do \
		grep -q "^CONFIG_$$c=[ym]" "$(KDIR)/include/config/auto.conf" || \
			missing="$$missing CONFIG_$$c"; \
	done; \
	[ -z "$$missing" ] || { \
		echo "esp_nat: the kernel in $(KDIR) lacks, switch on:$$missing" >&2; \
		exit 1; }

install: module
	+@$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

clean:
	@rm -rf build
	@find esp_nat -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name 'modules.order' | \
		xargs -r rm -f
	@rm -f Module.symvers modules.order .Module.symvers.cmd .modules.order.cmd
	@[ ! -e selftests/unit/Makefile ] || $(MAKE) -C selftests/unit clean

# One build directory a kernel, so that the tests of two never fight over one:
# build/<release>/esp_nat/esp_nat.ko, of linked sources.
build/%/esp_nat/esp_nat.ko: FORCE
	+@selftests/vm/build $* $(if $(filter command% env%,$(origin KDIR)),$(KDIR))

check:
	@selftests/check

check-quick:
	@selftests/check --quick

check-all:
	@selftests/check --all

check-latest:
	@selftests/check --latest

check-debug:
	@selftests/check --debug

check-style:
	@selftests/check --only style

check-unit:
	@selftests/check --only unit

check-fuzz:
	@selftests/check --only fuzz

fuzz:
	+@selftests/deps.sh fuzz tools && \
		$(MAKE) -s -C selftests/fuzz check SECONDS=$(SECONDS) \
		SEED=$(if $(filter command% env%,$(origin SEED)),$(SEED),0)

fuzz-packets:
	@selftests/run.sh --kernel $(KERNEL) --time 86400 --frames $(FRAMES) \
		--seed $(SEED) attack/frames.sh

soak:
	@selftests/run.sh --kernel $(KERNEL) --time 86400 --soak $(MINUTES) \
		--clients $(SOAKED) --seed $(SEED) attack/soak.sh

model:
	@$(MAKE) -s -C selftests/model long STEPS=$(STEPS) SEED=$(SEED)

harmless:
	@selftests/check --harmless

bench:
	@selftests/bench/run $(if $(filter command% env%,$(origin KERNEL)),--kernel $(KERNEL))

kselftests:
	@selftests/run.sh --kernel $(KERNEL) --time 7200 harmless/kselftests.sh

demo:
	@CLIENTS=$(CLIENTS) IKE=$(IKE) KERNEL=$(KERNEL) selftests/demo/demo.sh

vm-shell:
	@selftests/vm/run --kernel $(KERNEL) --module --time 86400 --shell

help:
	@echo 'make              build esp_nat/esp_nat.ko for the running kernel, KDIR=directory'
	@echo 'make KDIR=<dir>   build it for that kernel; W=1 C=1: with warnings, with sparse'
	@echo 'make install      install it for that kernel'
	@echo 'make clean        remove what was built; downloads stay in .cache'
	@echo 'make -C tools     build espnat(8); make -C tools install installs it'
	@echo 'make demo         clients behind one NAT, without and with the module'
	@echo '                  CLIENTS=2..20 IKE=strongswan|libreswan KERNEL=6.1|6.12|7.3'
	@echo 'make check        every test, on 6.1 and 7.3, and the core on 6.12 (as root)'
	@echo 'make check-all    everything on every kernel, hours'
	@echo 'make check-latest the core set on the newest kernel that Debian has'
	@echo 'make check-quick  style, unit tests and manual SAs on one kernel'
	@echo 'make check-debug  every test on a kernel that watches itself, built first'
	@echo 'make check-style  style only;  make check-unit  unit tests only'
	@echo 'make check-fuzz   the fuzzers only, two minutes'
	@echo 'make fuzz         each fuzzer for SECONDS=60, each time otherwise, or SEED='
	@echo 'make fuzz-packets hostile frames at a gateway with clients, FRAMES=1000000 SEED=1'
	@echo 'make soak         clients that come and go, MINUTES=30 SOAKED=100 SEED=1'
	@echo 'make bench        instructions a packet, without the module and with it, KERNEL='
	@echo 'make model        random clients, NATs and attackers at the rules, STEPS=10000000 SEED=1'
	@echo 'make harmless     scenes without the module and with it, compared step by step'
	@echo "make kselftests   the kernel's own selftests, likewise, KERNEL=6.1|6.12"
	@echo 'make vm-shell     a prompt in a virtual machine, KERNEL=6.1|6.12'
