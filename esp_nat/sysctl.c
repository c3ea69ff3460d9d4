// SPDX-License-Identifier: GPL-2.0
/* net.esp_nat.*: the tunables of a namespace, see Documentation/sysctl.rst. */
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "alias.h"
#include "block.h"
#include "death.h"
#include "gro.h"
#include "keepalive.h"
#include "life.h"
#include "ports.h"
#include "rule.h"
#include "socket.h"
#include "sysctl.h"

/* longest text of never_alias, in bytes */
#define ESP_NAT_SYSCTL_NEVER_TEXT	4096
/* longest text of a prefix, in bytes, with its end */
#define ESP_NAT_SYSCTL_PREFIX_TEXT	sizeof("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128")

static const int esp_nat_sysctl_port_max = 65535;
static const int esp_nat_sysctl_contexts_max = 1 << 20;
static const int esp_nat_sysctl_mode_max = ESP_NAT_ALIAS_NAT;
static const int esp_nat_sysctl_follow_max = ESP_NAT_FOLLOW_ALWAYS;
static const int esp_nat_sysctl_block_max = ESP_NAT_BLOCK_ALWAYS;
static const int esp_nat_sysctl_rule_max = ESP_NAT_RULE_BOTH;
static const int esp_nat_sysctl_keepalive_max = 3600;
static const int esp_nat_sysctl_seconds_max = 7 * 24 * 3600;

/* ---- integers ---- */

/* As proc_dointvec_minmax(), but the new value goes to *@val only. */
static int esp_nat_sysctl_int(ESP_NAT_CTL_CONST struct ctl_table *table,
			      int write, void *buffer, size_t *lenp,
			      loff_t *ppos, int *val)
{
	struct ctl_table tmp = *table;

	*val = READ_ONCE(*(int *)table->data);
	tmp.data = val;
	return proc_dointvec_minmax(&tmp, write, buffer, lenp, ppos);
}

static int esp_nat_sysctl_enabled(ESP_NAT_CTL_CONST struct ctl_table *table,
				  int write, void *buffer, size_t *lenp,
				  loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net, cfg.enabled);
	int val, err;

	mutex_lock(&en->cfg_lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.enabled) {
		WRITE_ONCE(en->cfg.enabled, val);
		if (!val) {
			/* let those who saw the old value give birth first */
			synchronize_net();
			esp_nat_death_flush(en, ESP_NAT_DEATH_FLUSHED);
		}
		/* find the SAs that are there: theirs, or reserved aliases */
		esp_nat_life_start(en);
	}
	mutex_unlock(&en->cfg_lock);
	return err;
}

static int esp_nat_sysctl_keepalive(ESP_NAT_CTL_CONST struct ctl_table *table,
				    int write, void *buffer, size_t *lenp,
				    loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net,
					      cfg.keepalive_interval);
	int err = proc_dointvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		esp_nat_keepalive_again(en);
	return err;
}

static int esp_nat_sysctl_nat_port(ESP_NAT_CTL_CONST struct ctl_table *table,
				   int write, void *buffer, size_t *lenp,
				   loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net, cfg.nat_port);
	int val, err;

	mutex_lock(&en->cfg_lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.nat_port) {
		WRITE_ONCE(en->cfg.nat_port, val);
		esp_nat_gro_unhook(en);
		esp_nat_gro_hook_port(en);
	}
	mutex_unlock(&en->cfg_lock);
	return err;
}

static int esp_nat_sysctl_listen(ESP_NAT_CTL_CONST struct ctl_table *table,
				 int write, void *buffer, size_t *lenp,
				 loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net, cfg.listen);
	int val, err;

	mutex_lock(&en->cfg_lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.listen) {
		if (val)
			err = esp_nat_socket_open(en);
		else
			esp_nat_socket_close(en);
		if (!err)
			WRITE_ONCE(en->cfg.listen, val);
	}
	mutex_unlock(&en->cfg_lock);
	return err;
}

/* ---- text ---- */

