# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The differential bench: a scene is played twice in the same boot, without the
# module and with it, and what worked without it must work with it. Sourced
# after lib.sh and interop.sh (or sa.sh):
#
#	one_client()
#	{
#		interop_begin
#		...
#		step_both "the server starts" start_server || return
#		step "it dials" dial client1 || return
#		step "it dials again" dial client1
#	}
#
#	begin
#	scene "one client" one_client
#	harmless_end
#
# A scene's function builds its topology itself; its end is not its business. It
# runs in the script's own shell: what it sets is set in the second run too, but
# for what is local. Each step is one result:
#
#	ok      both     it works without the module and with it
#	ok      better   only with it
#	ok      neither  in neither run
#	not ok  worse    only without it; both outputs are shown
#
# A step that a run did not reach did not work there.

# begin is not to load the module, and each scene ends with an audit of its own.
# shellcheck disable=SC2034 # lib.sh's
NO_MODULE=1 NO_AUDIT=1

HARMLESS='' HARMLESS_RUN=''
HARMLESS_COMPARED=0 HARMLESS_BETTER=0 HARMLESS_WORSE=0
# Of the scene that is played: its steps in their order, what is wrong with the
# scene itself, by their names what they have to be, and by run and name what
# became of them.
HARMLESS_STEPS=() HARMLESS_BROKEN=()
declare -A HARMLESS_WANTED=() HARMLESS_STATUS=() HARMLESS_SKIPPED=()

# scene NAME FUNCTION [ARG]...
scene()
{
	local name=$1 run
	shift
	if [ -n "${KTAP_NAMES[$name]:-}" ]; then
		ktap_result fail "$name" "there is such a scene already"
		return 0
	fi
	KTAP_NAMES["$name"]=1
	[ -z "${ONLY:-}" ] || [[ $name == *$ONLY* ]] || return 0
	HARMLESS=$(mktemp -d "${TMPDIR:-/tmp}/harmless.XXXXXX")
	HARMLESS_STEPS=() HARMLESS_BROKEN=()
	HARMLESS_WANTED=() HARMLESS_STATUS=() HARMLESS_SKIPPED=()
	for run in stock module; do
		harmless_run "$run" "$@"
	done
	harmless_results "$name"
	rm -rf "$HARMLESS"
	return 0
}

# harmless_module: whether this is the run with the module.
harmless_module() { [ "$HARMLESS_RUN" = module ]; }

# with_module COMMAND [ARG]...: only in that run; true in the other.
with_module() { ! harmless_module || "$@"; }

# step NAME COMMAND [ARG]...: true if the command is.
step() { harmless_step equal "$@"; }

# step_better NAME COMMAND [ARG]...: has to work with the module, whatever it does
# without.
step_better() { harmless_step better "$@"; }

# step_both NAME COMMAND [ARG]...: has to work in both runs; what builds a scene,
# so that one that is broken does not pass as `neither`.
step_both() { harmless_step both "$@"; }

# harmless_end: the last line of a script.
harmless_end()
{
	echo "# harmless: $HARMLESS_COMPARED compared," \
		"$HARMLESS_BETTER better, $HARMLESS_WORSE worse"
	finish
}

# harmless_run stock|module FUNCTION [ARG]...
harmless_run()
{
	local status=0
	HARMLESS_RUN=$1
	shift
	: >"$HARMLESS/outside.$HARMLESS_RUN"
	! harmless_module || harmless_must "the module can be loaded" module_load
	KTAP_SKIP=
	"$@" >>"$HARMLESS/outside.$HARMLESS_RUN" 2>&1 || status=$?
	[ $status -ne "$KSFT_SKIP" ] || HARMLESS_SKIPPED[$HARMLESS_RUN]=$KTAP_SKIP
	! harmless_module || harmless_must "no context leaked" accounts_settle
	harmless_must "it can be cleared away" harmless_clear
	! harmless_module || harmless_must "the module can be unloaded" module_gone
}

# harmless_must NAME COMMAND [ARG]...: what is no step, and said only if it fails.
harmless_must()
{
	local name=$1
	shift
	"$@" >>"$HARMLESS/outside.$HARMLESS_RUN" 2>&1 || HARMLESS_BROKEN+=("$name")
}

