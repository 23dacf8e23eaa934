package fault

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind tells the caller what to do next.
type Kind string

const (
	// Invalid: the input is wrong; show the sentence at the field, change nothing.
	Invalid Kind = "invalid"
	// NotFound: there is no such thing, or the caller may not know of it.
	NotFound Kind = "not_found"
	// Conflict: it was changed in between; read again and decide again.
	Conflict Kind = "conflict"
	// Denied: the caller is known but may not do this.
	Denied Kind = "denied"
	// Limited: too often; After says when it may be tried again.
	Limited Kind = "limited"
	// Unavailable: the other side could not be reached and has done nothing; retry.
	Unavailable Kind = "unavailable"
	// Unknown: the other side may have done it; verify before repeating.
	Unknown Kind = "unknown"
	// Refused: the other side understood and said no for good; a person must look.
	Refused Kind = "refused"
	// Config: credentials, certificates or settings are wrong; a person must correct them.
	Config Kind = "config"
	// Internal: a bug or our own database; details stay in the log.
	Internal Kind = "internal"
)

// Error carries a kind, a stable code that templates translate, and the cause
// that only logs see.
type Error struct {
	Kind    Kind
	Code    string        // message key, for example "order.method_unknown"
	Field   string        // form field the message belongs to, may be empty
	After   time.Duration // with Limited, and with Unavailable where it is known: how long to wait
	Subject string        // what the sentence names as {subject}, for example the code of another order
	Err     error         // cause, never shown to people
}

// Error prints kind, code and cause for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("%s (%s)", e.Code, e.Kind)
	}
	return fmt.Sprintf("%s (%s): %v", e.Code, e.Kind, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is compare faults by code: what a package returns matches the fault that it
// declares for others to decide by, also with a cause, a field, a subject or another kind.
// errors.Is looks at every fault of the chain, CodeOf at the outermost one only.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// With returns the fault around a cause. The fault itself, which others share, stays as it is.
func (e *Error) With(cause error) *Error {
	c := *e
	c.Err = cause
	return &c
}

// New makes an error of a kind with a translatable code.
func New(k Kind, code string) *Error { return &Error{Kind: k, Code: code} }

// Wrap makes an error of a kind around a cause.
func Wrap(k Kind, code string, err error) *Error { return &Error{Kind: k, Code: code, Err: err} }

// AtField makes an Invalid error that belongs to one form field.
func AtField(field, code string) *Error { return &Error{Kind: Invalid, Code: code, Field: field} }

// TooOften makes a Limited error.
func TooOften(code string, after time.Duration) *Error {
	return &Error{Kind: Limited, Code: code, After: after}
}

// KindOf returns the kind of the first fault in the chain, Internal for any
// other error and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the message code of the first fault in the chain, or
// "internal".
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}

// CodeIn returns the message code in the printed form of an error that was kept, for example
// of a job's last try: "activate order x: router.unreachable (unavailable): ...".
func CodeIn(printed string) string {
	for _, kind := range []Kind{Unavailable, Unknown, Limited, Config, Refused, Conflict, NotFound} {
		if before, _, found := strings.Cut(printed, " ("+string(kind)+")"); found {
			return before[strings.LastIndexAny(before, " \n")+1:]
		}
	}
	return "internal"
}

// SubjectOf returns what the sentence of the first fault in the chain names.
func SubjectOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Subject
	}
	return ""
}

// Is reports whether err carries the kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// MayPass reports whether what failed may succeed later without being asked for in another
// way: the other side was away, its answer was lost, it limits us, or settings keep us out
// that a person corrects. Work that fails so waits; with Unknown it is verified before it is
// repeated.
func MayPass(err error) bool {
	switch KindOf(err) {
	case Unavailable, Unknown, Limited, Config:
		return true
	}
	return false
}

// Clean is text from outside as it may be kept: one line of valid UTF-8 of at most so many
// bytes. Routers and gateways answer in other code pages, and PostgreSQL refuses those and
// the NUL character: the record of a failure would fail over its own text.
func Clean(text string, most int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")), " ")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") // half a character at the end
	}
	return text
}
