package storefront

import (
	"context"
	"sync"
	"time"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/clock"
	"gerai/internal/shop"
	"gerai/internal/store"
	"gerai/templates"
)

// catalogueLife bounds how old the brand and the plan pages may be when a message
// about a change was lost.
const catalogueLife = 30 * time.Second

// catalogueCache keeps what all customers see alike: the brand's look and the plan
// pages of visitors who bring no hints. Everything is dropped at once when the
// catalogue changes, or after catalogueLife.
type catalogueCache struct {
	store  *store.Store
	clock  clock.Clock
	news   <-chan cache.Message
	cancel func()

	mu          sync.Mutex
	since       time.Time
	fingerprint *templates.Theme
	pages       map[pageKey]*precompressed
}

type pageKey struct {
	slug string
	lang templates.Lang
	root bool // shown at "/" instead of the site's own address
}

func newCatalogueCache(s *store.Store, bus cache.Bus, clk clock.Clock) *catalogueCache {
	sh := &catalogueCache{store: s, clock: clk, pages: map[pageKey]*precompressed{}}
	sh.news, sh.cancel = bus.Subscribe(shop.TopicCatalogue)
	return sh
}

func (s *catalogueCache) close() { s.cancel() }

// fresh drops what is stale. The caller holds mu.
func (s *catalogueCache) fresh() {
	stale := !clock.Within(s.since, s.clock.Now(), catalogueLife)
	for {
		select {
		case _, open := <-s.news:
			stale = true
			if open {
				continue
			}
			s.news = nil // closed: the age alone decides from now on
		default:
		}
		break
	}
	if stale {
		s.since, s.fingerprint = s.clock.Now(), nil
		clear(s.pages)
	}
}

// theme returns the brand's look.
func (s *catalogueCache) theme(ctx context.Context) (*templates.Theme, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh()
	if s.fingerprint == nil {
		brand, err := s.store.Brand(ctx)
		if err != nil {
			return nil, err
		}
		s.fingerprint = templates.NewTheme(brand)
	}
	return s.fingerprint, nil
}

// page returns a kept page or makes it. Only pages of sites that exist are
// kept, so their number is bounded. A change that happens while make runs is
// noticed at the next call, because its message waits until then.
func (s *catalogueCache) page(key pageKey, make func() (*precompressed, error)) (*precompressed, error) {
	s.mu.Lock()
	s.fresh()
	kept, since := s.pages[key], s.since
	s.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	made, err := make()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.Equal(since) {
		s.pages[key] = made
	}
	return made, nil
}

// shown drops hidden sites.
func shown(sites []catalog.Site) []catalog.Site {
	out := make([]catalog.Site, 0, len(sites))
	for _, s := range sites {
		if !s.Hidden {
			out = append(out, s)
		}
	}
	return out
}
