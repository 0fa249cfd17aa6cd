package runner

import "github.com/fleetnet/fleetnet/inventory"

// scriptBecome returns the part of a script that makes commands run as root:
// the function as_root, and in $become the method, until it is refused.
func scriptBecome(o ScriptOptions) string {
	var tool string
	switch {
	case o.Become == inventory.BecomeSudo && o.Password:
		tool = scriptPassword + scriptSudoRefused + scriptSudoPassword
	case o.Become == inventory.BecomeSudo:
		tool = scriptSudoRefused + scriptSudo
	case o.Become == inventory.BecomeDoas:
		tool = scriptDoas
	case o.Become == inventory.BecomeSu && o.Password:
		tool = scriptPassword + scriptSuGranted + scriptSuPassword
	case o.Become == inventory.BecomeSu:
		tool = scriptSuGranted + scriptSu
	default:
		return ""
	}
	return "\nbecome=" + o.Become + "\n" + scriptHeard + tool
}

// scriptHeard judges how a command as root ended. What sudo and doas say of a
// refusal goes to standard error, where it cannot be told from the command's own
// words; so a failure of which the words look like a refusal counts as one, and
// root is not asked for again: each refusal is reported to the host's administrator.
const scriptHeard = `
# heard passes on what the become method and the command said, in $said.
heard() {
	status=$?
	if refused; then
		become=refused
		if [ $status -eq 0 ]; then status=1; fi
	fi
	if [ -n "$said" ]; then printf '%s\n' "$said" >&2; fi
	return $status
}
`

// scriptPassword holds the password and how to hand it on. Programs show their
// arguments and environment to others, so only what the shell has built in may
// print it, and the variable is not exported. The escapes \0ooo are those that
// printf %b, print and the echo of System V have in common.
const scriptPassword = `
unset become_password
become_password='` + passwordPlaceholder + `'

# built_in WORD asks whether the shell does it itself.
built_in() {
	case $(command -V "$1" 2>/dev/null) in
	*builtin* | *built-in*) ;;
	*) return 1 ;;
	esac
}

# tell_password prints the password, in which \0ooo stands for an odd byte.
if built_in printf; then
	tell_password() { printf '%b\n' "$become_password"; }
elif built_in print; then
	tell_password() { print "$become_password"; }
elif built_in echo && [ "$(echo 'a\0142')" = ab ]; then
	tell_password() { echo "$become_password"; }
else
	tell_password() { :; }
fi 2>/dev/null
`

const scriptSudoRefused = `
refused() {
	[ $status -ne 0 ] || return
	case ${said#*sudo: unable to resolve host} in
	*sudo* | *[Ss]orry,* | *'not allowed'*) ;;
	*) return 1 ;;
	esac
}
`

const scriptSudo = `
# as_root COMMAND... runs the command through sudo, which must not ask for a password.
as_root() {
	{ said=$(sudo -n "$@" 2>&1 >&3 3>&- </dev/null); } 3>&1
	heard
}
`

// scriptSudoPassword has -k, so that sudo keeps no ticket by which others could
// become root, and an empty prompt. A password that sudo does not want is left
// to the command, which does not read it.
const scriptSudoPassword = `
# as_root COMMAND... runs the command through sudo, which reads the password.
as_root() {
	{ said=$(tell_password 2>/dev/null | sudo -k -S -p '' "$@" 2>&1 >&3 3>&-); } 3>&1
	heard
}
`

// scriptDoas has no password: doas reads one from a terminal only.
const scriptDoas = `
refused() {
	[ $status -ne 0 ] || return
	case $said in
	*doas*) ;;
	*) return 1 ;;
	esac
}

# as_root COMMAND... runs the command through doas, which must not ask for a password.
as_root() {
	{ said=$(doas -n "$@" 2>&1 >&3 3>&- </dev/null); } 3>&1
	heard
}
`

// scriptSuGranted is what root's shell does first: a frame tells that su has
// let it in, and that what came before was su's prompt, which some print on
// standard output. What the shell runs, and the nonce, come in the environment:
// root's login shell need not be a POSIX one, and others see arguments.
const scriptSuGranted = `
granted='set +aeuvx
nonce=$FLEETNET_NONCE
unset FLEETNET_NONCE FLEETNET_COMMAND
LC_ALL=C
export LC_ALL
exec </dev/null
echo "@fleetnet $nonce granted"
echo "@fleetnet $nonce granted" >&2
'
`

const scriptSuPassword = `
refused() {
	case $said in
	*"@fleetnet $nonce granted"*) return 1 ;;
	esac
}

# as_root COMMAND runs the command through su, which reads the password.
as_root() {
	{ said=$(tell_password 2>/dev/null | FLEETNET_NONCE=$nonce FLEETNET_COMMAND="$granted$1" su root -c "exec /bin/sh -c 'eval \"\$FLEETNET_COMMAND\"'" 2>&1 >&3 3>&-); } 3>&1
	heard
}
`

const scriptSu = `
refused() {
	case $said in
	*"@fleetnet $nonce granted"*) return 1 ;;
	esac
	said="$said (no password was given)"
}

# as_root COMMAND runs the command through su, which must not need a password.
as_root() {
	{ said=$(FLEETNET_NONCE=$nonce FLEETNET_COMMAND="$granted$1" su root -c "exec /bin/sh -c 'eval \"\$FLEETNET_COMMAND\"'" 2>&1 >&3 3>&- </dev/null); } 3>&1
	heard
}
`
