package inventory_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet/inventory"
)

func TestHostJSON(t *testing.T) {
	inv := parse(t, `
hosts:
  a:
    addr: 10.0.0.1
    port: 2222
    user: bob
    identity_file: [/k/a, /k/b]
    known_hosts: /kh
    jump: me@gw:2200
    become: sudo
    platform: linux
    timeout: 1m30s
    groups: [y, x]
    vars: {rack: r7, units: [1, 2.5, {deep: 3}], big: 12345678901, huge: 18446744073709551615, e: 1e300, whole: 2.0, nil: }
    params: {r.limit: 1000000}
  b:
`)
	want := []string{
		`{"name":"a","addr":"10.0.0.1","port":2222,"user":"bob","identity_files":["/k/a","/k/b"],"known_hosts":["/kh"],` +
			`"jump":{"name":"gw","addr":"gw","port":2200,"user":"me","platform":"auto","transport":"ssh"},` +
			`"become":"sudo","platform":"linux","transport":"ssh","groups":["x","y"],` +
			`"vars":{"big":12345678901,"e":1e+300,"huge":18446744073709552000,"nil":null,"rack":"r7","units":[1,2.5,{"deep":3}],"whole":2},` +
			`"params":{"r.limit":1000000},"timeout":"1m30s"}`,
		`{"name":"b","addr":"b","port":22,"platform":"auto","transport":"ssh"}`,
	}
	for i, h := range inv.Hosts {
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], string(text)); diff != "" {
			t.Error(diff)
		}
		var back inventory.Host
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(h, back); diff != "" {
			t.Errorf("reloaded %s (-stored +reloaded):\n%s", h.Name, diff)
		}
	}
}

func TestHostJSONErrors(t *testing.T) {
	for _, in := range []string{`{"name":"a","timeout":"soon"}`, `{"name":3}`, `[]`, `{}`, `{"name":"a\u001b[31m"}`, `{"name":"../a"}`} {
		if err := json.Unmarshal([]byte(in), new(inventory.Host)); err == nil {
			t.Errorf("%s is read as a host", in)
		}
	}
}
