package storefront

import "sync"

// mostPictures bounds the album to some five megabytes.
const mostPictures = 512

// album keeps drawn pictures. Drawing costs some ten times what any page does,
// so whoever asks for one picture again and again must not have it drawn anew.
// The zero value is empty.
type album struct {
	mu       sync.Mutex
	pictures map[string][]byte
}

// page returns the picture of that name or draws it. The name says everything
// that is in the picture. Nobody may change the bytes.
func (a *album) page(name string, draw func() ([]byte, error)) ([]byte, error) {
	a.mu.Lock()
	kept, found := a.pictures[name]
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
	if a.pictures == nil || len(a.pictures) >= mostPictures {
		a.pictures = map[string][]byte{}
	}
	a.pictures[name] = drawn
	return drawn, nil
}
