package fleetnet

import "encoding/json"

// Opt is a value that may be unknown. The zero Opt is unknown, which is never
// the same as a known zero. In JSON an unknown Opt is left out (use omitzero).
type Opt[T any] struct {
	V  T    // the value; meaningless unless OK
	OK bool // whether the value is known
}

// Some returns a known v.
func Some[T any](v T) Opt[T] { return Opt[T]{V: v, OK: true} }

// IsZero reports whether the value is unknown; encoding/json asks it for omitzero.
func (o Opt[T]) IsZero() bool { return !o.OK }

// MarshalJSON writes the value, or null when it is unknown.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.OK {
		return []byte("null"), nil
	}
	return json.Marshal(o.V)
}

// UnmarshalJSON reads a value; null leaves it unknown.
func (o *Opt[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*o = Opt[T]{}
		return nil
	}
	if err := json.Unmarshal(b, &o.V); err != nil {
		return err
	}
	o.OK = true
	return nil
}
