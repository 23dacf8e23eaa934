package staff

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/store"
)

// Enter is what a sign-in does once the password was right.
func (o *Accounts) Enter(ctx context.Context, checked store.Staff, from From) (string, error) {
	return o.enter(ctx, checked, from)
}

// LateUse is what the use of a person's first passkey does when something
// happened between the check of its answer and the writing.
func (o *Accounts) LateUse(ctx context.Context, s store.Staff, between func()) error {
	u, err := ownerOf(ctx, o.Store, s)
	if err != nil {
		return err
	}
	c := u.credentials[0]
	between()
	return o.Store.InTx(ctx, actor.Named("staff:"+s.Name), func(tx *store.Tx) error { return used(ctx, tx, u, &c) })
}
