// SPDX-License-Identifier: GPL-2.0
/* net.esp_nat.*: the tunables of a namespace, see Documentation/sysctl.rst. */
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "alias.h"
#include "cover.h"
#include "keepalive.h"
#include "lifecycle.h"
#include "ports.h"
#include "prefix.h"
#include "rule.h"
#include "sa_watch.h"
#include "socket.h"
#include "sysctl.h"

/* longest text of never_alias, in bytes */
#define ESP_NAT_SYSCTL_NEVER_TEXT	4096

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

	mutex_lock(&en->cfg.lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.enabled) {
		WRITE_ONCE(en->table.since, jiffies);
		WRITE_ONCE(en->cfg.enabled, val);
		if (!val) {
			/* let those who saw the old value give birth first */
			synchronize_net();
			esp_nat_lifecycle_flush(en, ESP_NAT_DEATH_FLUSHED);
		}
		/* find the SAs that are there: theirs, or aliases that linger */
		esp_nat_sa_watch_start(en);
	}
	mutex_unlock(&en->cfg.lock);
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

	mutex_lock(&en->cfg.lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.nat_port) {
		WRITE_ONCE(en->cfg.nat_port, val);
		/* rules may go by port */
		esp_nat_ctx_drop_routes(&en->table);
	}
	mutex_unlock(&en->cfg.lock);
	return err;
}

/* Root of a user namespace raises it up to what the initial namespace says. */
static int esp_nat_sysctl_contexts(ESP_NAT_CTL_CONST struct ctl_table *table,
				   int write, void *buffer, size_t *lenp,
				   loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net,
					      cfg.max_contexts);
	int val, err;

	mutex_lock(&en->cfg.lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val > esp_nat_net_cap(en))
		err = -EPERM;
	if (!err && write)
		WRITE_ONCE(en->cfg.max_contexts, val);
	mutex_unlock(&en->cfg.lock);
	return err;
}

