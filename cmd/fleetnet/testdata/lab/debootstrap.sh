#!/bin/sh
# Makes root file systems of Debian releases, for TestLiveReleases:
#
#	debootstrap.sh DIR [RELEASE...]
#	FLEETNET_ROOTS=DIR go test ./cmd/fleetnet -run TestLiveReleases -v
#
# DIR gets a folder for each release: bullseye, trixie and sid unless others are
# named. A folder that is there already stays. Needs root, debootstrap and a
# mirror: $MIRROR, or else deb.debian.org. Others that were tried, with
# MIRROR=http://archive.ubuntu.com/ubuntu: xenial and bionic.
set -eu
[ $# -gt 0 ] || { echo "usage: $0 DIR [RELEASE...]" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || set -- bullseye trixie sid
mirror=${MIRROR:-http://deb.debian.org/debian}

# make fills a folder of another name first, so that what is there is whole.
make() {
	[ ! -d "$1" ] || { echo "$1 is there"; return; }
	rm -rf ".$1.new"
	if debootstrap --variant=minbase --include=iproute2,net-tools,procps,lsof "$1" ".$1.new" "$mirror" >".$1.log" 2>&1; then
		rm -rf ".$1.new/var/cache/apt/archives" ".$1.new/var/lib/apt/lists"
		mv ".$1.new" "$1"
		echo "$1 is made"
	else
		echo "$1: debootstrap failed:" >&2
		tail -n 20 ".$1.log" >&2
		return 1
	fi
}

makers=
for release; do
	make "$release" &
	makers="$makers $!"
done
failed=0
for pid in $makers; do wait "$pid" || failed=1; done
exit $failed
