package runner

// The parts of the script that do not depend on the probes. They use what POSIX
// gives every shell, and of programs only uname and id, doing without them too.
//
// The variables that are unset change what ss and ip print or read (ss.c,
// utils.c of iproute2), or how getopt reads arguments.
const scriptHead = `# fleetnet: reads the state of the network. It changes nothing, leaves nothing
# behind, and what stands here is all that runs.
set +aeuvx
nonce=` + noncePlaceholder + `

unalias -a 2>/dev/null
unset POSIXLY_CORRECT COLUMNS COLORFGBG HZ TCPDIAG_FILE IP_LIB_DIR
unset PROC_ROOT PROC_NET_TCP PROC_NET_UDP PROC_NET_RAW PROC_NET_UNIX PROC_NET_PACKET
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
`

// scriptFrames is the framing. A frame stands on standard output and on
// standard error, so that both can be told apart by command. The time comes from
// /proc/uptime, in hundredths of a second; "1${up#*.} - 100" keeps "08" from
// being read as an octal number.
const scriptFrames = `
# clock sets $now to hundredths of a second since boot.
clock() {
	now=0
	{ read -r up _ </proc/uptime; } 2>/dev/null || return 0
	case $up in
	*[!0-9.]* | *.*.*) ;;
	*[0-9].[0-9][0-9]) now=$((${up%.*} * 100 + 1${up#*.} - 100)) ;;
	esac
}

# say prints a line of the frame on both streams.
say() {
	echo "$1@fleetnet $nonce $2"
	echo "$1@fleetnet $nonce $2" >&2
}

# starts PROBE USER opens a section.
starts() {
	probe=$1
	say '' "begin $1 $2"
	clock
	began=$now
}

# ends closes the section, and returns the status of the command before it.
ends() {
	status=$?
	clock
	say '
' "end $probe $status $((now - began))"
	return $status
}

# have PROBE PROGRAM... asks whether the programs are there.
have() {
	probe=$1
	shift
	for program; do
		command -v "$program" >/dev/null 2>&1 && continue
		echo "@fleetnet $nonce skip $probe needs"
		return 1
	done
}

# holds PROBE CONDITION asks whether the condition holds.
holds() {
	(eval "$2") </dev/null >/dev/null 2>&1 && return
	echo "@fleetnet $nonce skip $1 if"
	return 1
}

# identify sets $system to the platform and $user to root or user, and says both.
identify() {
	starts platform -
	system=$(uname -s 2>/dev/null) || { read -r system </proc/sys/kernel/ostype; } 2>/dev/null
	echo "$system"
	ends
	starts user -
	uid=$(id -u 2>/dev/null) || while read -r key _ id _; do
		[ "$key" = Uid: ] && uid=$id && break
	done 2>/dev/null </proc/self/status
	echo "$uid"
	ends
	user=user
	if [ "$uid" = 0 ]; then user=root become=; fi
}

done_frame() { say '' 'done'; }
`
