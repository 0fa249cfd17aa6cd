package runner

import (
	"bytes"
	"encoding/json"
	"maps"
	"strconv"
	"time"

	"github.com/fleetnet/fleetnet/inventory"
)

// hostJSON is an inventory's host in a recording: all but the paths of keys.
type hostJSON struct {
	Name      string         `json:"name"`
	Addr      string         `json:"addr,omitzero"`
	Port      int            `json:"port,omitzero"`
	User      string         `json:"user,omitzero"`
	Jump      *hostJSON      `json:"jump,omitzero"`
	Become    string         `json:"become,omitzero"`
	Platform  string         `json:"platform,omitzero"`
	Transport string         `json:"transport,omitzero"`
	Timeout   duration       `json:"timeout,omitzero"`
	Groups    []string       `json:"groups,omitzero"`
	Vars      map[string]any `json:"vars,omitzero"`
	Params    map[string]any `json:"params,omitzero"`
}

func hostJSONOf(h inventory.Host) hostJSON {
	j := hostJSON{
		Name: h.Name, Addr: h.Addr, Port: h.Port, User: h.User, Become: h.Become, Platform: h.Platform,
		Transport: h.Transport, Timeout: duration(h.Timeout), Groups: h.Groups, Vars: writable(h.Vars), Params: writable(h.Params),
	}
	if h.Jump != nil && hops(h) <= maxHops {
		jump := hostJSONOf(*h.Jump)
		j.Jump = &jump
	}
	return j
}

func (j hostJSON) host() inventory.Host {
	h := inventory.Host{
		Name: j.Name, Addr: j.Addr, Port: j.Port, User: j.User, Become: j.Become, Platform: j.Platform,
		Transport: j.Transport, Timeout: time.Duration(j.Timeout), Groups: j.Groups, Vars: j.Vars, Params: j.Params,
	}
	if j.Jump != nil {
		jump := j.Jump.host()
		h.Jump = &jump
	}
	return h
}

// writable returns the values that JSON can hold.
func writable(values map[string]any) map[string]any {
	values = maps.Clone(values)
	maps.DeleteFunc(values, func(_ string, v any) bool {
		_, err := json.Marshal(v)
		return err != nil
	})
	return values
}

// UnmarshalJSON keeps whole numbers whole, as YAML had them.
func (j *hostJSON) UnmarshalJSON(text []byte) error {
	type plainHost hostJSON
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode((*plainHost)(j)); err != nil {
		return err
	}
	for _, m := range []map[string]any{j.Vars, j.Params} {
		for k, v := range m {
			m[k] = numbers(v)
		}
	}
	return nil
}

// numbers makes an int or a float64 of each number in v.
func numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = numbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = numbers(v[k])
		}
	}
	return v
}
