package storefront

import (
	"context"

	"gerai/internal/cache"
)

// maxImages bounds the cache to some five megabytes.
const maxImages = 512

// imageCache keeps drawn pictures. Drawing costs more than a page does, so
// repeated requests for one picture must not draw it again.
type imageCache struct {
	images *cache.Memo[string, []byte]
}

func newImageCache() imageCache {
	return imageCache{cache.NewMemo[string, []byte](nil, 0, maxImages)}
}

// image returns the picture of that name or draws it. The name says everything that is in
// the picture. Callers must not change the bytes.
func (a imageCache) image(name string, draw func() ([]byte, error)) ([]byte, error) {
	return a.images.Get(context.Background(), name, func(context.Context) ([]byte, error) { return draw() })
}