# harmless_clear: nothing of the topology is left.
harmless_clear()
{
	if [ -n "${INTEROP:-}" ]; then
		echo "its logs are those of $T"
		interop_end
	elif [ -n "${T:-}" ]; then
		topo_gone
	fi
}

# harmless_step WANTED NAME COMMAND [ARG]...
harmless_step()
{
	local wanted=$1 name=$2 key="$HARMLESS_RUN $2" status=0 since=$SECONDS
	shift 2
	if [ -n "${HARMLESS_STATUS[$key]:-}" ]; then
		HARMLESS_BROKEN+=("there are two steps named $name")
		return 1
	fi
	[ -n "${HARMLESS_WANTED[$name]:-}" ] || HARMLESS_STEPS+=("$name")
	HARMLESS_WANTED[$name]=$wanted
	KTAP_SKIP=
	"$@" >"$(harmless_log "$name").$HARMLESS_RUN" 2>&1 || status=$?
	[ $status -ne "$KSFT_SKIP" ] || HARMLESS_SKIPPED[$key]=$KTAP_SKIP
	HARMLESS_STATUS[$key]=$status
	echo "$((SECONDS - since)) s, status $status: $name"
	return $status
}

# harmless_log NAME: where the step's outputs are, but for the run.
harmless_log()
{
	local i
	for i in "${!HARMLESS_STEPS[@]}"; do
		[ "${HARMLESS_STEPS[i]}" != "$1" ] || echo "$HARMLESS/$i"
	done
}

# harmless_results SCENE: a result of each of its steps.
harmless_results()
{
	local scene=$1 name failed=$KTAP_FAILED
	local skipped=${HARMLESS_SKIPPED[stock]:-${HARMLESS_SKIPPED[module]:-}}
	if [ -n "$skipped" ]; then
		ktap_result skip "$scene" "$skipped"
	elif [ ${#HARMLESS_STEPS[@]} -eq 0 ]; then
		ktap_result fail "$scene" "it has no step"
	else
		for name in "${HARMLESS_STEPS[@]}"; do
			harmless_result "$scene" "$name"
		done
	fi
	for name in "${HARMLESS_BROKEN[@]}"; do
		ktap_result fail "$scene" "$name"
	done
	if [ "$KTAP_FAILED" -gt "$failed" ] || [ -n "${VERBOSE:-}" ]; then
		harmless_show "$scene" "$HARMLESS/outside"
	fi
}

# harmless_result SCENE STEP
harmless_result()
{
	local scene=$1 name=$2 verdict good=ok
	local stock=${HARMLESS_STATUS[stock $2]:-unreached}
	local module=${HARMLESS_STATUS[module $2]:-unreached}
	local skipped=${HARMLESS_SKIPPED[stock $2]:-${HARMLESS_SKIPPED[module $2]:-}}
	if [ -n "$skipped" ]; then
		ktap_result skip "$scene: $name" "$skipped"
		return
	fi
	case $stock/$module in
	0/0) verdict=both ;;
	*/0) verdict=better ;;
	0/*) verdict=worse ;;
	*) verdict=neither ;;
	esac
	HARMLESS_COMPARED=$((HARMLESS_COMPARED + 1))
	[ $verdict != better ] || HARMLESS_BETTER=$((HARMLESS_BETTER + 1))
	[ $verdict != worse ] || HARMLESS_WORSE=$((HARMLESS_WORSE + 1))
	case $verdict/${HARMLESS_WANTED[$name]} in
	worse/* | neither/better | neither/both | better/both) good=fail ;;
	esac
	if [ $good = fail ] || [ -n "${VERBOSE:-}" ]; then
		harmless_show "$name" "$(harmless_log "$name")"
	fi
	ktap_result $good "$scene: $name" $verdict
}

# harmless_show TITLE FILE: the outputs of both runs, side by side.
harmless_show()
{
	local run half=78
	for run in stock module; do
		if [ -e "$2.$run" ]; then
			tr '\t' ' ' <"$2.$run"
		else
			echo "not reached"
		fi | fold -w $((half - 2)) >"$HARMLESS/half.$run"
	done
	echo "# $1"
	{
		printf 'without the module\twith it\n'
		paste "$HARMLESS/half.stock" "$HARMLESS/half.module"
	} | awk -F '\t' -v half=$half '{ printf "# %-*s| %s\n", half, $1, $2 }'
}
