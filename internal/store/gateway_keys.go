package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// GatewayKeys are the keys of a payment gateway that were typed in the panel.
type GatewayKeys struct {
	Gateway string
	ID      string // another one for each set of keys
	Live    bool
	Key     string   // secret; "" where only About was read
	Tokens  []string // secret, the same
	SavedBy string
	SavedAt time.Time
}

func gatewayKeyPurpose(gateway string) string    { return "gateway_key:" + gateway }
func gatewayTokensPurpose(gateway string) string { return "gateway_tokens:" + gateway }

var (
	sqlGatewayKeys      = request(`SELECT gateway, id, live, key_sealed, tokens_sealed, saved_by, saved_ms FROM gateway_keys WHERE gateway = $1`)
	sqlAboutGatewayKeys = request(`SELECT gateway, id, live, '', '', saved_by, saved_ms FROM gateway_keys WHERE gateway = $1`)
)

// GatewayKeys reads the keys of a gateway, opened; found is false where none were typed.
// Errors: Config "secret.unreadable".
func (r reads) GatewayKeys(ctx context.Context, gateway string) (k GatewayKeys, found bool, err error) {
	return queryOptional(ctx, r.q, r.scanGatewayKeys, sqlGatewayKeys, gateway)
}

// AboutGatewayKeys is GatewayKeys without the keys.
func (r reads) AboutGatewayKeys(ctx context.Context, gateway string) (k GatewayKeys, found bool, err error) {
	return queryOptional(ctx, r.q, r.scanGatewayKeys, sqlAboutGatewayKeys, gateway)
}

func (r reads) scanGatewayKeys(row scanner) (GatewayKeys, error) {
	var k GatewayKeys
	var tokens string
	var saved unixMillis
	if err := row.Scan(&k.Gateway, &k.ID, &k.Live, &k.Key, &tokens, &k.SavedBy, &saved); err != nil {
		return k, err
	}
	k.SavedAt = saved.Time
	if err := r.unseal(&k.Key, gatewayKeyPurpose(k.Gateway)); err != nil {
		return k, err
	}
	if err := r.unseal(&tokens, gatewayTokensPurpose(k.Gateway)); err != nil || tokens == "" {
		return k, err
	}
	if err := json.Unmarshal([]byte(tokens), &k.Tokens); err != nil {
		return k, fmt.Errorf("read tokens of %s: %w", k.Gateway, err)
	}
	return k, nil
}

// PutGatewayKeys replaces the keys of a gateway, under a new id.
func (t *Tx) PutGatewayKeys(ctx context.Context, k GatewayKeys) error {
	tokens, err := json.Marshal(k.Tokens)
	if err != nil {
		return fmt.Errorf("keep keys of %s: %w", k.Gateway, err)
	}
	key, err := t.sealer.seal(k.Key, gatewayKeyPurpose(k.Gateway))
	if err != nil {
		return fmt.Errorf("seal keys of %s: %w", k.Gateway, err)
	}
	sealed, err := t.sealer.seal(string(tokens), gatewayTokensPurpose(k.Gateway))
	if err != nil {
		return fmt.Errorf("seal keys of %s: %w", k.Gateway, err)
	}
	if _, err := t.exec(ctx, `INSERT INTO gateway_keys (gateway, id, live, key_sealed, tokens_sealed, saved_by, saved_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (gateway) DO UPDATE SET id = excluded.id, live = excluded.live, key_sealed = excluded.key_sealed, tokens_sealed = excluded.tokens_sealed,
		saved_by = excluded.saved_by, saved_ms = excluded.saved_ms`, k.Gateway, t.NewID(), k.Live, key, sealed, k.SavedBy, at(t.now)); err != nil {
		return fmt.Errorf("keep keys of %s: %w", k.Gateway, err)
	}
	return nil
}

// DeleteGatewayKeys forgets the keys of a gateway; deleted is false where there were none.
func (t *Tx) DeleteGatewayKeys(ctx context.Context, gateway string) (deleted bool, err error) {
	n, err := t.exec(ctx, `DELETE FROM gateway_keys WHERE gateway = $1`, gateway)
	if err != nil {
		return false, fmt.Errorf("forget keys of %s: %w", gateway, err)
	}
	return n > 0, nil
}

// freshGatewayKeys brings both columns under the key in force.
func freshGatewayKeys(s sealer, gateway string, v []*string) error {
	if _, err := s.reseal(&v[0], gatewayKeyPurpose(gateway)); err != nil {
		return err
	}
	_, err := s.reseal(&v[1], gatewayTokensPurpose(gateway))
	return err
}