/**
 * struct esp_nat_sysctl_text - a tunable that is written as text
 * @size: of the longest text, in bytes, with its end
 * @print: what it is, as text of at most that size
 * @set: to what a text says, which it may write to; 0 or negative errno
 */
struct esp_nat_sysctl_text {
	size_t	size;
	void	(*print)(struct esp_nat_net *en, char *text, size_t size);
	int	(*set)(struct esp_nat_net *en, char *text);
};

/* In or out. A longer text than fits is refused, not cut. */
static int esp_nat_sysctl_text(ESP_NAT_CTL_CONST struct ctl_table *table,
			       int write, void *buffer, size_t *lenp,
			       loff_t *ppos)
{
	const struct esp_nat_sysctl_text *text = table->extra1;
	struct ctl_table tmp = { .maxlen = text->size };
	struct esp_nat_net *en = table->data;
	int err;

	if (write && (*ppos || *lenp >= text->size))
		return -EINVAL;
	tmp.data = kzalloc(text->size, GFP_KERNEL);
	if (!tmp.data)
		return -ENOMEM;
	if (!write)
		text->print(en, tmp.data, text->size);
	err = proc_dostring(&tmp, write, buffer, lenp, ppos);
	if (!err && write)
		err = text->set(en, tmp.data);
	kfree(tmp.data);
	return err;
}

/* ---- prefixes ---- */

static size_t esp_nat_sysctl_print(char *to, size_t size,
				   const struct esp_nat_prefix *p)
{
	if (p->addr.family == AF_INET6)
		return scnprintf(to, size, "%pI6c/%u", &p->addr.ip.in6, p->len);
	return scnprintf(to, size, "%pI4/%u", &p->addr.ip.ip, p->len);
}

/* One prefix, or address; bits behind the prefix must be zero. */
static int esp_nat_sysctl_prefix(char *text, struct esp_nat_prefix *p)
{
	char *slash = strchr(text, '/');
	struct esp_nat_addr last;
	unsigned int bit;

	if (slash)
		*slash = '\0';
	memset(p, 0, sizeof(*p));
	if (in4_pton(text, -1, (u8 *)&p->addr.ip.ip, -1, NULL))
		p->addr.family = AF_INET;
	else if (in6_pton(text, -1, p->addr.ip.in6.s6_addr, -1, NULL))
		p->addr.family = AF_INET6;
	else
		return -EINVAL;

	p->len = p->addr.family == AF_INET ? 32 : 128;
	if (slash && (kstrtou8(slash + 1, 10, &p->len) ||
		      p->len > (p->addr.family == AF_INET ? 32 : 128)))
		return -EINVAL;

	last = p->addr;
	for (bit = p->len; bit < (p->addr.family == AF_INET ? 32 : 128); bit++)
		if (((u8 *)&last.ip)[bit / 8] & (0x80 >> bit % 8))
			return -EINVAL;
	return 0;
}

static void esp_nat_sysctl_pool_print(struct esp_nat_net *en, char *text,
				      size_t size)
{
	struct esp_nat_prefix p;

	spin_lock_bh(&en->table.lock);
	p = en->pool.prefix;
	spin_unlock_bh(&en->table.lock);
	esp_nat_sysctl_print(text, size, &p);
}

static int esp_nat_sysctl_pool_set(struct esp_nat_net *en, char *text)
{
	struct esp_nat_prefix p;

	text = strim(text);
	if (!*text)
		return esp_nat_alias_set_pool(en, NULL);
	/* an address alone is a mistake more likely than a pool of one */
	if (!strchr(text, '/') || esp_nat_sysctl_prefix(text, &p) ||
	    !esp_nat_alias_pool_valid(&p))
		return -EINVAL;
	return esp_nat_alias_set_pool(en, &p);
}

static const struct esp_nat_sysctl_text esp_nat_sysctl_pool = {
	.size	= ESP_NAT_SYSCTL_PREFIX_TEXT,
	.print	= esp_nat_sysctl_pool_print,
	.set	= esp_nat_sysctl_pool_set,
};

