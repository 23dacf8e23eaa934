package store

import (
	"fmt"
	"strings"

	"gerai/internal/order"
	"gerai/internal/secret"
)

// sealedTable is a table with columns that have to be sealed again under another key.
type sealedTable struct {
	name, id string
	columns  []string
	// fresh brings the columns of a row under the key in force, or to it from
	// plain text. It changes values in place.
	fresh func(s sealer, id string, v []*string) error
}

// sealedTables are all of them, in the order in which they are sealed.
var sealedTables = []sealedTable{
	{name: "routers", id: "id", columns: []string{"password_sealed"}, fresh: oneValue(routerPurpose)},
	{name: "kits", id: "id", columns: []string{"plan_sealed"}, fresh: oneValue(provisioningPurpose)},
	{name: "staff", id: "id", columns: []string{"totp_sealed"}, fresh: oneValue(func(string) string { return totpPurpose })},
	{name: "outlets", id: "id", columns: []string{"phone"}, fresh: oneValue(outletPhonePurpose)},
	{name: "saved_filters", id: "id", columns: []string{"query"}, fresh: oneValue(savedFilterPurpose)},
	{name: "extensions", id: "order_id", columns: []string{"username"}, fresh: oneValue(extensionNamePurpose)},
	{name: "online_sessions", id: "router_id", columns: []string{"body"}, fresh: oneValue(onlinePurpose)},
	{name: "gateway_keys", id: "gateway", columns: []string{"key_sealed", "tokens_sealed"}, fresh: freshGatewayKeys},
	{name: "vouchers", id: "id", columns: []string{"username", "password"}, fresh: freshVoucher},
	{name: "orders", id: "id", columns: []string{"token_hash", "token_sealed", "nonce", "phone", "phone_tail", "phone_key", "username", "password"}, fresh: freshOrder},
}

// reseal brings one value under the key in force and returns what it says.
func (s sealer) reseal(v **string, purpose string) (plain string, err error) {
	if *v == nil || **v == "" {
		return "", nil
	}
	plain = **v
	if secret.Sealed(plain) {
		var current bool
		if plain, current, err = s.keys.Open(**v, purpose); err != nil {
			return "", errUnreadable(fmt.Errorf("%s: %w", purpose, err))
		}
		if current {
			return plain, nil
		}
	}
	sealed, err := s.seal(plain, purpose)
	*v = &sealed
	return plain, err
}

func oneValue(purpose func(id string) string) func(sealer, string, []*string) error {
	return func(s sealer, id string, v []*string) error {
		_, err := s.reseal(&v[0], purpose(id))
		return err
	}
}

func freshVoucher(s sealer, id string, v []*string) error {
	password, err := s.reseal(&v[1], voucherPasswordPurpose(id))
	if err == nil {
		s.rename(&v[0], password)
	}
	return err
}

// rename brings a kept user name under the key in force.
func (s sealer) rename(name **string, password string) {
	if *name == nil || password == "" {
		return
	}
	if strings.HasPrefix(**name, hiddenName) || **name == password {
		kept := s.name(password, password)
		*name = &kept
	}
}

func freshOrder(s sealer, id string, v []*string) error {
	hash, token, nonce, phone, tail, key, name, password := &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]
	if *token == nil { // as an older program wrote it: the hash is the token itself
		plain := **hash
		sum := tokenHash(order.Token(plain))
		*hash, *token = &sum, &plain
	}
	if !strings.HasPrefix(**nonce, keptNonce) {
		kept := nonceHash(**nonce)
		*nonce = &kept
	}
	if _, err := s.reseal(token, orderTokenPurpose(id)); err != nil {
		return err
	}
	number, err := s.reseal(phone, orderPhonePurpose(id))
	if err != nil {
		return err
	}
	end, digest := s.phoneTail(number), s.index(indexPhone, number)
	*tail, *key = &end, &digest
	word, err := s.reseal(password, orderPasswordPurpose(id))
	if err == nil {
		s.rename(name, word)
	}
	return err
}
