package runner

import (
	"strings"

	"github.com/fleetnet/fleetnet"
)

// The script for Windows is for PowerShell 5 and newer. [windowsCommands] runs
// PowerShell, which reads it, and where that cannot (there is none, it is too old, or
// what it may do is constrained) asks the programs themselves.

// windowsHead begins the script. Its first line is a comment to PowerShell, and
// ends a cmd that was to run something else and reads it (a shell that is neither
// cmd nor PowerShell may have changed its arguments).
const windowsHead = `<# & exit 1
#>
# fleetnet: reads the state of the network. It changes nothing, leaves nothing
# behind, and what stands here is all that runs.
if ($PSVersionTable.PSVersion.Major -lt 5) { exit 4 }
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
# Where PowerShell 7 is the login shell, its modules are not for this one.
$modules = [Environment]::GetEnvironmentVariable('PSModulePath', 'Machine')
if ($modules) { $env:PSModulePath = $modules }
$nonce = '` + noncePlaceholder + `'
$utf8 = New-Object Text.UTF8Encoding $false
$stdout = New-Object IO.StreamWriter ([Console]::OpenStandardOutput()), $utf8
$stderr = New-Object IO.StreamWriter ([Console]::OpenStandardError()), $utf8

# say prints a line of the frame on both streams.
function say($before, $words) {
	foreach ($stream in $stdout, $stderr) {
		$stream.Write("${before}@fleetnet $nonce $words` + "`n" + `")
		$stream.Flush()
	}
}

# native runs a line with cmd, which prints where we do, and returns its status.
function native($line) {
	$start = New-Object Diagnostics.ProcessStartInfo $env:ComSpec, ('/d /s /c "(' + $line + ')<nul"')
	$start.UseShellExecute = $false
	$process = [Diagnostics.Process]::Start($start)
	$process.WaitForExit()
	$process.ExitCode
}

# attempt runs a command and tells whether it succeeded.
function attempt($probe, $command) {
	say '' "begin $probe $user"
	$watch = [Diagnostics.Stopwatch]::StartNew()
	$status = 0
	try {
		if ($command -is [string]) {
			$status = native $command
		} else {
			& $command 2>&1 | ForEach-Object {
				if ($_ -is [Management.Automation.ErrorRecord]) { throw $_ }
				$stdout.Write("$_` + "`n" + `")
			}
		}
	} catch {
		$status = 1
		$stderr.Write("$($_.CategoryInfo.Category): $_` + "`n" + `")
	}
	say "` + "`n" + `" "end $probe $status $([int]($watch.ElapsedMilliseconds / 10))"
	$status -eq 0
}

# skip tells that a probe is not tried, and why.
function skip($probe, $why) {
	$stdout.Write("@fleetnet $nonce skip $probe $why` + "`n" + `")
	$false
}

# have asks whether the commands are there.
function have($probe, $commands) {
	foreach ($name in $commands) {
		if (-not (Get-Command $name -ErrorAction SilentlyContinue)) { return skip $probe 'needs' }
	}
	$true
}

# holds asks whether the condition holds.
function holds($probe, $condition) {
	try {
		if ($condition -is [string]) { $met = (native "($condition)>nul 2>nul") -eq 0 } else { $met = & $condition }
		if ($met) { return $true }
	} catch { }
	skip $probe 'if'
}

# identify says the platform, and in $user whether we are an administrator: root.
function identify {
	say '' 'begin platform -'
	$stdout.Write("$env:OS` + "`n" + `")
	say "` + "`n" + `" 'end platform 0 0'
	$script:user = 'user'
	say '' 'begin user -'
	$status = 0
	try {
		$me = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
		if ($me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { $script:user = 'root' }
		$stdout.Write("$user` + "`n" + `")
	} catch {
		$status = 1
	}
	say "` + "`n" + `" "end user $status 0"
}
`

// windowsScript returns the script that PowerShell reads.
func windowsScript(slots [][]fleetnet.Probe) string {
	w := &scriptWriter{}
	w.WriteString(windowsHead)
	var calls []string
	for _, slot := range slots {
		name := windows + "_" + shellName(slot[0].Slot)
		calls = append(calls, name)
		w.line("\n# %s: %s", slot[0].Slot, strings.Join(tablesOf(slot), ", "))
		w.line("function %s {", name)
		for _, p := range slot {
			w.line("\tif (%s) { return }", powerShellAttempt(p))
		}
		w.line("}")
	}
	w.line("\nidentify\n%s\nsay '' 'done'\nexit 42", strings.Join(calls, "\n"))
	return w.String()
}

// powerShellAttempt returns an expression that is true when the probe answered.
func powerShellAttempt(p fleetnet.Probe) string {
	var all []string
	if p.Shell == fleetnet.ShellPowerShell && len(p.Needs) > 0 {
		names := make([]string, len(p.Needs))
		for i, n := range p.Needs {
			names[i] = powerShellQuote(n)
		}
		all = append(all, "(have "+powerShellQuote(p.Name)+" "+strings.Join(names, ", ")+")")
	}
	if p.If != "" {
		all = append(all, "(holds "+powerShellQuote(p.Name)+" "+powerShellWord(p.Shell, p.If)+")")
	}
	attempt := "attempt " + powerShellQuote(p.Name) + " " + powerShellWord(p.Shell, strings.TrimSpace(p.Command))
	if all == nil {
		return attempt
	}
	return strings.Join(append(all, "("+attempt+")"), " -and ")
}

// powerShellWord returns a block of PowerShell, or a line of cmd as a string.
func powerShellWord(shell fleetnet.Shell, code string) string {
	if shell == fleetnet.ShellPowerShell {
		return "{ " + code + " }"
	}
	return powerShellQuote(code)
}

func powerShellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
