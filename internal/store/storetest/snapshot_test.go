package storetest

import (
	"slices"
	"testing"
)

// A snapshot that reads nothing would let every test pass that compares it.
func TestWitness(t *testing.T) {
	database := SQLite(t)
	f := Open(t, database)
	f.Insert()
	w := TakeSnapshot(t, database)
	w.Keep()
	before := w.Tables()
	if w.Changed() {
		t.Error("looking is a change")
	}
	o := f.Insert()
	if !w.Changed() || w.Changed() {
		t.Error("a commit is not seen, or is seen twice")
	}
	if got := Differ(before, w.Tables("audit_head")); !slices.Equal(got, []string{"attempts", "audit_head", "orders"}) {
		t.Error(got)
	}
	w.Restore()
	if w.Changed() || len(Differ(before, w.Tables())) != 0 {
		t.Error("not as it was")
	}
	if _, err := f.Store.Order(t.Context(), o.ID); err == nil {
		t.Error("the store still sees what was taken back")
	}
	f.Insert()
	if !w.Changed() {
		t.Error("the store can no longer write")
	}
}
