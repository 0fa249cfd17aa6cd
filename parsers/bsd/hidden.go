package bsd

import (
	"bytes"
	"errors"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/parsers/field"
)

// hiddenCommand asks whether FreeBSD hides the sockets of others from who asks.
const hiddenCommand = "id -u; sysctl security.bsd.see_other_uids security.bsd.see_other_gids security.bsd.see_jail_proc 2>/dev/null; :"

// Hidden reads the user id and the settings that hide what is of other users,
// groups and jails from all but root (see security(7)):
//
//	1001
//	security.bsd.see_other_uids: 0
//	security.bsd.see_other_gids: 1
//
// netstat and sockstat leave out then what they may not see, and do not say so.
func Hidden(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	root, hidden := false, ""
	for in.Next() {
		line := bytes.TrimSpace(in.Text())
		if id, ok := field.Uint(line, 32); ok {
			root = id == 0
			in.Row()
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(": "))
		if !ok || !bytes.HasPrefix(name, []byte("security.bsd.")) {
			in.Fail(errors.New("a user id or a setting expected"))
			continue
		}
		if string(value) == "0" && hidden == "" {
			hidden = string(name)
		}
		in.Row()
	}
	if !root && hidden != "" {
		out.Cover(fleetnet.Coverage{Table: "sockets", Status: fleetnet.StatusDenied, Probe: "freebsd/hidden",
			Reason: fleetnet.Printable(hidden) + " is 0: only root sees the sockets of others"})
	}
}
