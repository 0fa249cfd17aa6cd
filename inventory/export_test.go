package inventory

// Keys returns every key of a host, for the test of the manual.
func Keys() []string { return append(sharedKeys(), hostKeys...) }
