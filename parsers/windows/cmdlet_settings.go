package windows

import (
	"slices"
	"strings"

	"github.com/fleetnet/fleetnet"
)

// NetTCPSettings reads what Get-NetTCPSetting writes (Windows 8 and 2012 on), one
// object for each template. Its properties become settings under Windows' own
// names, `Internet.InitialRto`, and the range of ports that TCP takes for
// outgoing connections, which all templates share, ephemeral_ports.
func NetTCPSettings(in *fleetnet.Lines, out *fleetnet.Snapshot) {
	found := false
	readObjects(in, out, "windows/Get-NetTCPSetting", []string{"settings"}, func(o *object) error {
		template, ok := o.get("settingname")
		if !ok {
			return o.unlessCut(errNoName)
		}
		if !found {
			found = ephemeralPorts(out, o)
		}
		for i, name := range o.keys.names {
			if v := o.values[i]; settingProperty(name) && v != "" && !cutValue(v) {
				out.Settings = append(out.Settings, fleetnet.Setting{Name: template + "." + unitless(name), Value: v, Ref: o.ref})
			}
		}
		return nil
	})
}

// ephemeralPorts adds the range of ports of an object that has it, and reports
// whether it does.
func ephemeralPorts(out *fleetnet.Snapshot, o *object) bool {
	first, ok := o.uintOf(16, "dynamicportrangestartport")
	n, ok2 := o.uintOf(17, "dynamicportrangenumberofports")
	if !ok || !ok2 || first == 0 || n == 0 || first+n > 1<<16 {
		return false
	}
	out.Settings = append(out.Settings, fleetnet.Setting{Name: fleetnet.SettingEphemeralPorts, Value: portRange(first, n), Ref: o.ref})
	return true
}

// settingProperty reports whether a property is a setting, not a part of CIM's
// own.
func settingProperty(name string) bool {
	return !strings.HasPrefix(name, "Cim") && !strings.HasPrefix(name, "PS") && !strings.HasPrefix(name, "DynamicPortRange") &&
		!slices.Contains([]string{"SettingName", "Caption", "Description", "ElementName", "InstanceID", "Profile"}, name)
}

// unitless takes the unit off a label: InitialRto(ms) is the property InitialRto.
func unitless(name string) string {
	name, _, _ = strings.Cut(name, "(")
	return name
}
