// SPDX-License-Identifier: GPL-2.0
/* The index of IKE SAs, alone: what they are found by. */
#include "ikesa.h"
#include "test.h"

unsigned long jiffies;
int allocations = -1;

static spinlock_t lock = { .held = true };
static struct esp_nat_ikesas ikesas;

#define A	1
#define B	2

/* Two clients behind different NATs may choose the same SPIi. */
static void test_half(struct esp_nat_addr *p, struct esp_nat_addr *q)
{
	struct esp_nat_ikesa *a, *b;

	a = esp_nat_ikesa_add(&ikesas, A, 0, p);
	b = esp_nat_ikesa_add(&ikesas, A, 0, q);
	test_is("one SPIi at two addresses: two IKE SAs", a && b && a != b, 1);
	test_is("each is found at its own",
		esp_nat_ikesa_find(&ikesas, A, 0, p) == a &&
		esp_nat_ikesa_find(&ikesas, A, 0, q) == b, 1);
	test_is("no other SPIi is", !esp_nat_ikesa_find(&ikesas, B, 0, p), 1);
	test_is("nor one with an SPIr",
		!esp_nat_ikesa_find(&ikesas, A, B, p), 1);
	test_is("the same one twice is refused",
		!esp_nat_ikesa_add(&ikesas, A, 0, p), 1);
	esp_nat_ikesa_del(&ikesas, a);
	test_is("one that is forgotten is not found",
		!esp_nat_ikesa_find(&ikesas, A, 0, p), 1);
	esp_nat_ikesa_del(&ikesas, b);
}

static void test_whole(struct esp_nat_addr *p, struct esp_nat_addr *q)
{
	struct esp_nat_ikesa *a = esp_nat_ikesa_add(&ikesas, A, B, p);

	test_is("both SPIs: found from any address",
		esp_nat_ikesa_find(&ikesas, A, B, q) == a, 1);
	test_is("and without one",
		esp_nat_ikesa_find(&ikesas, A, B, NULL) == a, 1);
	test_is("and refused a second time, whatever the address",
		!esp_nat_ikesa_add(&ikesas, A, B, q), 1);
	test_is("the SPIs the other way round are another's",
		!esp_nat_ikesa_find(&ikesas, B, A, p), 1);
	esp_nat_ikesa_del(&ikesas, a);
	allocations = 0;
	test_is("no memory: no IKE SA",
		!esp_nat_ikesa_add(&ikesas, A, B, p), 1);
	test_is("and nothing is left", ikesas.by_spi.nelems, 0);
}

/* One whose context had to go is still known, but not for ever. */
static void test_refused(struct esp_nat_addr *p)
{
	struct esp_nat_ikesa *first = esp_nat_ikesa_add(&ikesas, A, B, p);
	unsigned int i;

	esp_nat_ikesa_refuse(&ikesas, first);
	test_is("one that is refused is found",
		esp_nat_ikesa_find(&ikesas, A, B, p) == first, 1);
	test_is("and nobody's", !first->ctx, 1);
	for (i = 1; i < 1024; i++)
		esp_nat_ikesa_refuse(&ikesas,
				     esp_nat_ikesa_add(&ikesas, A + i, B, p));
	test_is("as one of many",
		esp_nat_ikesa_find(&ikesas, A, B, p) == first, 1);
	esp_nat_ikesa_refuse(&ikesas, esp_nat_ikesa_add(&ikesas, A + i, B, p));
	test_is("of too many the oldest is forgotten",
		!esp_nat_ikesa_find(&ikesas, A, B, p), 1);
	test_is("and only that", ikesas.by_spi.nelems, 1024);
}

int main(void)
{
	struct esp_nat_addr p = esp_nat_addr4(inet_addr("198.51.100.1"));
	struct esp_nat_addr q = esp_nat_addr4(inet_addr("198.51.100.2"));

	test_begin(17);
	esp_nat_ikesa_init(&ikesas, &lock);
	test_half(&p, &q);
	test_whole(&p, &q);
	allocations = -1;
	test_refused(&p);
	esp_nat_ikesa_exit(&ikesas);
	return test_end();
}
