#!/bin/sh
# Makes the root file systems whose programs the live tests run:
#
#	roots.sh DIR [ROOT...]
#	FLEETNET_ROOTS=DIR go test ./cmd/fleetnet -run 'TestLive(Releases|Windows)' -v
#
# DIR gets a folder for each ROOT: bullseye, trixie, sid and wine unless others
# are named. One that is there already stays. The first three are releases of
# Debian; wine is the Wine of trixie, with a Windows that it has set up. It takes
# root, mmdebstrap, 2 GB, and a mirror: $MIRROR, or else that of the machine's own
# Debian.
set -eu
[ $# -gt 0 ] || { echo "usage: $0 DIR [ROOT...]" >&2; exit 2; }
mkdir -p "$1"
cd "$1"
shift
[ $# -gt 0 ] || set -- wine bullseye trixie sid
known=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Component: main' 2>/dev/null | head -n 1)
mirror=${MIRROR:-${known:-http://deb.debian.org/debian}}

# extract PACKAGES HOOK SUITE DIR unpacks packages and those that they need, and
# configures none, which takes half the time; HOOK does what is missing of that, in DIR.
# A mirror that has not been updated for some time will do.
extract() {
	mmdebstrap --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
		--include="base-files,bash,dash,coreutils,$1" --extract-hook="cd \"\$1\" && $2" "$3" "$4" "$mirror"
}

# release NAME DIR: with iproute2, and net-tools for hosts without it.
release() {
	extract grep,hostname,iproute2,lsof,mawk,net-tools,procps,sed,util-linux \
		'ln -s mawk usr/bin/awk && { [ -e bin/sh ] || ln -s dash bin/sh; }' "$@"
}

# wine DIR: Windows is set up without what opens a window, or would like to, and
# without what only games and browsers load, which is a third of it.
wine() {
	extract wine64 'dpkg-deb -e var/cache/apt/archives/libwine_*.deb tmp/libwine && chroot . /tmp/libwine/postinst configure &&
		cd usr/lib/*/wine/x86_64-windows && rm d3d* mshtml* msvc[pr][0-9]* wined3d* x3daudio* xactengine* xaudio*' trixie "$1" &&
		cat >"$1/usr/bin/wine" <<-'END' &&
			#!/bin/sh
			export HOME=/root WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=;explorer.exe=;winemenubuilder.exe=;rpcss.exe="
			exec /usr/lib/wine/wine64 "$@"
		END
		chmod +x "$1/usr/bin/wine" &&
		unshare --mount sh -c 'for dir in proc sys dev; do mount --rbind "/$dir" "$1/$dir"; done
			chroot "$1" wine wineboot -i && chroot "$1" /usr/lib/wine/wineserver64 -w' sh "$1"
}

# make fills a folder of another name first, so that what is there is whole.
make() {
	[ ! -d "$1" ] || { echo "$1 is there"; return; }
	rm -rf --one-file-system ".$1.new"
	maker="release $1"
	[ "$1" != wine ] || maker=wine
	for try in 1 2 3; do # mirrors fail at times
		if $maker ".$1.new" >".$1.log" 2>&1; then
			mv ".$1.new" "$1"
			echo "$1 is made"
			return
		fi
		rm -rf --one-file-system ".$1.new"
		sleep "$try"
	done
	echo "$1 could not be made:" >&2
	tail -n 20 ".$1.log" >&2
	return 1
}

makers=
for root; do
	make "$root" &
	makers="$makers $!"
done
failed=0
for pid in $makers; do wait "$pid" || failed=1; done
exit $failed
