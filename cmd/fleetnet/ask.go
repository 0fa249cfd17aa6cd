package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"

	"github.com/fleetnet/fleetnet/runner"
)

// asker returns how the person at the terminal is asked, or nil when there is no
// terminal. It is not standard input that is read, as that may be an inventory.
func asker() func(context.Context, runner.Question) (string, error) {
	in, out, err := openTerminal()
	if err != nil {
		return nil
	}
	closeBoth(in, out)
	return ask
}

func openTerminal() (in, out *os.File, err error) {
	if runtime.GOOS != "windows" {
		in, err = os.OpenFile("/dev/tty", os.O_RDWR, 0)
		return in, in, err
	}
	if in, err = os.OpenFile("CONIN$", os.O_RDWR, 0); err != nil {
		return nil, nil, err
	}
	if out, err = os.OpenFile("CONOUT$", os.O_RDWR, 0); err != nil {
		in.Close()
	}
	return in, out, err
}

func closeBoth(in, out *os.File) {
	in.Close()
	if out != in {
		out.Close()
	}
}

// ask asks one question and returns the answer without its line feed. When ctx
// ends first, the terminal is as it was.
func ask(ctx context.Context, q runner.Question) (string, error) {
	in, out, err := openTerminal()
	if err != nil {
		return "", fmt.Errorf("ask for %s: %w", q.Text, err)
	}
	defer closeBoth(in, out)
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return "", fmt.Errorf("ask for %s: %w", q.Text, err)
	}
	fmt.Fprintf(out, "\r\x1b[K%s: ", strings.TrimRight(q.Text, ": "))
	type answer struct {
		text string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		text, err := readAnswer(in, out, q.Echo)
		answered <- answer{text, err}
	}()
	select {
	case got := <-answered:
		return got.text, got.err
	case <-ctx.Done():
		_ = term.Restore(int(in.Fd()), before)
		fmt.Fprintln(out)
		return "", context.Cause(ctx)
	}
}

func readAnswer(in io.Reader, out io.Writer, echo bool) (string, error) {
	if echo {
		line, err := bufio.NewReader(in).ReadString('\n')
		return strings.TrimRight(line, "\r\n"), err
	}
	secret, err := term.ReadPassword(int(in.(*os.File).Fd()))
	fmt.Fprintln(out)
	return string(secret), err
}
