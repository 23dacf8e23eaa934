package catalogue

import (
	"gerai/internal/cache"
	"gerai/internal/hotspot"
	"gerai/internal/store"
)

// Options are what the use cases of catalogue need.
type Options struct {
	Store   *store.Store
	Hotspot hotspot.Driver
	Cache   cache.Cache
}

// Service holds the use cases of catalogue.
type Service struct {
	Options
}

// New returns the use cases of catalogue.
func New(o Options) *Service {
	return &Service{Options: o}
}
