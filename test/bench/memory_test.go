package bench

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"
)

// openPageMemory is what an open page with its event stream takes: the growth of the resident set by many of them.
func openPageMemory(t *testing.T, p *page, e engine) {
	const pages = 800 // a process has a thousand streams
	s := setStage(t, e, staged{})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var paths []string
	for range pages {
		path, err := s.place(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	<-time.After(5 * time.Second)
	before := residentNow(t, s.shopPID)
	for _, path := range paths {
		res, err := request(ctx, http.MethodGet, s.Shop+path+"/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatal(res.Status)
		}
	}
	<-time.After(5 * time.Second)
	after := residentNow(t, s.shopPID)
	p.row("memory of an open order page", "<= 40 KB", fmt.Sprintf("%.0f KB", (after-before)*1024/pages), "-", fmt.Sprintf("growth of the resident set by %d event streams, %.0f MB before", pages, before))
}
