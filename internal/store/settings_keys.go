package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/secret"
)

// Settings that say which keys are in force. Every database makes its own at its first
// write.
const (
	sealKeySetting = "seal_key" // id of the key that seals
	linkKeySetting = "link_key" // sealed
	linkPurpose    = "link_key"
)

// ringLife is how long a process goes on with the key that it knows after another was put
// in force. What is written during the rotation is sealed once more: see RotateKeys.
const ringLife = 2 * time.Second

// ring is what a store knows of the keys in force.
type ring struct {
	turn chan struct{} // held by who uses seal, link and read
	seal string
	link secret.Link
	read time.Duration // when, as clock.Elapsed tells; 0: not yet
	// known is link for those who read: they hold a connection and must not wait for one
	// who waits for a connection. Who finds none reads it under cold, on a connection aside.
	known atomic.Pointer[secret.Link]
	cold  sync.Mutex
}

// take waits for the ring until the context ends.
func (r *ring) take(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.Wrap(fault.Internal, "internal", fmt.Errorf("wait for the keys in force: %w", ctx.Err()))
	}
}

func (r *ring) release() { <-r.turn }

// sealer is the keys as one transaction uses them: the one in front seals.
type sealer struct {
	keys secret.Keys
	link secret.Link
}

var sqlRing = request(`SELECT key, value FROM settings WHERE key IN ('seal_key', 'link_key')`)

// forgetRing has the keys in force read again before they are used.
func (s *Store) forgetRing() {
	s.ring.turn <- struct{}{} // held no longer than commitTimeout
	defer s.ring.release()
	s.ring.read = 0
}

// noTable reports whether the tables are not there yet.
func noTable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "42P01" || err != nil && strings.Contains(err.Error(), "no such table")
}

func errUnreadable(cause error) error { return ErrUnreadable.With(cause) }

// sealer returns the keys in force, and puts them into force in a database that has none.
// The caller holds the right to write and no transaction.
func (s *Store) sealer(ctx context.Context) (sealer, error) {
	if err := s.ring.take(ctx); err != nil {
		return sealer{}, err
	}
	defer s.ring.release()
	if s.ring.read == 0 || s.ring.seal == "" || s.ring.link.Empty() || clock.Elapsed(s.o.Clock)-s.ring.read >= ringLife {
		// Others wait for the ring, paid work among them.
		if err := s.readRing(ctx, s.db.urgent); noTable(err) {
			return sealer{keys: s.o.Keys}, nil // nothing was migrated: there is nothing to seal either
		} else if err != nil {
			return sealer{}, err
		}
		if s.ring.seal == "" || s.ring.link.Empty() {
			if err := s.beginRing(ctx); err != nil {
				return sealer{}, fmt.Errorf("put keys into force: %w", err)
			}
		}
	}
	keys, known := s.o.Keys.Under(s.ring.seal)
	if !known {
		return sealer{}, errUnreadable(fmt.Errorf("the key %s that seals this database is not in GERAI_SECRET_KEY", s.ring.seal))
	}
	return sealer{keys, s.ring.link}, nil
}

