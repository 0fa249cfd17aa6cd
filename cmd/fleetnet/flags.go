package main

import (
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// env returns the variable that stands for a flag.
func env(name string) []string {
	return []string{"FLEETNET_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))}
}

func text(name, usage, value string, aliases ...string) cli.Flag {
	return &cli.StringFlag{Name: name, Aliases: aliases, Usage: usage, Value: value, EnvVars: env(name)}
}

func texts(name, usage string, aliases ...string) cli.Flag {
	return &cli.StringSliceFlag{Name: name, Aliases: aliases, Usage: usage, EnvVars: env(name)}
}

func boolean(name, usage string, aliases ...string) cli.Flag {
	return &cli.BoolFlag{Name: name, Aliases: aliases, Usage: usage, EnvVars: env(name)}
}

func number(name, usage string, value int, aliases ...string) cli.Flag {
	return &cli.IntFlag{Name: name, Aliases: aliases, Usage: usage, Value: value, EnvVars: env(name)}
}

func duration(name, usage string, value time.Duration) cli.Flag {
	return &cli.DurationFlag{Name: name, Usage: usage, Value: value, EnvVars: env(name)}
}

// whoFlags choose hosts.
func whoFlags() []cli.Flag {
	return []cli.Flag{
		texts("inventory", "where the hosts stand: hosts.yaml, an Ansible inventory, its folder, a list `web1,web2`, or - for stdin; may be given several times", "i"),
		text("hosts", "scan `HOSTS` (web1,ops@web2:2222,web[01-12]); with an inventory, those of it", "", "H"),
		text("limit", "only hosts that match `PATTERN`: web,!web07,@db,web[01-20], or failed for those of the last run", "", "l"),
		text("ssh-config", "`FILE` instead of ~/.ssh/config and /etc/ssh/ssh_config; none for none", "", "F"),
	}
}

// dialFlags say how hosts are reached.
func dialFlags() []cli.Flag {
	return []cli.Flag{
		number("concurrency", "hosts at a time", 64, "c"),
		duration("connect-timeout", "bound on connecting to one host; by default as ssh_config has it, else 10s", 0),
		duration("timeout", "bound on everything done with one host", time.Minute),
		duration("run-timeout", "bound on the whole run; 0 for none", 0),
		text("host-keys", "`strict`, accept-new (add unknown keys) or off (check none); by default as ssh_config has it, else strict", ""),
	}
}

// howFlags say what is asked of hosts and how much, or that a recording is read instead.
func howFlags() []cli.Flag {
	return append(dialFlags(),
		boolean("allow-module-load", "let ss load kernel modules that are not loaded"),
		number("max-mib", "`MIB` of output read from one host", 64),
		number("max-rows", "rows read of one table of one host; 0 for no bound", 0),
		&cli.PathFlag{Name: "record", Usage: "keep the raw output in the new directory `DIR`", EnvVars: env("record")},
		&cli.PathFlag{Name: "from", Usage: "read the recording in `DIR` instead of asking hosts", EnvVars: env("from")},
	)
}

// sayFlags say how results are written. The format's default is the first one.
func sayFlags(formats []string) []cli.Flag {
	return []cli.Flag{
		texts("format", "`FORMAT` or FORMAT=FILE, may be given several times: "+strings.Join(formats, ", "), "f"),
		text("color", "`auto`, always or never", "auto"),
		boolean("quiet", "print no progress and no hints", "q"),
		boolean("verbose", "print everything that is known", "v"),
	}
}

// quietFlags are for commands that have one way to write what they write.
func quietFlags() []cli.Flag {
	return []cli.Flag{
		boolean("quiet", "print no hints", "q"),
		boolean("verbose", "print everything that is known", "v"),
	}
}

func flags(sets ...[]cli.Flag) []cli.Flag { return slices.Concat(sets...) }
