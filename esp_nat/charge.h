/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who pays for memory: packets are handled in whichever process they interrupt, so
 * that its control group tells nothing. A namespace's contexts are charged to the
 * control group that made the namespace.
 */
#ifndef _ESP_NAT_CHARGE_H
#define _ESP_NAT_CHARGE_H

#include <linux/memcontrol.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>

/**
 * struct esp_nat_charge - who pays
 * @memcg: the control group, held; NULL: nobody, or who runs
 */
struct esp_nat_charge {
	struct mem_cgroup	*memcg;
};

/**
 * esp_nat_charge_init() - the control group of the process that runs will pay
 * @charge: to be filled in
 *
 * Context: process.
 */
static inline void esp_nat_charge_init(struct esp_nat_charge *charge)
{
	charge->memcg = current->mm ? get_mem_cgroup_from_mm(current->mm) : NULL;
}

/**
 * esp_nat_charge_exit() - the reverse of esp_nat_charge_init()
 * @charge: nothing is charged any more; what was is given back as it is freed
 *
 * Context: process.
 */
static inline void esp_nat_charge_exit(struct esp_nat_charge *charge)
{
	mem_cgroup_put(charge->memcg);
}

/**
 * esp_nat_charge_begin() - what is allocated from here on is paid for
 * @charge: by whom
 *
 * Context: any, but for NMI.
 * Return: for esp_nat_charge_end(), in the same context.
 */
static inline struct mem_cgroup *
esp_nat_charge_begin(const struct esp_nat_charge *charge)
{
	return charge->memcg ? set_active_memcg(charge->memcg) : NULL;
}

/**
 * esp_nat_charge_end() - the reverse of esp_nat_charge_begin()
 * @charge: the same
 * @was: what that returned
 *
 * Context: as for esp_nat_charge_begin().
 */
static inline void esp_nat_charge_end(const struct esp_nat_charge *charge,
				      struct mem_cgroup *was)
{
	if (charge->memcg)
		set_active_memcg(was);
}

#endif /* _ESP_NAT_CHARGE_H */
