package storefront

import (
	"io"
	"log/slog"
	"time"

	"gerai/internal/admission"
	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/httpx"
	"gerai/internal/shop"
	"gerai/internal/store"
)

// Options is what the handler needs. Pace and Acts are for tests; everything else is required.
type Options struct {
	Shop    *shop.Shop
	Store   *store.Store // reads only: a Store cannot write
	Bus     cache.Bus
	Streams *httpx.Streams
	Clock   clock.Clock
	Random  io.Reader
	Log     *slog.Logger
	Zone    *time.Location // the operator's, for sites without one
	BaseURL string         // the shop's public URL, no trailing slash
	Live    func() bool    // where it is not, the simulation banner is on every page
	// Pace is how often an open page's stream reads the order again while it
	// waits for money; 0 is three seconds.
	Pace time.Duration
	// Acts admits what customers do that writes; nil is one by ActRule.
	Acts *admission.Control
}

// Handler serves the customers.
type Handler struct {
	Options
	catalogueCache *catalogueCache
	imageCache     imageCache
	orderPages     orderPages
	looks          chan struct{} // a place for each open page that reads its order, see look
	busyPages      busyPages
}

// New returns the handler. Close ends its subscription.
func New(o Options) *Handler {
	if o.Pace == 0 {
		o.Pace = 3 * time.Second
	}
	if o.Acts == nil {
		o.Acts = admission.New(ActRule(o.Store.Engine()), errBusy, o.Clock)
	}
	return &Handler{Options: o, catalogueCache: newCatalogueCache(o.Store, o.Bus, o.Clock), imageCache: newImageCache(), orderPages: newOrderPages(), looks: make(chan struct{}, mostLooks)}
}

// Close ends what the handler keeps open.
func (d *Handler) Close() { d.catalogueCache.close() }
