package main

import (
	"errors"
	"fmt"
	"testing"

	"gerai/internal/fault"
	"gerai/templates"
)

func TestATerminalReadsSentences(t *testing.T) {
	cause := errors.New("dial tcp: refused")
	away := fmt.Errorf("open: %w", fault.Wrap(fault.Unavailable, "store.unreachable", cause))
	for want, err := range map[string]error{
		"The database cannot be reached. Check that it runs and that GERAI_DATABASE is right.\n  open: store.unreachable (unavailable): dial tcp: refused": away,
		"dial tcp: refused":                      cause,
		"in plain words":                         &told{away, "in plain words"},
		"wrong flag":                             &usageError{errors.New("wrong flag")},
		"internal (internal): dial tcp: refused": fault.Wrap(fault.Internal, "internal", cause),
	} {
		if got := said(templates.English, err); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
