// SPDX-License-Identifier: GPL-2.0
/* Checks of the machine: the module, other modules, ciphers, the clock. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include "diag_host.h"
#include "finding.h"
#include "nl.h"
#include "program.h"
#include "tunable.h"

static bool diag_there(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* A kernel that is locked down, by Secure Boot or lockdown=, wants signatures. */
static void diag_lockdown(void)
{
	char text[128];

	if (!tunable_file("/sys/kernel/security/lockdown", text, sizeof(text)))
		return;
	if (strstr(text, "[none]"))
		finding_say(FINDING_OK, "lockdown", "", "unsigned modules may load");
	else
		finding_say(FINDING_WARN, "lockdown",
			    "sign esp_nat.ko with a key that this machine trusts (mokutil --import), or switch Secure Boot off",
			    "the kernel is locked down: %s", text);
}

/* Taint E: the module has no signature that this kernel trusts. */
static void diag_signature(void)
{
	char taint[64];

	tunable_file("/sys/module/esp_nat/taint", taint, sizeof(taint));
	if (strchr(taint, 'E'))
		finding_say(FINDING_OK, "signature", "",
			    "the module has no signature that this kernel trusts; it loads as long as the kernel is not locked down");
	else
		finding_say(FINDING_OK, "signature", "",
			    "the module has a trusted signature, or this kernel does not check");
	diag_lockdown();
}

static void diag_no_module(void)
{
	struct utsname uts;

	uname(&uts);
	if (diag_there("/sys/module/esp_nat"))
		finding_say(FINDING_FAIL, "module",
			    "load the esp_nat.ko that came with this program",
			    "esp_nat is loaded, but is an older version without netlink");
	else if (program_loadable("esp_nat"))
		finding_say(FINDING_FAIL, "module", "modprobe esp_nat",
			    "esp_nat is not loaded");
	else
		finding_say(FINDING_FAIL, "module",
			    "make && make install, or DKMS; then modprobe esp_nat",
			    "esp_nat is not loaded, and is not installed for kernel %s",
			    uts.release);
	diag_lockdown();
}

/**
 * diag_module() - check whether esp_nat is loaded and enabled
 *
 * Return: true if it is loaded and has netlink.
 */
bool diag_module(void)
{
	char version[64];

	if (!nl_open()) {
		diag_no_module();
		return false;
	}
	if (!tunable_file("/sys/module/esp_nat/version", version,
			  sizeof(version)))
		strcpy(version, "?");
	finding_say(FINDING_OK, "module", "", "esp_nat %s is loaded", version);
	diag_signature();
	if (tunable_number("enabled") == 1)
		finding_say(FINDING_OK, "enabled", "",
			    "esp_nat is enabled in this network namespace");
	else
		finding_say(FINDING_FAIL, "enabled", "sysctl net.esp_nat.enabled=1",
			    "esp_nat is disabled in this network namespace");
	return true;
}

static void diag_part(const char *what, const char *module, const char *proof)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (diag_there(path) || (proof && diag_there(proof)) ||
	    program_loadable(module))
		finding_say(FINDING_OK, module, "", "%s is available", what);
	else
		finding_say(FINDING_WARN, module,
			    "install the kernel's modules (linux-modules-extra, or another kernel)",
			    "%s is neither loaded nor installed", what);
}

static void diag_offload(void)
{
	if (!diag_there("/sys/module/esp4_offload"))
		finding_say(FINDING_OK, "esp4_offload", "", "it is not loaded");
	else if (tunable_number("assume_udp_encap_context_on_send") > 0)
		finding_say(FINDING_FAIL, "esp4_offload", "rmmod esp4_offload",
			    "it cannot send SAs for which the rule assumes UDP encapsulation");
	else
		finding_say(FINDING_OK, "esp4_offload", "",
			    "it is loaded, which does no harm: the rule assumes no UDP encapsulation");
}

/**
 * diag_kernel() - check the parts of the kernel that a gateway needs
 */
void diag_kernel(void)
{
	diag_part("ESP for IPv4", "esp4", "/sys/module/esp4");
	diag_part("the IKE daemons' interface to xfrm", "xfrm_user", NULL);
	diag_part("L2TP", "l2tp_ppp", "/proc/net/pppol2tp");
	diag_offload();
}

static bool diag_cipher(const char *name)
{
	char line[256], want[128], module[128];
	FILE *crypto = fopen("/proc/crypto", "r");
	bool found = false;

	snprintf(want, sizeof(want), "name         : %s\n", name);
	snprintf(module, sizeof(module), "crypto-%s", name);
	while (crypto && !found && fgets(line, sizeof(line), crypto))
		found = !strcmp(line, want);
	if (crypto)
		fclose(crypto);
	return found || program_loadable(module);
}

/**
 * diag_crypto() - check the ciphers that L2TP/IPsec clients ask for
 */
void diag_crypto(void)
{
	static const char * const names[] = {
		"cbc(aes)", "hmac(sha1)", "hmac(sha256)", "gcm(aes)", "authenc",
	};
	/* modules of templates are named without the cipher inside */
	static const char * const templates[] = {
		"cbc", "hmac", "hmac", "gcm", "authenc",
	};
	unsigned int i, missing = 0;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (diag_cipher(names[i]) || diag_cipher(templates[i]))
			continue;
		finding_say(FINDING_WARN, "crypto",
			    "install the kernel's modules, or another kernel",
			    "the kernel has no %s", names[i]);
		missing++;
	}
	if (!missing)
		finding_say(FINDING_OK, "crypto", "",
			    "AES, SHA-1, SHA-256 and AES-GCM are available");
}

/**
 * diag_clock() - check the clock, since certificates have dates
 */
void diag_clock(void)
{
	struct timex timex = { .modes = 0 };

	if (adjtimex(&timex) == TIME_ERROR || timex.status & STA_UNSYNC)
		finding_say(FINDING_WARN, "clock",
			    "timedatectl set-ntp true, where clients have certificates",
			    "the clock is not synchronized");
	else
		finding_say(FINDING_OK, "clock", "", "the clock is synchronized");
}
