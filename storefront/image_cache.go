package storefront

import "sync"

// maxImages bounds the cache to some five megabytes.
const maxImages = 512

// imageCache keeps drawn pictures. Drawing costs some ten times what any page does, so
// repeated requests for one picture must not draw it again. The zero value is empty.
type imageCache struct {
	mu     sync.Mutex
	images map[string][]byte
}

// page returns the picture of that name or draws it. The name says everything that is in
// the picture. Callers must not change the bytes.
func (a *imageCache) page(name string, draw func() ([]byte, error)) ([]byte, error) {
	a.mu.Lock()
	kept, found := a.images[name]
	a.mu.Unlock()
	if found {
		return kept, nil
	}
	drawn, err := draw()
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.images == nil || len(a.images) >= maxImages {
		a.images = map[string][]byte{}
	}
	a.images[name] = drawn
	return drawn, nil
}
