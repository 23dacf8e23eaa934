package staff

import (
	"context"

	"gerai/internal/store"
)

// Enter is what a sign-in does once the password was right.
func (o *Office) Enter(ctx context.Context, checked store.Staff, from From) (string, error) {
	return o.enter(ctx, checked, from)
}
