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
