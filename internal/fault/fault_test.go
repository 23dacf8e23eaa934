package fault

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestKindSurvivesWrapping(t *testing.T) {
	cause := errors.New("dial tcp: refused")
	err := fmt.Errorf("activate order x: %w", Wrap(Unavailable, "router.unreachable", cause))
	if KindOf(err) != Unavailable || CodeOf(err) != "router.unreachable" || !errors.Is(err, cause) || !Is(err, Unavailable) {
		t.Fatalf("lost on the way: %v", err)
	}
}

func TestPlainErrorsAreInternal(t *testing.T) {
	if KindOf(errors.New("boom")) != Internal || CodeOf(errors.New("boom")) != "internal" {
		t.Fatal("an unknown error must not reach people")
	}
	if KindOf(nil) != "" || Is(nil, Internal) {
		t.Fatal("nil is no fault")
	}
}

func TestFieldsAndLimits(t *testing.T) {
	if e := AtField("plan", "order.plan_unknown"); e.Kind != Invalid || e.Field != "plan" {
		t.Fatalf("%+v", e)
	}
	if e := TooOften("limit.check", 5*time.Second); e.Kind != Limited || e.After != 5*time.Second {
		t.Fatalf("%+v", e)
	}
}

func TestDeclaredFaultsMatchByCode(t *testing.T) {
	taken := New(Conflict, "plan.taken")
	cause := errors.New("unique rule")
	subject := AtField("name", "plan.taken")
	subject.Subject = "AB12"
	for name, err := range map[string]error{
		"itself":        taken,
		"another one":   New(Conflict, "plan.taken"),
		"with a cause":  taken.With(cause),
		"wrapped":       Wrap(Conflict, "plan.taken", cause),
		"at a field":    AtField("name", "plan.taken"),
		"with subject":  subject,
		"too often":     TooOften("plan.taken", time.Second),
		"with context":  fmt.Errorf("save plan: %w", taken.With(cause)),
		"joined":        errors.Join(cause, taken),
		"inside others": Wrap(Unknown, "plan.lost", taken),
	} {
		if !errors.Is(err, taken) {
			t.Errorf("%s does not match: %v", name, err)
		}
	}
	for name, err := range map[string]error{"nil": nil, "no fault": cause, "another code": New(Conflict, "plan.gone"), "around others": fmt.Errorf("x: %w", AtField("name", "plan.gone"))} {
		if errors.Is(err, taken) {
			t.Errorf("%s matches: %v", name, err)
		}
	}
	if err := taken.With(cause); !errors.Is(err, cause) || err.Kind != Conflict || taken.Err != nil {
		t.Errorf("the cause is lost or was left in the shared fault: %+v, %+v", err, taken)
	}
}

func TestWhatMayPassLater(t *testing.T) {
	may := map[Kind]bool{Unavailable: true, Unknown: true, Limited: true, Config: true,
		Invalid: false, NotFound: false, Conflict: false, Denied: false, Refused: false, Internal: false}
	for kind, want := range may {
		if got := MayPass(fmt.Errorf("send: %w", New(kind, "router.x"))); got != want {
			t.Errorf("%s: %t", kind, got)
		}
	}
	if MayPass(nil) || MayPass(errors.New("boom")) {
		t.Error("no fault, or a bug, may pass")
	}
}

func TestTheCodeOfAPrintedFault(t *testing.T) {
	for _, err := range []error{New(Unknown, "router.lost"), fmt.Errorf("activate order x: %w", Wrap(Config, "router.login", errors.New("bad"))), errors.New("boom")} {
		if got := CodeIn(err.Error()); got != CodeOf(err) {
			t.Errorf("%v: %s", err, got)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", " a\r\n\tb ": "a b", "Kam\xE9ra": "Kam\uFFFDra", "a\x00b": "ab", "": "", "123456789é": "123456789", "12345678é": "12345678é", "\xff\x00\n": "\uFFFD",
	} {
		if got := Clean(text, 10); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
