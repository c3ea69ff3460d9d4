// SPDX-License-Identifier: GPL-2.0
/* What the machine has: the module, other modules, crypto, a clock. */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>
#include <sys/utsname.h>

#include "diag.h"
#include "nl.h"
#include "tunable.h"

static bool diag_there(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

/* Secure Boot, or whoever asked for lockdown, refuses modules of nobody's. */
static void diag_lockdown(void)
{
	char text[128];

	if (!tunable_file("/sys/kernel/security/lockdown", text, sizeof(text)))
		return;
	if (strstr(text, "[none]"))
		diag_say(DIAG_OK, "lockdown", "", "unsigned modules may load");
	else
		diag_say(DIAG_WARN, "lockdown",
			 "sign esp_nat.ko with a key that this machine trusts (mokutil --import), or switch Secure Boot off",
			 "the kernel is locked down: %s", text);
}

/* E: no signature that this kernel trusts. */
static void diag_signature(void)
{
	char taint[64];

	tunable_file("/sys/module/esp_nat/taint", taint, sizeof(taint));
	if (strchr(taint, 'E'))
		diag_say(DIAG_OK, "signature", "",
			 "the module has none that this kernel trusts; it loads as long as the kernel is not locked down");
	else
		diag_say(DIAG_OK, "signature", "",
			 "the module has one, or this kernel asks for none");
	diag_lockdown();
}

static void diag_no_module(void)
{
	struct utsname uts;

	uname(&uts);
	if (diag_there("/sys/module/esp_nat"))
		diag_say(DIAG_FAIL, "module",
			 "load the esp_nat.ko that came with this program",
			 "esp_nat is loaded, but without netlink: it is an older one");
	else if (diag_loadable("esp_nat"))
		diag_say(DIAG_FAIL, "module", "modprobe esp_nat",
			 "esp_nat is not loaded");
	else
		diag_say(DIAG_FAIL, "module",
			 "make && make install, or DKMS; then modprobe esp_nat",
			 "esp_nat is not loaded, and there is none for kernel %s",
			 uts.release);
	diag_lockdown();
}

/**
 * diag_module() - is esp_nat there?
 *
 * Return: true if it is, and can be asked.
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
	diag_say(DIAG_OK, "module", "", "esp_nat %s is loaded", version);
	diag_signature();
	if (tunable_number("enabled") == 1)
		diag_say(DIAG_OK, "enabled", "", "it works in this network namespace");
	else
		diag_say(DIAG_FAIL, "enabled", "sysctl net.esp_nat.enabled=1",
			 "it is switched off in this network namespace");
	return true;
}

static void diag_part(const char *what, const char *module, const char *proof)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s", module);
	if (diag_there(path) || (proof && diag_there(proof)) ||
	    diag_loadable(module))
		diag_say(DIAG_OK, module, "", "%s is there", what);
	else
		diag_say(DIAG_WARN, module,
			 "install the kernel's modules (linux-modules-extra, or another kernel)",
			 "%s is neither loaded nor to be had", what);
}

static void diag_offload(void)
{
	if (!diag_there("/sys/module/esp4_offload"))
		diag_say(DIAG_OK, "esp4_offload", "", "it is not loaded");
	else if (tunable_number("assume_udp_encap_context_on_send") > 0)
		diag_say(DIAG_FAIL, "esp4_offload", "rmmod esp4_offload",
			 "with it SAs that the rule assumes UDP encapsulation for cannot be sent");
	else
		diag_say(DIAG_OK, "esp4_offload", "",
			 "it is loaded; the rule does not assume");
}

/**
 * diag_kernel() - what else of the kernel is needed
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
	return found || diag_loadable(module);
}

/**
 * diag_crypto() - the ciphers that L2TP/IPsec clients ask for
 */
void diag_crypto(void)
{
	static const char * const names[] = {
		"cbc(aes)", "hmac(sha1)", "hmac(sha256)", "gcm(aes)", "authenc",
	};
	/* templates are asked for without what they are made of */
	static const char * const templates[] = {
		"cbc", "hmac", "hmac", "gcm", "authenc",
	};
	unsigned int i, missing = 0;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (diag_cipher(names[i]) || diag_cipher(templates[i]))
			continue;
		diag_say(DIAG_WARN, "crypto",
			 "install the kernel's modules, or another kernel",
			 "the kernel has no %s", names[i]);
		missing++;
	}
	if (!missing)
		diag_say(DIAG_OK, "crypto", "",
			 "AES, SHA-1, SHA-256 and AES-GCM are there");
}

/**
 * diag_clock() - certificates want the right time
 */
void diag_clock(void)
{
	struct timex timex = { .modes = 0 };

	if (adjtimex(&timex) == TIME_ERROR || timex.status & STA_UNSYNC)
		diag_say(DIAG_WARN, "clock",
			 "timedatectl set-ntp true, where clients have certificates",
			 "nobody sets this machine's clock right");
	else
		diag_say(DIAG_OK, "clock", "", "it is synchronized");
}
