// SPDX-License-Identifier: GPL-2.0
/* Homes, alone: who is counted, until when an address is in use. */
#include "home.h"
#include "test.h"

unsigned long jiffies = 1000;
int allocations = -1;

static spinlock_t lock = { .held = true };
static struct esp_nat_homes homes;
static struct esp_nat_addr here;

static struct esp_nat_addr addr(const char *text)
{
	return esp_nat_addr4(inet_addr(text));
}

/* What happens to a home, and what is said of it then. */
static void test_use(void)
{
	struct esp_nat_addr nat = addr("198.51.100.1");
	struct esp_nat_addr other = addr("198.51.100.2");
	struct esp_nat_home *home;

	test_is("nobody: not in use", esp_nat_home_in_use(&homes, &nat, &here), 0);
	home = esp_nat_home_get(&homes, &nat, &here);
	test_is("a context that is not busy: not in use",
		esp_nat_home_in_use(&homes, &nat, &here), 0);
	home->busy++;
	test_is("a busy one: in use", esp_nat_home_in_use(&homes, &nat, &here), 1);
	test_is("another address is not", esp_nat_home_in_use(&homes, &other, &here),
		0);
	test_is("nor is it to another address of this end",
		esp_nat_home_in_use(&homes, &nat, &other), 0);
	test_is("the same home again",
		esp_nat_home_get(&homes, &nat, &here) == home, 1);
	home->busy--;
	esp_nat_home_rest(&homes, home);
	test_is("its last SA went, and it was alone: not in use",
		esp_nat_home_in_use(&homes, &nat, &here), 0);
	home->aliased++;
	test_is("another has an alias: in use",
		esp_nat_home_in_use(&homes, &nat, &here), 1);
	jiffies += 30 * HZ - 1;
	test_is("for 30 seconds", esp_nat_home_in_use(&homes, &nat, &here), 1);
	jiffies++;
	test_is("and no longer", esp_nat_home_in_use(&homes, &nat, &here), 0);
	home->aliased--;
	esp_nat_home_put(&homes, home);
	test_is("one context less: still there", homes.by_addr.nelems, 1);
	esp_nat_home_put(&homes, home);
	test_is("the last one: gone", homes.by_addr.nelems, 0);
}

static void test_facts(void)
{
	struct esp_nat_addr nat = addr("198.51.100.1");
	struct esp_nat_home *home = esp_nat_home_get(&homes, &nat, &here);

	test_is("a new one has no NAT", esp_nat_home_natted(&homes, &nat, &here), 0);
	home->natted = true;
	test_is("until one is seen", esp_nat_home_natted(&homes, &nat, &here), 1);
	test_is("nor is it known to be its own",
		esp_nat_home_owned(&homes, &nat, &here), 0);
	home->owned = true;
	test_is("not while a NAT has it", esp_nat_home_owned(&homes, &nat, &here), 0);
	home->natted = false;
	test_is("but else", esp_nat_home_owned(&homes, &nat, &here), 1);
	home->confirmed = 2;
	test_is("2 of 3 confirmed: not full",
		esp_nat_home_full(&homes, &nat, &here, 3), 0);
	test_is("2 of 2: full", esp_nat_home_full(&homes, &nat, &here, 2), 1);
	esp_nat_home_put(&homes, home);
	test_is("nobody is full", esp_nat_home_full(&homes, &nat, &here, 1), 0);
	allocations = 0;
	test_is("no memory: no home", !esp_nat_home_get(&homes, &nat, &here), 1);
	allocations = -1;
	test_is("and nothing is left", homes.by_addr.nelems, 0);
}

/* Who has to go for another. */
static void test_half(void)
{
	struct esp_nat_addr nat = addr("198.51.100.1");
	struct esp_nat_home *home = esp_nat_home_get(&homes, &nat, &here);
	struct list_head a, b, c;

	test_is("nobody is half-open: nobody goes",
		!esp_nat_home_oldest(home, false, 0), 1);
	esp_nat_home_more(home, &a, true);
	esp_nat_home_more(home, &b, false);
	esp_nat_home_more(home, &c, false);
	test_is("room for one more: nobody goes",
		!esp_nat_home_oldest(home, false, 3), 1);
	test_is("else the oldest without an echo",
		esp_nat_home_oldest(home, false, 2) == &b, 1);
	esp_nat_home_less(home, &b, false);
	test_is("then the next", esp_nat_home_oldest(home, false, 1) == &c, 1);
	esp_nat_home_less(home, &c, false);
	test_is("never one that has echoed",
		!esp_nat_home_oldest(home, false, 1), 1);
	test_is("but for another that has",
		esp_nat_home_oldest(home, true, 1) == &a, 1);
	esp_nat_home_less(home, &a, true);
	test_is("none is left", home->nr_half[0] + home->nr_half[1], 0);
	esp_nat_home_put(&homes, home);
}

int main(void)
{
	test_begin(29);
	here = addr("203.0.113.1");
	esp_nat_home_init(&homes, &lock);
	test_use();
	test_half();
	test_facts();
	esp_nat_home_exit(&homes);
	return test_end();
}
