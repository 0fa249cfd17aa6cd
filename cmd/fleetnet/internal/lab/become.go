package lab

import "fmt"

// Sudo is what sudo does for the host's user.
type Sudo string

const (
	// SudoNone leaves the machine's sudo, if any, without a rule for the user.
	SudoNone Sudo = ""
	// SudoNoPassword lets the user run everything without a password.
	SudoNoPassword Sudo = "nopasswd"
	// SudoPassword lets the user run everything with the user's own password,
	// [Host.Password].
	SudoPassword Sudo = "password"
	// SudoRefused wants a password that nobody has: `sudo -n` fails.
	SudoRefused Sudo = "refused"
	// SudoNotAllowed has no rule for the user, whatever the password.
	SudoNotAllowed Sudo = "not allowed"
)

// Doas is what doas does for the host's user.
type Doas string

const (
	// DoasNone leaves the machine's doas, if any, without a rule.
	DoasNone Doas = ""
	// DoasNoPassword lets the user run everything without a password.
	DoasNoPassword Doas = "nopass"
	// DoasPassword lets the user run everything with the user's own password,
	// [Host.Password], for which doas asks on the terminal.
	DoasPassword Doas = "password"
)

// becomeRules are the host's rules for sudo and doas, in place of the machine's.
func becomeRules(h Host) []file {
	var files []file
	const own = "root ALL=(ALL:ALL) ALL\n"
	switch h.Sudo {
	case SudoNoPassword:
		files = append(files, sudoers(own+h.user()+" ALL=(ALL:ALL) NOPASSWD: ALL\n"))
	case SudoPassword, SudoRefused:
		files = append(files, sudoers(own+h.user()+" ALL=(ALL:ALL) ALL\n"))
	case SudoNotAllowed:
		files = append(files, sudoers(own))
	}
	switch h.Doas {
	case DoasNoPassword:
		files = append(files, file{Path: "/etc/doas.conf", Mode: 0o400, Content: "permit nopass " + h.user() + "\n"})
	case DoasPassword:
		files = append(files, file{Path: "/etc/doas.conf", Mode: 0o400, Content: "permit " + h.user() + "\n"})
	}
	return files
}

func sudoers(rules string) file { return file{Path: "/etc/sudoers", Mode: 0o440, Content: rules} }

// Sudoers replaces a host's rules for sudo by others, in the words of sudoers(5).
func (f *Fleet) Sudoers(name, rules string) {
	f.t.Helper()
	f.must(sudoers(rules).write(f.host(name).root()))
}

// pam is what asks for passwords on a host, in place of the machine's. After a
// wrong one pam_unix(8) waits for two seconds, as it does everywhere.
func pam() []file {
	const unix = "auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_permit.so\n"
	var files []file
	for _, program := range []string{"sshd", "sudo", "doas"} {
		files = append(files, file{Path: "/etc/pam.d/" + program, Mode: 0o644, Content: unix})
	}
	return append(files, file{Path: "/etc/pam.d/su", Mode: 0o644, Content: "auth sufficient pam_rootok.so\n" + unix})
}

// setPasswords gives the host's accounts their passwords, in its own
// /etc/shadow. They travel over standard input.
func (h *host) setPasswords() error {
	var lines string
	if h.Password != "" {
		lines += fmt.Sprintf("%s:%s\n", h.user(), h.Password)
	}
	if h.RootPassword != "" {
		lines += fmt.Sprintf("root:%s\n", h.RootPassword)
	}
	if lines == "" {
		return nil
	}
	// -c has chpasswd(8) write the file itself, without the machine's PAM.
	_, err := h.exec(lines, "chpasswd", "-c", "SHA512", "-s", "1000")
	return err
}
