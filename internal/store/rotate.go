package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/actor"
)

// retiringSetting lists the keys under which values may still be sealed.
const retiringSetting = "retiring_keys"

// Rotation is what a rotation did.
type Rotation struct {
	From, To string // ids of keys; the same where no other was put into force
	Sealed   Resealed
}

// RotateKeys puts the first configured key into force and seals everything under it.
// Shops may run beside it if all of them know the key. It may be ended at any moment; the
// next call goes on. Until it has returned without an error the older keys are needed.
// Errors: Config "secret.not_everywhere", Config "secret.unreadable".
func (s *Store) RotateKeys(ctx context.Context, by actor.Actor) (Rotation, error) {
	running, err := s.processes(ctx, s.o.Clock.Now())
	if err != nil {
		return Rotation{}, err
	}
	to := s.o.Keys.First()
	for _, p := range running {
		if !slices.Contains(p.KeyIDs, to) {
			return Rotation{}, ErrKeyNotEverywhere.With(fmt.Errorf("%s does not know the key %s", p.ID, to))
		}
	}
	before, err := s.sealer(ctx)
	if err != nil {
		return Rotation{}, err
	}
	done := Rotation{From: before.keys.First(), To: to, Sealed: Resealed{}}
	if done.From != to {
		if err := s.putIntoForce(ctx, by, done.From, to); err != nil {
			return done, fmt.Errorf("put key %s into force: %w", to, err)
		}
	}
	// A shop goes on sealing under the key that it knows for a moment: once it is over,
	// what was sealed during a pass is found by the next one.
	pause := time.Duration(0)
	if len(running) > 0 {
		pause = settle
	}
	for {
		n, err := s.resealAll(ctx)
		done.Sealed.add(n)
		if err != nil {
			return done, err
		}
		if n.Total() == 0 && pause == 0 {
			return done, s.endRotation(ctx, by, done)
		}
		if err := s.wait(ctx, pause); err != nil {
			return done, err
		}
		pause = 0
	}
}

// settle is how long a process may go on sealing under the key before: a transaction looks
// which key is in force before it begins, and ends within commitTimeout of that.
const settle = ringLife + commitTimeout

func (s *Store) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("rotate keys: %w", ctx.Err())
	}
}

// putIntoForce has every process seal under another key from now on.
func (s *Store) putIntoForce(ctx context.Context, by actor.Actor, from, to string) error {
	defer s.forgetRing()
	return s.InTx(ctx, by, func(tx *Tx) error {
		var known bool
		if tx.sealer.keys, known = tx.keys.Under(to); !known {
			return errUnreadable(fmt.Errorf("no key %s", to))
		}
		tx.keys, tx.beginAudit = tx.sealer.keys, true
		retiring, err := setting(ctx, tx.reads, retiringSetting, []string{})
		if err != nil {
			return err
		}
		retiring = slices.DeleteFunc(retiring, func(id string) bool { return id == to || id == from })
		if err := tx.putSetting(ctx, retiringSetting, append(retiring, from)); err != nil {
			return err
		}
		tx.Audit("secrets.rotate", "secrets", map[string]any{"from": from, "to": to})
		return tx.putSetting(ctx, sealKeySetting, to)
	})
}

// resealAll is reseal with what does not lie in a column of a sealed table.
func (s *Store) resealAll(ctx context.Context) (Resealed, error) {
	n, err := s.reseal(ctx, besideShop())
	if err != nil {
		return n, err
	}
	err = s.InTx(ctx, actor.Server, func(tx *Tx) (err error) {
		if n["settings"], err = tx.resealLink(ctx); err != nil {
			return err
		}
		if n["audit_keys"], err = tx.resealAuditKeys(ctx); err != nil {
			return err
		}
		// A pass keeps no number that could be read; its order does.
		n["passes"], err = tx.indexPasses(ctx)
		return err
	})
	if err != nil {
		return n, fmt.Errorf("seal keys: %w", err)
	}
	return n, nil
}

// endRotation notes that nothing is sealed under another key.
func (s *Store) endRotation(ctx context.Context, by actor.Actor, done Rotation) error {
	return s.InTx(ctx, by, func(tx *Tx) error {
		if err := tx.deleteSetting(ctx, retiringSetting); err != nil {
			return err
		}
		if done.Sealed.Total() > 0 {
			tx.Audit("secrets.reseal", "secrets", done.Sealed.detail())
		}
		return nil
	})
}
