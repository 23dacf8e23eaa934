package admin

import (
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"gerai/internal/store/storetest"
)

// quiet is one busy shop for the tests whose forms are all refused: they leave it as it
// was, so that it is made and walked once for all of them. They take turns.
var quiet quietShop

type quietShop struct {
	turn sync.Mutex
	lasting
	shop     *busyShop
	forms    map[string]form
	changed  []string // tables that the walk changed
	onRouter bool     // whether it changed a router
}

// openQuiet is the quiet shop for one test, and the forms of every POST route.
func openQuiet(t *testing.T) (*busyShop, map[string]form) {
	t.Helper()
	quiet.turn.Lock()
	quiet.TB = t
	t.Cleanup(quiet.turn.Unlock)
	if quiet.shop == nil {
		s := openBusy(&quiet.lasting)
		before := s.snapshot.Tables(append(passing, "audit", "audit_head")...)
		quiet.forms = s.allForms()
		quiet.changed = storetest.Differ(before, s.snapshot.Tables(append(passing, "audit", "audit_head")...))
		quiet.onRouter = s.routersChanged()
		quiet.shop = s
	}
	quiet.shop.snapshot.Restore()
	return quiet.shop, maps.Clone(quiet.forms)
}

// lasting is the test of the moment for what outlives it: what is opened is closed when
// all tests are over.
type lasting struct {
	testing.TB
	closers []func()
}

// Cleanup implements testing.TB.
func (l *lasting) Cleanup(fn func()) { l.closers = append(l.closers, fn) }

// TempDir implements testing.TB.
func (l *lasting) TempDir() string {
	l.Helper()
	dir, err := os.MkdirTemp("", "gerai-admin-")
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (l *lasting) end() {
	for _, fn := range slices.Backward(l.closers) {
		fn()
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	quiet.end()
	os.Exit(code)
}
