package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/fault"
	"gerai/internal/store"
)

const (
	keptFormLife = 10 * time.Minute
	mostKept     = 5
	// mostKeptBytes is what the server takes of one form.
	mostKeptBytes = 256 << 10
	keptFormsSeal = "kept_form"
)

// KeptForm is a form that was posted without a recent proof of identity.
type KeptForm struct {
	Path  string `json:"path"`  // it was posted to
	Media string `json:"media"` // its content type
	Body  []byte `json:"body"`
	// Family is that of the session that posted it: no other session completes it.
	Family string `json:"family"`
}

// KeepForm keeps a posted form, sealed, until its sender has proved their identity. Of each
// person the last few are kept, for ten minutes. Errors: Invalid "form.too_large".
func (o *Accounts) KeepForm(ctx context.Context, p Principal, f KeptForm) (id string, err error) {
	if len(f.Body) > mostKeptBytes {
		return "", fault.New(fault.Invalid, "form.too_large")
	}
	text, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("keep form: %w", err)
	}
	sealed, err := o.keys.Seal(string(text), keptFormsSeal)
	if err != nil {
		return "", fmt.Errorf("seal form: %w", err)
	}
	id = token()
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) error {
		return tx.KeepForm(ctx, hashToken(id), p.ID, sealed, tx.Now().Add(keptFormLife), mostKept)
	})
	return id, err
}

// TakeForm returns a kept form once to the session that posted it; found is false for one
// that is not there, or not there any more.
func (o *Accounts) TakeForm(ctx context.Context, p Principal, family, id string) (f KeptForm, found bool, err error) {
	var sealed string
	err = o.Store.InTx(ctx, p.Actor(), func(tx *store.Tx) (err error) {
		sealed, found, err = tx.TakeForm(ctx, hashToken(id), p.ID)
		return err
	})
	if err != nil || !found {
		return f, false, err
	}
	text, _, err := o.keys.Open(sealed, keptFormsSeal)
	if err != nil {
		return f, false, nil //nolint:nilerr // the key was rotated away in between: the form is filled in again
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, false, fmt.Errorf("read kept form: %w", err)
	}
	return f, f.Family == family, nil
}