static void esp_nat_sysctl_never_print(struct esp_nat_net *en, char *text,
				       size_t size)
{
	const struct esp_nat_never *never;
	unsigned int i;
	size_t len = 0;

	text[0] = '\0';
	rcu_read_lock();
	never = rcu_dereference(en->cfg.never);
	for (i = 0; never && i < never->count; i++) {
		if (i)
			len += scnprintf(text + len, size - len, ",");
		len += esp_nat_sysctl_print(text + len, size - len,
					    &never->prefix[i]);
	}
	rcu_read_unlock();
}

static struct esp_nat_never *esp_nat_sysctl_never_parse(char *text)
{
	static const char separators[] = ", \t\n";
	struct esp_nat_never *never;
	unsigned int most = 1;
	const char *at;
	char *word;

	for (at = text; *at; at++)
		most += !!strchr(separators, *at);
	never = kzalloc(struct_size(never, prefix, most), GFP_KERNEL);
	if (!never)
		return ERR_PTR(-ENOMEM);

	while ((word = strsep(&text, separators))) {
		if (!*word)
			continue;
		if (esp_nat_sysctl_prefix(word,
					  &never->prefix[never->count])) {
			kfree(never);
			return ERR_PTR(-EINVAL);
		}
		never->count++;
	}
	return never;
}

static int esp_nat_sysctl_never_set(struct esp_nat_net *en, char *text)
{
	struct esp_nat_never *never = esp_nat_sysctl_never_parse(text);

	if (IS_ERR(never))
		return PTR_ERR(never);
	mutex_lock(&en->cfg_lock);
	never = rcu_replace_pointer(en->cfg.never, never,
				    lockdep_is_held(&en->cfg_lock));
	mutex_unlock(&en->cfg_lock);
	if (never)
		kfree_rcu(never, rcu);
	return 0;
}

static const struct esp_nat_sysctl_text esp_nat_sysctl_never = {
	.size	= ESP_NAT_SYSCTL_NEVER_TEXT,
	.print	= esp_nat_sysctl_never_print,
	.set	= esp_nat_sysctl_never_set,
};

/* ---- ports ---- */

static void esp_nat_sysctl_ports_print(struct esp_nat_net *en, char *text,
				       size_t size)
{
	rcu_read_lock();
	esp_nat_ports_print(rcu_dereference(en->cfg.block_ports), text, size);
	rcu_read_unlock();
}

static int esp_nat_sysctl_ports_set(struct esp_nat_net *en, char *text)
{
	struct esp_nat_ports *ports = kzalloc(sizeof(*ports), GFP_KERNEL);
	int err;

	if (!ports)
		return -ENOMEM;
	err = esp_nat_ports_parse(ports, text);
	if (err) {
		kfree(ports);
		return err;
	}
	mutex_lock(&en->cfg_lock);
	esp_nat_block_set_ports(en, ports);
	mutex_unlock(&en->cfg_lock);
	return 0;
}

static const struct esp_nat_sysctl_text esp_nat_sysctl_ports = {
	.size	= ESP_NAT_PORTS_TEXT,
	.print	= esp_nat_sysctl_ports_print,
	.set	= esp_nat_sysctl_ports_set,
};

/* ---- the table; its data points at offsets of struct esp_nat_net ---- */

#define ESP_NAT_SYSCTL_CFG(member, handler, min, max)			\
	{								\
		.procname	= #member,				\
		.data		= (void *)offsetof(struct esp_nat_net, cfg.member), \
		.maxlen		= sizeof(int),				\
		.mode		= 0644,					\
		.proc_handler	= handler,				\
		.extra1		= min,					\
		.extra2		= (void *)(max),			\
	}

#define ESP_NAT_SYSCTL_TEXT(name, text)					\
	{								\
		.procname	= #name,				\
		.mode		= 0644,					\
		.proc_handler	= esp_nat_sysctl_text,			\
		.extra1		= (void *)(text),			\
	}

