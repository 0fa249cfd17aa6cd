package runner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/fleetnet/fleetnet/inventory"
)

// secrets resolves the passwords and passphrases of a run, each once. No error
// of it holds one. It is safe for concurrent use.
type secrets struct {
	ask   func(context.Context, Question) (string, error) // nil when there is nobody to ask
	turn  chan struct{}                                   // holds a token while a person is being asked
	texts *flights[secretKey, string]
}

// secretKey is what a secret is kept under: a person may give a different answer
// for each purpose.
type secretKey struct {
	secret  inventory.Secret
	purpose string
}

// maxSecret bounds the first line of a file or of a command's output.
const maxSecret = 64 << 10

func newSecrets(ctx context.Context, ask func(context.Context, Question) (string, error)) *secrets {
	return &secrets{ask: ask, turn: make(chan struct{}, 1), texts: newFlights[secretKey, string](ctx)}
}

// close waits until nobody is asked any more and no command runs; the run's
// context must be done.
func (s *secrets) close() { s.texts.close() }

// text returns the secret, which is never empty. The purpose, "SSH password", is
// what a person is asked for, and begins the text of an error. [hintOf] tells what to do about one.
func (s *secrets) text(ctx context.Context, secret inventory.Secret, purpose string) (string, error) {
	kind, source := secret.Source()
	key := secretKey{secret: secret}
	if kind == inventory.SecretAsk {
		key.purpose = purpose
	}
	text, err := s.texts.do(ctx, key, func(ctx context.Context) (string, error) {
		switch kind {
		case inventory.SecretAsk:
			return s.question(ctx, Question{Text: purpose})
		case inventory.SecretEnv:
			return secretOfEnv(source)
		case inventory.SecretFile:
			return secretOfFile(homePath(source))
		case inventory.SecretCmd:
			return secretOfCommand(ctx, source)
		case inventory.SecretPlain:
			return source, nil
		}
		return "", errors.New("none is set")
	})
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", purpose, err)
	case text == "":
		return "", fmt.Errorf("%s: it is empty", purpose)
	}
	return text, nil
}

// mayAsk reports whether a person can be asked what concerns a host, and no
// [inventory.Secret] says so.
func (s *secrets) mayAsk(h inventory.Host) bool { return s.ask != nil && !h.SSH.BatchMode }

// question asks a person, when it is the question's turn.
func (s *secrets) question(ctx context.Context, q Question) (string, error) {
	if s.ask == nil {
		return "", &hinted{errors.New("there is nobody to ask"), "run fleetnet at a terminal, or take it from env:NAME, file:PATH or cmd:COMMAND"}
	}
	defer hold(ctx)()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	answer, err := s.ask(ctx, q)
	if err != nil {
		return "", fmt.Errorf("no answer: %w", err)
	}
	return answer, nil
}

func secretOfEnv(name string) (string, error) {
	text, ok := os.LookupEnv(name)
	if !ok {
		return "", &hinted{fmt.Errorf("the environment variable %s is not set", name), "export " + name}
	}
	return text, nil
}

// secretOfFile reads the first line of a file that nobody else may read, which
// can be asked of files only where there are permissions.
func secretOfFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	if mode := st.Mode(); mode.IsRegular() && mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return "", &hinted{fmt.Errorf("%s: others can read the file: its mode is %04o", path, mode.Perm()), "chmod 600 " + path}
	}
	return firstLine(f)
}

func firstLine(r io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSecret))
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), err
}

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }

// hintOf returns what to do about err, or nothing.
func hintOf(err error) string {
	var h *hinted
	if errors.As(err, &h) {
		return h.hint
	}
	return ""
}
