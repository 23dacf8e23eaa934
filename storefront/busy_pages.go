package storefront

import (
	"reflect"
	"sync"

	"gerai/internal/catalog"
	"gerai/templates"
)

// busyKey names a busy page.
type busyKey struct {
	lang            templates.Lang
	repeat, refused bool
}

// busyPages keeps the busy pages in the look that the shop had last. They are sent when the
// database has no time to say how it looks.
type busyPages struct {
	mu    sync.Mutex
	theme *templates.Theme
	made  map[busyKey]*fillable
}

// page returns a page in the look that the catalogue cache holds now, else held last.
func (b *busyPages) page(k busyKey, d *Handler) (*fillable, error) {
	known, found := d.catalogueCache.themes.Cached("")
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case found && known != b.theme && (b.theme == nil || !reflect.DeepEqual(known.Brand, b.theme.Brand)):
		b.theme, b.made = known, nil
	case b.theme == nil:
		b.theme = templates.NewTheme(catalog.DefaultBrand)
	}
	if page := b.made[k]; page != nil {
		return page, nil
	}
	page, err := k.render(b.theme, d)
	if err != nil {
		return nil, err
	}
	if b.made == nil {
		b.made = map[busyKey]*fillable{}
	}
	b.made[k] = page
	return page, nil
}
