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

// offerLife bounds how old what a hotspot sells may be on pages that are made for one visitor.
const offerLife = time.Second

// maxPlanPages bounds the plan pages to some ten megabytes, maxSites the addresses of sites,
// former ones among them.
const (
	maxPlanPages = 512
	maxSites     = 512
)

// catalogueCache keeps what all customers see alike: the brand's look, the sites and the plan
// pages of visitors who bring no hints. Everything is dropped at once when the
// catalogue changes, and each after catalogueLife.
type catalogueCache struct {
	store  *store.Store
	clock  clock.Clock
	cancel func()
	themes *cache.Memo[string, *templates.Theme]
	pages  *cache.Memo[string, *precompressed]
	sites  *cache.Memo[string, catalog.Site]
	offers *cache.Memo[string, offer]
	lists  *cache.Memo[string, []catalog.Site]

	mu      sync.Mutex // held from taking a message until what it is about is dropped
	news    <-chan cache.Message
	changes uint64 // how often everything was dropped
}

func newCatalogueCache(s *store.Store, bus cache.Bus, clk clock.Clock) *catalogueCache {
	sh := &catalogueCache{store: s, clock: clk,
		themes: cache.NewMemo[string, *templates.Theme](clk, catalogueLife, 1),
		pages:  cache.NewMemo[string, *precompressed](clk, catalogueLife, maxPlanPages),
		sites:  cache.NewMemo[string, catalog.Site](clk, catalogueLife, maxSites),
		offers: cache.NewMemo[string, offer](clk, offerLife, maxSites),
		lists:  cache.NewMemo[string, []catalog.Site](clk, catalogueLife, 1)}
	sh.news, sh.cancel = bus.Subscribe(shop.TopicCatalogue)
	return sh
}

func (s *catalogueCache) close() { s.cancel() }

// fresh drops everything if there is news. A change that happens during a load is
// noticed at the next call, because its message waits until then.
func (s *catalogueCache) fresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		select {
		case _, open := <-s.news:
			if !open { // the age alone decides from now on
				return
			}
			s.themes.Clear()
			s.pages.Clear()
			s.sites.Clear()
			s.offers.Clear()
			s.lists.Clear()
			s.changes++
		default:
			return
		}
	}
}

// generation changes with the catalogue.
func (s *catalogueCache) generation() uint64 {
	s.fresh()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changes
}

// theme returns the brand's look.
func (s *catalogueCache) theme(ctx context.Context) (*templates.Theme, error) {
	s.fresh()
	return s.themes.Get(ctx, "", func(ctx context.Context) (*templates.Theme, error) {
		brand, err := s.store.Brand(ctx)
		if err != nil {
			return nil, err
		}
		return templates.NewTheme(brand), nil
	})
}

// site returns the site of an address in lower case. One that is not there is asked for each time.
func (s *catalogueCache) site(ctx context.Context, slug string) (catalog.Site, error) {
	s.fresh()
	return s.sites.Get(ctx, slug, func(ctx context.Context) (catalog.Site, error) { return s.store.SiteBySlug(ctx, slug) })
}

// offer returns what a site sells at the moment, or reads it.
func (s *catalogueCache) offer(ctx context.Context, siteID string, read func(context.Context) (offer, error)) (offer, error) {
	s.fresh()
	if o, found := s.offers.Cached(siteID); found && s.over(o.until) {
		s.offers.Drop(siteID)
	}
	return s.offers.Get(ctx, siteID, read)
}

// all returns every site. The slice is shared: it must not be changed.
func (s *catalogueCache) all(ctx context.Context) ([]catalog.Site, error) {
	s.fresh()
	return s.lists.Get(ctx, "", s.store.Sites)
}

// page returns a kept page or makes it.
func (s *catalogueCache) page(ctx context.Context, key pageKey, make func() (*precompressed, error)) (*precompressed, error) {
	s.fresh()
	name := key.String()
	if p, found := s.pages.Cached(name); found && s.over(p.until) {
		s.pages.Drop(name)
	}
	return s.pages.Get(ctx, name, func(context.Context) (*precompressed, error) { return make() })
}

// over reports whether the instant has come at which a promotion begins or ends.
func (s *catalogueCache) over(until time.Time) bool {
	return !until.IsZero() && !s.clock.Now().Before(until)
}

// pageKey names a plan page.
type pageKey struct {
	slug string
	lang templates.Lang
	root bool // shown at "/" instead of the site's own address
}

func (k pageKey) String() string {
	if k.root {
		return string(k.lang) + " / " + k.slug
	}
	return string(k.lang) + " " + k.slug
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
