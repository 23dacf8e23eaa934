package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// checkWithin bounds the question with which keys are checked; longestKey their text.
const (
	checkWithin = 8 * time.Second
	longestKey  = 300
	checkName   = "gerai-setup" // a reference that no charge has
)

// Faults of keys.
var (
	// ErrFromEnvironment: the keys are set at the server.
	ErrFromEnvironment = fault.New(fault.Conflict, "gateway.from_environment")
	// ErrNoKeys: there are none to forget.
	ErrNoKeys = fault.New(fault.Conflict, "gateway.no_keys")

	errKeysChanged = fault.New(fault.Conflict, "gateway.keys_changed")

	errKeyForm    = fault.AtField("key", "gateway.key_form")
	errKeyRights  = fault.AtField("key", "gateway.key_rights")
	errKeyVersion = fault.AtField("key", "gateway.api_version")
	errKeyRefused = fault.AtField("key", "gateway.key_refused")
	errBusyNow    = fault.AtField("key", "gateway.busy_now")
	errSilent     = fault.AtField("key", "gateway.silent")
)

// GatewayState is which keys are used.
type GatewayState struct {
	FromEnvironment bool // set at the server
	Stored          bool // typed in the panel, whether they are used or not
	Connected       bool // this process uses one of them
	Live            bool // of the keys in use
	SavedBy         string
	SavedAt         time.Time
	LastMessage     time.Time // when the gateway last sent one, zero if never
}

// GatewayState says which keys are used. No key is in the answer.
func (s *Service) GatewayState(ctx context.Context) (g GatewayState, err error) {
	if s.Connection == nil {
		return g, nil
	}
	about, found, err := s.Store.AboutGatewayKeys(ctx, s.Connection.Name())
	if err != nil {
		return g, err
	}
	g = GatewayState{FromEnvironment: s.FromEnvironment, Stored: found, Connected: s.Connection.Connected(), SavedBy: about.SavedBy, SavedAt: about.SavedAt}
	g.Live = g.Connected && s.Connection.Live()
	g.LastMessage, _, _, err = s.Store.WebhookPulse(ctx, s.Clock.Now())
	return g, err
}

// KeysForm is what was typed. Key and Tokens are secret.
type KeysForm struct {
	Key, Tokens   string
	Typed, Reason string // confirm that kept keys are replaced
}

// SaveKeys checks keys at the gateway and keeps them, sealed; this process uses them at once, others
// within seconds. Keys that are kept already change nothing; others in their place are confirmed, and
// have to know what is still open at the gateway. Nothing is kept of keys that the gateway refuses, and
// nothing while it does not answer. Errors: Denied "staff.whole_only", Conflict "gateway.from_environment" and
// "gateway.keys_changed", Invalid at "typed", "reason", "key" and "tokens": "gateway.key_form", "gateway.key_public",
// "gateway.live_https", "gateway.live_url", "gateway.tokens_form", "gateway.key_refused", "gateway.key_rights",
// "gateway.silent", "gateway.busy_now", "gateway.other_account" about orders and refunds that are open.
func (s *Service) SaveKeys(ctx context.Context, by actor.Actor, f KeysForm) error {
	if len(by.Sites) > 0 {
		return fault.New(fault.Denied, "staff.whole_only")
	}
	if s.Connection == nil || s.FromEnvironment {
		return ErrFromEnvironment
	}
	keys, err := s.readKeys(f)
	if err != nil {
		return err
	}
	before, found, err := s.Store.GatewayKeys(ctx, keys.Gateway)
	if err != nil {
		return err
	}
	why := ""
	if found && !sameKeys(before, keys) {
		if why, err = ledger.Reason(f.Reason); err == nil {
			err = ledger.Confirmed(f.Typed, keys.Gateway)
		}
		if err != nil {
			return err
		}
	}
	account, err := s.Connect(keys.Key, keys.Tokens)
	if err != nil {
		return errKeyForm.With(err)
	}
	if err := s.checkKeys(ctx, account); err != nil {
		return err
	}
	known := open{}
	if found && before.Key != keys.Key {
		if known, err = s.checkAccount(ctx, account); err != nil {
			return err
		}
	}
	keys.SavedBy = by.AuditName
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		old, found, err := tx.GatewayKeys(ctx, keys.Gateway)
		if err != nil || found && sameKeys(old, keys) {
			return err
		}
		if old.ID != before.ID {
			return errKeysChanged
		}
		if found && old.Key != keys.Key {
			if err := known.still(ctx, tx, keys.Gateway); err != nil {
				return err
			}
		}
		about := map[string]any{"before": told(old, found), "after": told(keys, true), "key": old.Key != keys.Key, "tokens": !slices.Equal(old.Tokens, keys.Tokens)}
		if why != "" {
			about["reason"] = why
		}
		tx.Audit("gateway.keys", "gateway:"+keys.Gateway, about)
		return tx.PutGatewayKeys(ctx, keys)
	})
	if err != nil {
		return fmt.Errorf("save gateway keys: %w", err)
	}
	return s.Follow(ctx)
}

// sameKeys reports whether a form holds what is kept.
func sameKeys(a, b store.GatewayKeys) bool { return a.Key == b.Key && slices.Equal(a.Tokens, b.Tokens) }

// told is what the audit trail keeps of keys: no secret.
func told(k store.GatewayKeys, found bool) string {
	switch {
	case !found:
		return "none"
	case k.Live:
		return "live"
	}
	return "test"
}

