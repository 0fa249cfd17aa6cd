package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A file is replaced as a whole; a link and what is no file stay what they are.
func TestReplaceFile(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "report.json"), filepath.Join(dir, "latest.json")
	writes := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	if err := replaceFile(file, writes("first")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("report.json", link); err != nil {
		t.Skip(err)
	}
	if err := replaceFile(link, writes("second")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "second" {
		t.Errorf("%q, %v", got, err)
	}
	if st, err := os.Lstat(link); err != nil || st.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is none any more: %v, %v", st, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := replaceFile(os.DevNull, writes("gone")); err != nil {
		t.Error(err)
	}
	if st, err := os.Stat(os.DevNull); err != nil || st.Mode()&os.ModeDevice == 0 {
		t.Fatalf("%s is no device any more: %v, %v", os.DevNull, st, err)
	}
}
