package runner

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/crypto/ssh"

	"github.com/fleetnet/fleetnet"
	"github.com/fleetnet/fleetnet/inventory"
)

// userOf returns whom to log in as.
func userOf(h inventory.Host) string {
	if h.User != "" {
		return h.User
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// login is one attempt to log in. Further methods (password, one-time codes)
// belong into methods.
type login struct {
	host    inventory.Host
	user    string
	keys    *keyring
	begun   bool     // the server wants to know who we are
	allowed []string // the methods that it takes
	offered []string // the keys that it was shown
	notes   []string // keys that could not be shown, and why
}

func (l *login) methods(ctx context.Context) []ssh.AuthMethod {
	return []ssh.AuthMethod{ssh.PublicKeysCallback(func() ([]ssh.Signer, error) {
		var signers []ssh.Signer
		for _, id := range l.keys.identities(ctx, l.host, &l.notes) {
			signers = append(signers, id.signer)
			l.offered = append(l.offered, id.name)
		}
		if signers == nil {
			return nil, errors.New("no key to offer")
		}
		return signers, nil
	})}
}

// watch notes what the server takes, and leaves the choice to x/crypto.
func (l *login) watch(ctx *ssh.ClientAuthContext) (ssh.AuthMethod, error) {
	l.begun, l.allowed = true, ctx.AllowedMethods
	return nil, nil
}

// refused says why the login failed.
func (l *login) refused(err error) *HostError {
	fail := &HostError{Host: l.host.Name, Op: OpLogin, Hint: "see why with: ssh -v " + l.user + "@" + l.host.Addr}
	who := "user " + fleetnet.Quote(l.user)
	switch {
	case !slices.Contains(l.allowed, "publickey"):
		fail.Err = fmt.Errorf("%s: the server takes no keys, only %s", who, fleetnet.Printable(strings.Join(l.allowed, ", ")))
		fail.Hint = "passwords are not supported: add a key to the user's authorized_keys"
	case len(l.offered) == 0:
		fail.Err = fmt.Errorf("%s: no key to offer", who)
		fail.Hint = "start ssh-agent and add a key, or set identity_file"
	case strings.Contains(err.Error(), "unable to authenticate"):
		fail.Err = fmt.Errorf("%s refused with %s", who, strings.Join(l.offered, ", "))
	case strings.Contains(err.Error(), "Too many authentication failures"):
		fail.Err = fmt.Errorf("%s: too many keys for the server: %s", who, strings.Join(l.offered, ", "))
		fail.Hint = "set identity_file, so that the right key comes first"
	default:
		fail.Err = fmt.Errorf("%s: %w", who, plain(err))
	}
	if l.notes != nil {
		fail.Err = fmt.Errorf("%w; %s", fail.Err, strings.Join(l.notes, "; "))
	}
	return fail
}

// identity is a key that can be offered.
type identity struct {
	name   string // the file, or "agent key SHA256:…"
	signer ssh.Signer
}

// keyring holds the keys of a run: each file is read once, the agent is asked
// once. It is safe for concurrent use.
type keyring struct {
	mu    sync.Mutex
	files map[string]*keyFile
	agent *agentKeys
}

func newKeyring() *keyring {
	return &keyring{files: map[string]*keyFile{}, agent: newAgentKeys(os.Getenv("SSH_AUTH_SOCK"))}
}

func (k *keyring) close() { k.agent.close() }

// identities returns what to offer to a host: the files that it names, or
// else the usual ones, and the agent's keys, which come first when it names none.
// Keys that cannot be used are noted.
func (k *keyring) identities(ctx context.Context, h inventory.Host, notes *[]string) []identity {
	agent, err := k.agent.identities(ctx)
	if err != nil {
		*notes = append(*notes, err.Error())
	}
	files := h.IdentityFiles
	if files == nil {
		files = usualFiles()
	}
	var fromFiles []identity
	for _, path := range files {
		id, err := k.file(path).identity(agent)
		switch {
		case err == nil:
			fromFiles = append(fromFiles, id)
		case h.IdentityFiles != nil || !errors.Is(err, os.ErrNotExist):
			*notes = append(*notes, err.Error())
		}
	}
	if h.IdentityFiles == nil {
		return distinct(append(agent, fromFiles...))
	}
	return distinct(append(fromFiles, agent...))
}

// distinct leaves out keys that come twice, as sshd counts each attempt.
func distinct(ids []identity) []identity {
	seen := map[string]bool{}
	var out []identity
	for _, id := range ids {
		if blob := string(id.signer.PublicKey().Marshal()); !seen[blob] {
			seen[blob] = true
			out = append(out, id)
		}
	}
	return out
}

func usualFiles() []string {
	return []string{"~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"}
}

// homePath returns path with a leading ~ made the home directory.
func homePath(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}
