package vouchers

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/hotspot"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// letGo has the router let a user go whose voucher another one serves by now: it was away when
// that was decided, or came up from a backup that is older.
func (v *review) letGo(ctx context.Context, x store.Voucher, found hotspot.Listed) error {
	facts, err := v.factsOf(ctx, []store.Voucher{x})
	if err != nil {
		return err
	}
	if u, _ := voucher.Wanted(facts[0], v.began); !u.Owns(found.Found) {
		v.roster.rows[x.Username] = seenRow{digest: found.Digest, key: keyStranger}
		return nil
	}
	former, err := v.Store.FormerRouters(ctx, x.ID)
	if err != nil {
		return err
	}
	for _, f := range former {
		if f.RouterID == v.router.ID {
			return v.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error { return v.ledger.Enqueue(ctx, tx, leaveJob(tx, f)) })
		}
	}
	return nil
}
