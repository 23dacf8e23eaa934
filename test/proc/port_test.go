package proc

import (
	"sync"
	"testing"
)

// Tests run side by side: each reserved port is another one, though nothing listens there yet.
func TestReservedPortsDiffer(t *testing.T) {
	var wait sync.WaitGroup
	got := make(chan string, 16)
	for range cap(got) {
		wait.Go(func() { got <- Reserve(t) })
	}
	wait.Wait()
	close(got)
	seen := map[string]bool{}
	for addr := range got {
		if seen[addr] {
			t.Errorf("%s twice", addr)
		}
		seen[addr] = true
	}
}