static int esp_nat_sysctl_listen(ESP_NAT_CTL_CONST struct ctl_table *table,
				 int write, void *buffer, size_t *lenp,
				 loff_t *ppos)
{
	struct esp_nat_net *en = container_of((int *)table->data,
					      struct esp_nat_net, cfg.listen);
	int val, err;

	mutex_lock(&en->cfg.lock);
	err = esp_nat_sysctl_int(table, write, buffer, lenp, ppos, &val);
	if (!err && write && val != en->cfg.listen) {
		if (val)
			err = esp_nat_socket_open(en);
		else
			esp_nat_socket_close(en);
		if (!err)
			WRITE_ONCE(en->cfg.listen, val);
	}
	mutex_unlock(&en->cfg.lock);
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

/* A longer text than fits, or one with a zero byte in it, is refused, not cut. */
static int esp_nat_sysctl_text_in(const struct esp_nat_sysctl_text *text,
				  struct esp_nat_net *en, const void *buffer,
				  size_t len, loff_t *ppos)
{
	char *copy;
	int err;

	if (*ppos || len >= text->size || memchr(buffer, '\0', len))
		return -EINVAL;
	/* proc_dostring() would take the first line only */
	copy = kmemdup_nul(buffer, len, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	err = text->set(en, copy);
	kfree(copy);
	if (!err)
		*ppos += len;
	return err;
}

static int esp_nat_sysctl_text_out(const struct esp_nat_sysctl_text *text,
				   struct esp_nat_net *en, void *buffer,
				   size_t *lenp, loff_t *ppos)
{
	struct ctl_table tmp = { .maxlen = text->size };
	int err;

	tmp.data = kzalloc(text->size, GFP_KERNEL);
	if (!tmp.data)
		return -ENOMEM;
	text->print(en, tmp.data, text->size);
	err = proc_dostring(&tmp, false, buffer, lenp, ppos);
	kfree(tmp.data);
	return err;
}

static int esp_nat_sysctl_text(ESP_NAT_CTL_CONST struct ctl_table *table,
			       int write, void *buffer, size_t *lenp,
			       loff_t *ppos)
{
	if (write)
		return esp_nat_sysctl_text_in(table->extra1, table->data,
					      buffer, *lenp, ppos);
	return esp_nat_sysctl_text_out(table->extra1, table->data, buffer,
				       lenp, ppos);
}

/* ---- prefixes ---- */

static void esp_nat_sysctl_pool_print(struct esp_nat_net *en, char *text,
				      size_t size)
{
	struct esp_nat_prefix p = esp_nat_alias_pool(&en->pool);

	esp_nat_prefix_print(&p, text, size);
}

static int esp_nat_sysctl_pool_set(struct esp_nat_net *en, char *text)
{
	struct esp_nat_prefix p;
	int err;

	text = strim(text);
	/* an address alone is a mistake more likely than a pool of one */
	if (*text && (!strchr(text, '/') || esp_nat_prefix_parse(&p, text) ||
		      !esp_nat_alias_pool_valid(&p)))
		return -EINVAL;
	err = esp_nat_alias_set_pool(&en->pool, *text ? &p : NULL);
	if (!err)
		esp_nat_cover_again(en);
	return err;
}

static const struct esp_nat_sysctl_text esp_nat_sysctl_pool = {
	.size	= ESP_NAT_PREFIX_TEXT,
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
		len += esp_nat_prefix_print(&never->prefix[i], text + len,
					    size - len);
	}
	rcu_read_unlock();
}

/* Prefixes are shown with their length: the text of all is to have room. */
static int esp_nat_sysctl_never_fill(struct esp_nat_never *never, char *text,
				     const char *separators)
{
	char shown[ESP_NAT_PREFIX_TEXT];
	struct esp_nat_prefix *p;
	size_t len = 0;
	char *word;

	while ((word = strsep(&text, separators))) {
		if (!*word)
			continue;
		p = &never->prefix[never->count];
		if (esp_nat_prefix_parse(p, word))
			return -EINVAL;
		len += esp_nat_prefix_print(p, shown, sizeof(shown)) + 1;
		if (len > ESP_NAT_SYSCTL_NEVER_TEXT)
			return -EINVAL;
		never->count++;
	}
	return 0;
}

static struct esp_nat_never *esp_nat_sysctl_never_parse(char *text)
{
	static const char separators[] = ", \t\n";
	struct esp_nat_never *never;
	unsigned int most = 1;
	const char *at;
	int err;

	for (at = text; *at; at++)
		most += !!strchr(separators, *at);
	never = kzalloc(struct_size(never, prefix, most), GFP_KERNEL);
	if (!never)
		return ERR_PTR(-ENOMEM);
	err = esp_nat_sysctl_never_fill(never, text, separators);
	if (!err)
		return never;
	kfree(never);
	return ERR_PTR(err);
}

static int esp_nat_sysctl_never_set(struct esp_nat_net *en, char *text)
{
	struct esp_nat_never *never = esp_nat_sysctl_never_parse(text);

	if (IS_ERR(never))
		return PTR_ERR(never);
	esp_nat_cfg_set_never(&en->cfg, never);
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
	esp_nat_cfg_set_block_ports(&en->cfg, ports);
	return 0;
}

static const struct esp_nat_sysctl_text esp_nat_sysctl_ports = {
	.size	= ESP_NAT_PORTS_TEXT,
	.print	= esp_nat_sysctl_ports_print,
	.set	= esp_nat_sysctl_ports_set,
};

/**
 * struct esp_nat_sysctl - a namespace's sysctls
 * @header: their registration
 * @table: their table, its data point into &struct esp_nat_net
 */
struct esp_nat_sysctl {
	struct ctl_table_header	*header;
	struct ctl_table	table[];
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
	ESP_NAT_SYSCTL_CFG(max_contexts, esp_nat_sysctl_contexts,
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
	struct esp_nat_sysctl *sysctl;
	unsigned int i;

	/* older kernels want an empty entry at the end, newer ones none */
	sysctl = kzalloc(struct_size(sysctl, table, count + 1), GFP_KERNEL);
	if (!sysctl)
		return -ENOMEM;
	memcpy(sysctl->table, esp_nat_sysctl_table,
	       sizeof(esp_nat_sysctl_table));
	for (i = 0; i < count; i++)
		sysctl->table[i].data = (void *)en +
				(unsigned long)sysctl->table[i].data;

	sysctl->header = register_net_sysctl_sz(en->net, "net/esp_nat",
						sysctl->table, count);
	if (!sysctl->header) {
		kfree(sysctl);
		return -ENOMEM;
	}
	en->sysctl = sysctl;
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
	unregister_net_sysctl_table(en->sysctl->header);
	kfree(en->sysctl);
}