static const struct ctl_table esp_nat_sysctl_table[] = {
	ESP_NAT_SYSCTL_CFG(enabled, esp_nat_sysctl_enabled,
			   SYSCTL_ZERO, SYSCTL_ONE),
	ESP_NAT_SYSCTL_CFG(alias_mode, proc_dointvec_minmax,
			   SYSCTL_ZERO, &esp_nat_sysctl_mode_max),
	ESP_NAT_SYSCTL_CFG(follow_peer, proc_dointvec_minmax,
			   SYSCTL_ZERO, &esp_nat_sysctl_follow_max),
	ESP_NAT_SYSCTL_CFG(assume_udp_encap_context_on_send,
			   proc_dointvec_minmax,
			   SYSCTL_ZERO, &esp_nat_sysctl_rule_max),
	ESP_NAT_SYSCTL_CFG(refuse_outside_rule, proc_dointvec_minmax,
			   SYSCTL_ZERO, SYSCTL_ONE),
	ESP_NAT_SYSCTL_CFG(keepalive_interval, esp_nat_sysctl_keepalive,
			   SYSCTL_ZERO, &esp_nat_sysctl_keepalive_max),
	ESP_NAT_SYSCTL_CFG(listen, esp_nat_sysctl_listen,
			   SYSCTL_ZERO, SYSCTL_ONE),
	ESP_NAT_SYSCTL_CFG(nat_port, esp_nat_sysctl_nat_port,
			   SYSCTL_ONE, &esp_nat_sysctl_port_max),
	ESP_NAT_SYSCTL_CFG(ike_port, proc_dointvec_minmax,
			   SYSCTL_ONE, &esp_nat_sysctl_port_max),
	ESP_NAT_SYSCTL_CFG(block_mode, proc_dointvec_minmax,
			   SYSCTL_ZERO, &esp_nat_sysctl_block_max),
	ESP_NAT_SYSCTL_CFG(max_contexts, proc_dointvec_minmax,
			   SYSCTL_ONE, &esp_nat_sysctl_contexts_max),
	ESP_NAT_SYSCTL_CFG(max_contexts_per_peer, proc_dointvec_minmax,
			   SYSCTL_ONE, &esp_nat_sysctl_contexts_max),
	ESP_NAT_SYSCTL_CFG(idle_timeout, proc_dointvec_minmax,
			   SYSCTL_ONE, &esp_nat_sysctl_seconds_max),
	ESP_NAT_SYSCTL_TEXT(alias_pool4, &esp_nat_sysctl_pool),
	ESP_NAT_SYSCTL_TEXT(never_alias, &esp_nat_sysctl_never),
	ESP_NAT_SYSCTL_TEXT(block_ports, &esp_nat_sysctl_ports),
};

/**
 * esp_nat_sysctl_register() - show a namespace's sysctls
 * @en: the namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int esp_nat_sysctl_register(struct esp_nat_net *en)
{
	const unsigned int count = ARRAY_SIZE(esp_nat_sysctl_table);
	struct ctl_table *table;
	unsigned int i;

	/* older kernels want an empty entry at the end, newer ones none */
	table = kcalloc(count + 1, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	memcpy(table, esp_nat_sysctl_table, sizeof(esp_nat_sysctl_table));
	for (i = 0; i < count; i++)
		table[i].data = (void *)en + (unsigned long)table[i].data;

	en->ctl_header = register_net_sysctl_sz(en->net, "net/esp_nat", table,
						count);
	if (!en->ctl_header) {
		kfree(table);
		return -ENOMEM;
	}
	en->ctl_table = table;
	return 0;
}

/**
 * esp_nat_sysctl_unregister() - the reverse of esp_nat_sysctl_register()
 * @en: the namespace
 *
 * Context: process. No sysctl is being written when it returns.
 */
void esp_nat_sysctl_unregister(struct esp_nat_net *en)
{
	unregister_net_sysctl_table(en->ctl_header);
	kfree(en->ctl_table);
}
