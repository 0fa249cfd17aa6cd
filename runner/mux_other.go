//go:build !unix

package runner

import (
	"errors"
	"os"
)

// hand is not possible where ssh has no masters either.
func (c *muxConn) hand(*os.File) error { return errors.ErrUnsupported }
