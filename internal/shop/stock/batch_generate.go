package stock

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

const (
	// generatePart is how many rows one transaction writes: a sale waits no longer
	// than that.
	generatePart = 500
	// generateTries bounds the draws for each name while most are taken.
	generateTries = 20
)

// generateBatch writes the batch's rows before the router hears of any. Names are
// free on the router, by one read of all of them, and among our own.
func (s *Service) generateBatch(ctx context.Context, b store.Batch, r catalog.Router) error {
	names, err := s.Hotspot.TakenNames(ctx, r.Router)
	if err != nil {
		return err
	}
	taken := make(map[string]bool, len(names)+b.Count)
	for _, name := range names {
		taken[strings.ToLower(name)] = true
	}
	for b.Drawn < b.Count && ctx.Err() == nil {
		n, err := s.generateSome(ctx, b, taken)
		if err != nil || n == 0 { // none: paused, or another worker was faster
			return err
		}
		b.Drawn += n
	}
	return nil // the last part has queued what follows
}

func (s *Service) generateSome(ctx context.Context, b store.Batch, taken map[string]bool) (n int, err error) {
	drawn, err := s.generateCodes(b, taken)
	if err != nil {
		return 0, err
	}
	names := make([]string, len(drawn))
	for i, v := range drawn {
		names[i] = v.Username
	}
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		used, err := tx.NamesInUse(ctx, names)
		if err != nil {
			return err
		}
		fresh := make([]store.Voucher, 0, len(drawn))
		for _, v := range drawn {
			if used[v.Username] {
				continue
			}
			v.ID, v.No = tx.NewID(), b.Drawn+len(fresh)+1
			fresh = append(fresh, v)
		}
		if n = len(fresh); n == 0 {
			return fault.New(fault.Refused, "batch.no_names")
		}
		grown, err := tx.GrowBatch(ctx, b, n)
		if err != nil || !grown {
			n = 0
			return err
		}
		if err := tx.InsertStock(ctx, fresh); err != nil {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, ledger.BatchJob(jobs.BatchMake, b, tx))
	})
	if err != nil {
		return 0, fmt.Errorf("draw vouchers: %w", err)
	}
	return n, nil
}

// generateCodes draws the next part of a batch's codes and adds them to taken.
func (s *Service) generateCodes(b store.Batch, taken map[string]bool) ([]store.Voucher, error) {
	want := min(b.Count-b.Drawn, generatePart)
	out := make([]store.Voucher, 0, want)
	for tried := 0; len(out) < want; tried++ {
		if tried > want*generateTries {
			return nil, fault.Wrap(fault.Refused, "batch.no_names", errors.New("nearly all codes are taken"))
		}
		v, err := s.generateVoucher(b)
		if err != nil {
			return nil, err
		}
		if key := strings.ToLower(v.Username); !taken[key] {
			taken[key] = true
			out = append(out, v)
		}
	}
	return out, nil
}

func (s *Service) generateVoucher(b store.Batch) (store.Voucher, error) {
	v := store.Voucher{SiteID: b.SiteID, PlanID: b.PlanID, RouterID: b.RouterID, BatchID: b.ID}
	code, err := b.Charset.Draw(s.Random, b.Prefix, b.Length)
	if err != nil {
		return v, err
	}
	v.Username = b.Prefix + code
	if v.Password = v.Username; b.Mode == catalog.ModePair {
		v.Password, err = order.NewPIN(s.Random, b.Length)
	}
	return v, err
}

// renameStock gives a voucher another name because a foreign user on the router
// has this one; once it was printed it cannot have another. Errors: Conflict
// "router.name_taken".
func (s *Service) renameStock(ctx context.Context, tx *store.Tx, b store.Batch, v store.Voucher) error {
	for range ledger.Tries {
		other, err := s.generateVoucher(b)
		if err != nil {
			return err
		}
		used, err := tx.NamesInUse(ctx, []string{other.Username})
		if err != nil {
			return err
		}
		if used[other.Username] {
			continue
		}
		other.ID = v.ID
		renamed, err := tx.RenameStock(ctx, other)
		if err == nil && !renamed {
			now, err := tx.VoucherByID(ctx, v.ID)
			if err != nil || now.State == voucher.Disabled {
				return err // it ended in between
			}
			return hotspot.ErrNameTaken
		}
		return err
	}
	return fault.New(fault.Refused, "batch.no_names")
}
