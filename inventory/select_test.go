package inventory_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

const fleet = `
hosts:
  web[01-12]: {groups: [web, prod]}
  web[90-91]: {groups: [web, test]}
  db[1-2]: {groups: [db, prod]}
  db: {groups: [other]}
  "::1": {groups: [rack1]}
  gw: {groups: [rack2]}
groups: {empty: }
`

func folded(hosts []inventory.Host) string {
	var names []string
	for _, h := range hosts {
		names = append(names, h.Name)
	}
	return fleetnet.Fold(names)
}

func TestSelect(t *testing.T) {
	inv := parse(t, fleet)
	for expr, want := range map[string]string{
		"gw":                         "gw",
		"gw,db1":                     "db1,gw",
		" gw , db1 ":                 "db1,gw",
		"web[01-03]":                 "web[01-03]",
		"web[01-03,12]":              "web[01-03,12]",
		"web[11-20]":                 "web[11-12]",
		"web*":                       "web[01-12,90-91]",
		"web?1":                      "web[01,11,91]",
		"web[0-1]?":                  "web[01-12]",
		"d*":                         "db,db[1-2]",
		"*":                          "::1,db,db[1-2],gw,web[01-12,90-91]",
		"all":                        "::1,db,db[1-2],gw,web[01-12,90-91]",
		"@all":                       "::1,db,db[1-2],gw,web[01-12,90-91]",
		"web":                        "web[01-12,90-91]",
		"@web":                       "web[01-12,90-91]",
		"@test":                      "web[90-91]",
		"@rack[1-2]":                 "::1,gw",
		"@rack*":                     "::1,gw",
		"@te*,gw":                    "gw,web[90-91]",
		"db":                         "db,db[1-2]",
		"@db":                        "db[1-2]",
		"::1":                        "::1",
		"[::1]":                      "::1",
		"!web":                       "::1,db,db[1-2],gw",
		"&prod":                      "db[1-2],web[01-12]",
		"&prod,!db1":                 "db2,web[01-12]",
		"!db1,web,db,&prod":          "db2,web[01-12]",
		"web,&prod,!web[03-05]":      "web[01-02,06-12]",
		"web,&prod,&web?2":           "web[02,12]",
		"@empty,gw":                  "gw",
		"all,!@web,!@db,!::1":        "db,gw",
		"web[01-02],! web[02-03],gw": "gw,web01",

		"web:db:&prod:!web[03-12]": "db[1-2],web[01-02]",
		" web : !test ":            "web[01-12]",
		"gw:db1,db2":               "db[1-2],gw",
		"web[01:03]":               "web[01-03]",
		"web[01:03]:gw":            "gw,web[01-03]",
		"::1,gw":                   "::1,gw",
		"gw:[::1]":                 "::1,gw",
		"!::1":                     "db,db[1-2],gw,web[01-12,90-91]",
		"::*":                      "::1",
		"web[01,9*]":               "web[01,90-91]",
		"[gw,d*]":                  "db,db[1-2],gw",
		"[::*]:gw":                 "::1,gw",
		"::[1-3]":                  "::1",
		"rack*":                    "::1,gw",
		"pr*:!w*":                  "db[1-2]",
		"~web":                     "web[01-12,90-91]",
		"~web0[1-3]$:gw":           "gw,web[01-03]",
		"~(?:gw|rack1)$":           "::1,gw",
		"~w.b\\d{1,2},!~.*[1-8]$":  "web[09-10,90]",
		"!~w|d":                    "::1,gw",
		"@web[0]":                  "web01",
		"web[0]":                   "web01",
		"web[-1]":                  "web91",
		"web[-14]":                 "web01",
		"web[1:]":                  "web[02-12,90-91]",
		"web[0:2]:gw":              "gw,web[01-03]",
		"web[12:99]":               "web[12,90-91]",
		"db[0]":                    "db1",
		"db[1]":                    "db1", // there is such a host
		"@db[1]":                   "db2",
		"db[0:1]":                  "db1", // db0 and db1
		"@db[0:1]":                 "db[1-2]",
		"all[-1]":                  "gw",
		"all[0]":                   "web01",      // as the file lists them
		"we*[2]":                   "web[02,12]", // a glob
		"we*[-12]":                 "web03",
		"web[90]":                  "web90",
		"web[00:01]":               "web01",
		"localhost":                "localhost",
		"gw:127.0.0.1":             "gw,localhost",
		"gw,!localhost":            "gw",
		"!localhost,&rack2":        "gw",
		"localhost,!localhost,gw":  "gw",
		"all,localhost,&localhost": "localhost",
	} {
		got, err := inv.Select(expr)
		if err != nil {
			t.Errorf("Select(%s): %v", expr, err)
		} else if diff := cmp.Diff(want, folded(got)); diff != "" {
			t.Errorf("Select(%s) (-want +got):\n%s", expr, diff)
		}
	}
}