func (s *Service) readKeys(f KeysForm) (store.GatewayKeys, error) {
	k := store.GatewayKeys{Gateway: s.Connection.Name(), Key: strings.TrimSpace(f.Key)}
	if strings.HasPrefix(k.Key, "xnd_public_") {
		return k, fault.AtField("key", "gateway.key_public")
	}
	if len(k.Key) > longestKey || strings.ContainsFunc(k.Key, unprintable) || s.CheckKey(k.Key) != nil {
		return k, errKeyForm
	}
	k.Live = s.LiveKey(k.Key)
	if k.Live && !strings.HasPrefix(s.BaseURL, "https://") {
		return k, fault.AtField("key", "gateway.live_https")
	}
	if k.Live && !s.safeURL() {
		return k, fault.AtField("key", "gateway.live_url")
	}
	text := strings.TrimSpace(f.Tokens)
	if text == "" || len(text) > longestKey || strings.ContainsFunc(text, unprintable) {
		return k, fault.AtField("tokens", "gateway.tokens_form")
	}
	tokens, err := s.CheckTokens(text)
	if err != nil {
		return k, fault.AtField("tokens", "gateway.tokens_form")
	}
	k.Tokens = tokens
	return k, nil
}

// unprintable reports whether a character cannot be part of a key or of tokens.
func unprintable(r rune) bool { return r < ' ' || r > '~' }

// checkKeys asks the gateway one question with the key. Whether a callback token is right only a
// message tells.
func (s *Service) checkKeys(ctx context.Context, a payments.Account) error {
	ask, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	_, err := a.Find(ask, checkName)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return unanswered(err)
}

// unanswered is why the gateway did not answer a question with the key, nil where it did.
func unanswered(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, payments.ErrKeyRights):
		return errKeyRights.With(err)
	case errors.Is(err, payments.ErrAPIVersion):
		return errKeyVersion.With(err)
	case fault.Is(err, fault.Config):
		return errKeyRefused.With(err)
	case fault.Is(err, fault.Limited):
		return errBusyNow.With(err)
	case fault.Is(err, fault.Unavailable) || fault.Is(err, fault.Unknown):
		return errSilent.With(err)
	}
	return fmt.Errorf("check gateway keys: %w", err)
}

// ForgetKeys forgets the keys: customers can no longer pay online, and what they still owe or are owed
// through the gateway waits until keys are there again. Errors: Denied "staff.whole_only", Invalid at "typed"
// and "reason", Conflict "gateway.from_environment" and "gateway.no_keys".
func (s *Service) ForgetKeys(ctx context.Context, by actor.Actor, typed, reason string) error {
	if len(by.Sites) > 0 {
		return fault.New(fault.Denied, "staff.whole_only")
	}
	if s.Connection == nil || s.FromEnvironment {
		return ErrFromEnvironment
	}
	why, err := ledger.Reason(reason)
	if err == nil {
		err = ledger.Confirmed(typed, s.Connection.Name())
	}
	if err != nil {
		return err
	}
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		old, found, err := tx.AboutGatewayKeys(ctx, s.Connection.Name())
		if err == nil && !found {
			err = ErrNoKeys
		}
		if err != nil {
			return err
		}
		tx.Audit("gateway.forget", "gateway:"+old.Gateway, map[string]any{"before": told(old, true), "after": "none", "reason": why})
		_, err = tx.DeleteGatewayKeys(ctx, old.Gateway)
		return err
	})
	if err != nil {
		return fmt.Errorf("forget gateway keys: %w", err)
	}
	return s.Follow(ctx)
}

// Follow has this process use the keys that are stored, and none where none are. It is called
// again and again: keys that were typed at another process are found so.
func (s *Service) Follow(ctx context.Context) error {
	if s.Connection == nil || s.FromEnvironment {
		return nil
	}
	s.following.Lock() // a slower call must not put older keys back
	defer s.following.Unlock()
	about, found, err := s.Store.AboutGatewayKeys(ctx, s.Connection.Name())
	if err != nil {
		return err
	}
	s.Connection.Idle(found && !about.Live) // should they not come into use
	if about.ID == s.Connection.ID() {
		return nil
	}
	if !found {
		s.Connection.Use("", nil)
		s.Log.InfoContext(ctx, "gateway keys are gone: online payment is off")
	} else if err := s.use(ctx); err != nil {
		return err
	}
	ledger.CatalogueChanged(ctx, s.Cache) // pages show how one can pay
	return nil
}

func (s *Service) use(ctx context.Context) error {
	keys, found, err := s.Store.GatewayKeys(ctx, s.Connection.Name())
	if err != nil || !found {
		return err
	}
	if keys.Live && !s.safeURL() {
		return fault.New(fault.Config, "gateway.live_url")
	}
	account, err := s.Connect(keys.Key, keys.Tokens)
	if err != nil {
		return fmt.Errorf("use gateway keys: %w", err)
	}
	if account.Live() && s.GatewayURL != s.OwnURL {
		s.Log.WarnContext(ctx, "the gateway keys are live, and the address of the gateway is not its own", "url", s.GatewayURL)
	}
	s.Connection.Use(keys.ID, account)
	s.Log.InfoContext(ctx, "gateway keys in use", "live", account.Live())
	return nil
}
