package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// pace is how many rows one transaction seals.
type pace struct{ rows, most int }

// besideShop is the pace beside a running shop, whose writers wait for no more than one
// statement.
func besideShop() pace { return pace{resealRows, resealRows} }

// The pace of an upgrade, for which every sale waits anyway. New values lie anywhere in
// their indexes: the more rows a transaction seals, the more of them share the pages that
// it has to write. A transaction stays far below commitTimeout on a slow disk, too.
const (
	sealShort = 3 * time.Second
	sealLong  = 6 * time.Second
)

var resealMost = 64_000 // tests seal fewer

func alone() pace { return pace{resealRows, resealMost} }

// adapt learns from how long a transaction took.
func (p *pace) adapt(took time.Duration) {
	switch {
	case took < sealShort:
		p.rows = min(2*p.rows, p.most)
	case took > sealLong:
		p.shorten()
	}
}

// shorten reports whether a transaction can be shorter.
func (p *pace) shorten() bool {
	before := p.rows
	p.rows = max(p.rows/2, min(resealRows, p.most))
	return p.rows < before
}

// The cache of SQLite's writer in KiB, as SQLite sets it and while an upgrade seals: what
// does not fit is written to the log each time that it has to make room.
const (
	usualCache   = 2000
	sealingCache = 128 << 10
)

// withCache runs fn with a cache of SQLite's writer that holds the indexes of a large shop.
func (s *Store) withCache(ctx context.Context, fn func() error) (err error) {
	if s.db.postgres {
		return fn()
	}
	set := func(ctx context.Context, pragma string) error {
		if _, err := s.db.write.ExecContext(ctx, pragma); err != nil {
			return fmt.Errorf("%s: %w", pragma, err)
		}
		return nil
	}
	if err := set(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, sealingCache)); err != nil {
		return err
	}
	defer func() {
		ctx := context.WithoutCancel(ctx)
		err = errors.Join(err, set(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, usualCache)), set(ctx, `PRAGMA shrink_memory`))
	}()
	return fn()
}
