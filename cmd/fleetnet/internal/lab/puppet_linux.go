package lab

import "io"

func runPuppet(io.Reader, io.Writer) error { return nil }
