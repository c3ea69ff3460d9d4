// SPDX-License-Identifier: GPL-2.0
/* The sysctls net.esp_nat.* of this network namespace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tunable.h"

/**
 * tunable_file() - read the first line of a file
 * @path: the file
 * @text: receives the line
 * @size: bytes that @text has
 *
 * Return: false if it cannot be read.
 */
bool tunable_file(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "r");
	bool good;

	*text = '\0';
	if (!file)
		return false;
	good = fgets(text, size, file);
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return good;
}

/**
 * tunable_text() - read a sysctl
 * @name: its name below net.esp_nat
 * @text: receives its value
 * @size: bytes that @text has
 *
 * Return: false if there is none.
 */
bool tunable_text(const char *name, char *text, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/sys/net/esp_nat/%s", name);
	return tunable_file(path, text, size);
}

/**
 * tunable_number() - read a sysctl that is a number
 * @name: its name below net.esp_nat
 *
 * Return: its value, -1 if there is none.
 */
long tunable_number(const char *name)
{
	char text[32];

	return tunable_text(name, text, sizeof(text)) ? atol(text) : -1;
}
