#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The differential bench itself (lib/harmless.sh): steps whose outcome is known,
# under a module that is only a variable, and what becomes of them.
# shellcheck disable=SC1091,SC2030,SC2031,SC2034,SC2317
here=$(dirname "$(realpath "$0")")
. "$here/../lib/lib.sh"

# The bench under test, its results in the variable OUT.
bench() {
	OUT=$(
		# Results of its own.
		. "$SELFTESTS/lib/lib.sh"
		. "$SELFTESTS/lib/harmless.sh"
		unset ONLY VERBOSE
		LOADED=''
		module_load() { LOADED=1; }
		module_loaded() { [ -n "$LOADED" ]; }
		module_gone() { LOADED=''; }
		accounts_settle() { [ -z "${LEAKS:-}" ]; }
		topo_gone() { :; }
		begin
		"$@"
		harmless_end
	)
	STATUS=$?
	echo "$OUT"
}

# has LINE...: each is a line of the results.
has() {
	local line
	for line; do
		grep -qxF -- "$line" <<<"$OUT" || { echo "not there: $line"; return 1; }
	done
}

loaded() { echo "loaded: ${LOADED:-no}" && [ -n "$LOADED" ]; }
unloaded() { echo "still ${LOADED:-unloaded}" && [ -z "$LOADED" ]; }

kinds() {
	step_both "set up" true
	step "same" true
	step "helped" loaded
	step "hopeless" false
	step "harmed" unloaded
}

all_kinds() {
	bench scene "kinds" kinds
	has "ok 1 kinds: set up # both" "ok 2 kinds: same # both" \
		"ok 3 kinds: helped # better" "ok 4 kinds: hopeless # neither" \
		"not ok 5 kinds: harmed # worse" "1..5" \
		"# harmless: 5 compared, 1 better, 1 worse" &&
		[ "$STATUS" -eq "$KSFT_FAIL" ] &&
		grep -q '^# still unloaded  *| still 1$' <<<"$OUT"
}

stops() {
	step "first" true
	step "breaks off" unloaded || return
	step "last" true
}

unreached() {
	bench scene "stops" stops
	has "not ok 2 stops: breaks off # worse" "not ok 3 stops: last # worse" \
		"# harmless: 3 compared, 0 better, 2 worse" &&
		[ "$STATUS" -eq "$KSFT_FAIL" ]
}

starts() {
	step "gets there" loaded || return
	step_better "goes on" true
}

reached() {
	bench scene "starts" starts
	has "ok 1 starts: gets there # better" "ok 2 starts: goes on # better" \
		"# harmless: 2 compared, 2 better, 0 worse" && [ "$STATUS" -eq 0 ]
}

wishes() {
	step_better "no help" false
	step_both "no scene" false
	step_both "no scene on stock" loaded
	step_better "help is not needed" true
}

wanted() {
	bench scene "wishes" wishes
	has "not ok 1 wishes: no help # neither" \
		"not ok 2 wishes: no scene # neither" \
		"not ok 3 wishes: no scene on stock # better" \
		"ok 4 wishes: help is not needed # both" &&
		[ "$STATUS" -eq "$KSFT_FAIL" ]
}

idle() { :; }
twice() { step "one" true; step "one" true; }
unable() { skip "no such thing here"; }

# No scene passes that shows nothing.
broken() {
	bench scene "idle" idle
	has "not ok 1 idle # it has no step" || return 1
	bench scene "twice" twice
	has "not ok 2 twice # there are two steps named one" || return 1
	bench scene "unable" unable
	has "ok 1 unable # SKIP no such thing here" || return 1
	LEAKS=1 bench scene "starts" starts
	has "not ok 3 starts # no context leaked"
}

two_scenes() { scene "kinds" kinds; scene "starts" starts; }

# What count and the table make of two logs.
summed() {
	bench two_scenes
	echo "$OUT" >"$LOG"
	OUT=$("$SELFTESTS/count" "$LOG" "$LOG")
	STATUS=$?
	echo "$OUT"
	has "# harmless: 14 steps compared, 6 better, 2 worse" &&
		[ "$STATUS" -eq 1 ] || return 1
	OUT=$("$SELFTESTS/harmless/verdicts.py" "$LOG")
	echo "$OUT"
	has '| starts | fails | works |' \
		'| kinds | 3 of 5, not: helped; hopeless | 3 of 5, not: hopeless; harmed |'
}

NO_MODULE=1 NO_AUDIT=1
begin 6
LOG=$(mktemp)
at_exit rm -f "$LOG"
check "better, worse, both, neither" all_kinds
check "a step that was not reached failed" unreached
check "only the module gets there" reached
check "steps that have to work" wanted
check "scenes that are broken" broken
check "count and table" summed
finish