// orderLink is the key of order links.
func (s *Store) orderLink() (secret.Link, error) {
	if known := s.ring.known.Load(); known != nil {
		return *known, nil
	}
	s.ring.cold.Lock()
	defer s.ring.cold.Unlock()
	if known := s.ring.known.Load(); known != nil {
		return *known, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	pool, err := s.db.aside()
	if err != nil {
		return secret.Link{}, fmt.Errorf("read keys in force: %w", err)
	}
	_, link, err := s.storedRing(ctx, pool)
	if err := errors.Join(err, pool.Close()); err != nil {
		return link, err
	}
	if link.Empty() {
		return link, errUnreadable(errors.New("the database has orders and no key of their links"))
	}
	s.ring.known.Store(&link)
	return link, nil
}

// readRing reads what is in force. The caller holds the ring.
func (s *Store) readRing(ctx context.Context, q querier) error {
	seal, link, err := s.storedRing(ctx, q)
	if err != nil {
		return err
	}
	s.ring.seal, s.ring.link, s.ring.read = seal, link, clock.Elapsed(s.o.Clock)
	if !link.Empty() {
		s.ring.known.Store(&link)
	}
	return nil
}

// storedRing is what the database says is in force.
func (s *Store) storedRing(ctx context.Context, q querier) (seal string, link secret.Link, err error) {
	type row struct{ key, value string }
	all, err := queryAll(ctx, q, func(r scanner) (row, error) {
		var x row
		err := r.Scan(&x.key, &x.value)
		return x, err
	}, sqlRing)
	if err != nil {
		return "", link, fmt.Errorf("read keys in force: %w", err)
	}
	for _, x := range all {
		var text string
		if err := json.Unmarshal([]byte(x.value), &text); err != nil {
			return "", link, fmt.Errorf("read setting %s: %w", x.key, err)
		}
		if x.key == sealKeySetting {
			seal = text
			continue
		}
		plain, _, err := s.o.Keys.Open(text, linkPurpose)
		if err != nil {
			return "", link, errUnreadable(fmt.Errorf("setting %s: %w", x.key, err))
		}
		if link, err = secret.ParseLink(plain); err != nil {
			return "", link, fmt.Errorf("read setting %s: %w", x.key, err)
		}
	}
	return seal, link, nil
}

// beginRing puts the first configured key into force and draws the key of order links,
// unless another process is faster. The caller holds the ring.
func (s *Store) beginRing(ctx context.Context) error {
	if s.o.Keys.Empty() {
		return errUnreadable(errors.New("no key is configured"))
	}
	link, err := secret.NewLink()
	if err != nil {
		return err
	}
	sealed, err := s.o.Keys.Seal(link.Text(), linkPurpose)
	if err != nil {
		return err
	}
	tx, err := s.db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	for _, x := range [][2]string{{linkKeySetting, sealed}, {sealKeySetting, s.o.Keys.First()}} {
		text, err := json.Marshal(x[1])
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, x[0], string(text), at(s.o.Clock.Now())); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return s.readRing(ctx, s.db.write)
}

// resealLink brings the key of order links under the key in force.
func (t *Tx) resealLink(ctx context.Context) (int, error) {
	sealed, err := setting(ctx, t.reads, linkKeySetting, "")
	if err != nil {
		return 0, err
	}
	value := &sealed
	if _, err := t.sealer.reseal(&value, linkPurpose); err != nil || *value == sealed {
		return 0, err
	}
	return 1, t.putSetting(ctx, linkKeySetting, *value)
}

// checkKeys refuses a configuration that lacks a key under which values are sealed.
func (s *Store) checkKeys(ctx context.Context) error {
	type row struct{ key, value string }
	needed, err := queryAll(ctx, s.q, func(r scanner) (row, error) {
		var x row
		err := r.Scan(&x.key, &x.value)
		return x, err
	}, `SELECT key, value FROM settings WHERE key IN ('seal_key', 'retiring_keys')`)
	if err != nil {
		return fmt.Errorf("read keys in force: %w", err)
	}
	var missing []string
	for _, x := range needed {
		var ids []string
		if x.key == sealKeySetting {
			ids = make([]string, 1)
			err = json.Unmarshal([]byte(x.value), &ids[0])
		} else {
			err = json.Unmarshal([]byte(x.value), &ids)
		}
		if err != nil {
			return fmt.Errorf("read setting %s: %w", x.key, err)
		}
		for _, id := range ids {
			if _, known := s.o.Keys.Under(id); !known {
				missing = append(missing, id)
			}
		}
	}
	if len(missing) > 0 {
		return errUnreadable(fmt.Errorf("GERAI_SECRET_KEY lacks the key %s, under which this database is sealed: put it behind the new one and run 'gerai key rotate'", strings.Join(missing, ", ")))
	}
	return nil
}

// sealedSetting says that no row is left as a program wrote it that sealed nothing.
const sealedSetting = "sealed"

// sealedAll reports whether the rows of older programs are sealed.
func (s *Store) sealedAll(ctx context.Context) (bool, error) {
	_, done, err := queryOptional(ctx, s.q, scanString, sqlSetting, sealedSetting)
	return done, err
}

// noteSealed says so. It is no transaction of InTx: a database without rows has no keys in
// force yet.
func (s *Store) noteSealed(ctx context.Context) error {
	if _, err := s.db.write.ExecContext(ctx, `INSERT INTO settings (key, value, updated_ms) VALUES ($1, '"1"', $2) ON CONFLICT (key) DO NOTHING`, sealedSetting, at(s.o.Clock.Now())); err != nil {
		return fmt.Errorf("note that rows are sealed: %w", err)
	}
	return nil
}