func TestSelectOrder(t *testing.T) {
	got, err := parse(t, "hosts: {w10: , w9: , w1: }").Select("w10,w1,w9,w1")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, h := range got {
		names = append(names, h.Name)
	}
	if diff := cmp.Diff("w1 w9 w10", strings.Join(names, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestSelectErrors(t *testing.T) {
	inv := parse(t, fleet)
	for expr, want := range map[string]string{
		"wbe01":         `limit "wbe01": "wbe01" matches no host or group (did you mean "web01"?)`,
		"gw,pord":       `limit "gw,pord": "pord" matches no host or group (did you mean "prod"?)`,
		"@prd":          `limit "@prd": "@prd" matches no group and no file (did you mean "prod"?)`,
		"@gw":           `limit "@gw": "@gw" matches no group and no file`,
		"gw,!zzzzzz":    `limit "gw,!zzzzzz": "zzzzzz" matches no host or group`,
		"gw,&al":        `limit "gw,&al": "al" matches no host or group (did you mean "all"?)`,
		"web[20-30]":    `limit "web[20-30]": "web[20-30]" matches no host`,
		"x*":            `limit "x*": "x*" matches no host or group`,
		"@x*":           `limit "@x*": "@x*" matches no group`,
		"web[3-1]":      `limit "web[3-1]": "web[3-1]": range 3-1 is empty`,
		"web[":          `limit "web[": "web[": [ without ]`,
		"":              `limit "": "" is no term: write host, @group, web*, web[1-9], &term or !term`,
		"gw,,db":        `limit "gw,,db": "" is no term: write host, @group, web*, web[1-9], &term or !term`,
		"gw,!":          `limit "gw,!": "!" is no term: write host, @group, web*, web[1-9], &term or !term`,
		"!&gw":          `limit "!&gw": "!&gw" is no term: write host, @group, web*, web[1-9], &term or !term`,
		"@":             `limit "@": "@" matches no group and no file`,
		"gw,!gw":        `limit "gw,!gw" selects no host`,
		"gw,&db":        `limit "gw,&db" selects no host`,
		"@empty":        `limit "@empty" selects no host`,
		`we\b*`:         `limit "we\\b*": "we\\b*" has a slash where a name cannot`,
		"w*[1-2000]":    `limit "w*[1-2000]": "w*[1-2000]": a range with wildcards stands for more than 1000`,
		"web[1-999999]": `limit "web[1-999999]": "web[1-999999]": range 1-999999 has more than 100000 names`,

		"gw:":                  `limit "gw:": "" is no term: write host, @group, web*, web[1-9], &term or !term`,
		"gw:fd00::1:web":       `limit "gw:fd00::1:web": "fd00" matches no host or group`,
		"web::1":               `limit "web::1": "" is no term: write host, @group, web*, web[1-9], &term or !term (an IPv6 address between colons stands in brackets)`,
		"~a(":                  "limit \"~a(\": \"~a(\": error parsing regexp: missing closing ): `a(`",
		"~eb":                  `limit "~eb": "~eb" matches no host or group`, // anchored
		"web,!web[0],!web[1:]": `limit "web,!web[0],!web[1:]" selects no host`,
		"~zz":                  `limit "~zz": "~zz" matches no host or group`,
		"web[14]":              `limit "web[14]": "web[14]" matches no host: there are 14, counted from 0`,
		"web[-15]":             `limit "web[-15]": "web[-15]" matches no host: there are 14, counted from 0`,
		"web[2:1]":             `limit "web[2:1]": "web[2:1]" matches no host: there are 14, counted from 0`,
		"empty[0]":             `limit "empty[0]": "empty[0]" matches no host: there are 0, counted from 0`,
		"wbe[-1]":              `limit "wbe[-1]": "wbe[-1]" matches no host: no group is called "wbe" (did you mean "web"?)`,
		"gw[1:]":               `limit "gw[1:]": "gw[1:]" matches no host: no group is called "gw"`,
		"web[0:-1]":            `limit "web[0:-1]": "web[0:-1]": range 0--1 is neither of numbers nor of letters`,
		"web[60-70]":           `limit "web[60-70]": "web[60-70]" matches no host`, // and not places of the group
		"web[060:070]":         `limit "web[060:070]": "web[060:070]" matches no host`,
		"ungrouped":            `limit "ungrouped" selects no host`,
		"failed":               `limit "failed": failed: no last run is known`,
		"faild":                `limit "faild": "faild" matches no host or group (did you mean "failed"?)`,
		"@failed":              `limit "@failed": "@failed" matches no group and no file`,
		"@./none":              `limit "@./none": file of patterns: stat none: no such file or directory`,
		"@/dev/null":           `limit "@/dev/null": file of patterns /dev/null: it is not a file`,
		"@~bob/x":              `limit "@~bob/x": "~bob/x": only ~/ of the current user is expanded`,
		"&localhost":           `limit "&localhost" selects no host`,
		"localhost,&prod":      `limit "localhost,&prod" selects no host`,
		"localhos":             `limit "localhos": "localhos" matches no host or group (did you mean "localhost"?)`,
	} {
		got, err := inv.Select(expr)
		if err == nil {
			t.Errorf("Select(%s) = %s, want an error", expr, folded(got))
		} else if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("Select(%s) (-want +got):\n%s", expr, diff)
		}
	}
}
