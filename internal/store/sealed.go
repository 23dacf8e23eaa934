package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"gerai/internal/order"
	"gerai/internal/secret"
)

// What the database must not give away is sealed in its column, and found by a keyed
// digest beside it where it has to be found.

func orderPhonePurpose(id string) string         { return "order_phone:" + id }
func orderPasswordPurpose(id string) string      { return "order_password:" + id }
func orderTokenPurpose(id string) string         { return "order_token:" + id }
func voucherPasswordPurpose(id string) string    { return "voucher_password:" + id }
func extensionNamePurpose(orderID string) string { return "extension_name:" + orderID }
func outletPhonePurpose(id string) string        { return "outlet_phone:" + id }
func savedFilterPurpose(id string) string        { return "saved_filter:" + id }

// Purposes of digests.
const (
	indexPhone = "phone"
	indexTail  = "phone_tail"
	indexName  = "username"
)

// tokenHash is what the database knows of an order's token: as long as the token is, so
// that links themselves could be kept apart by it before.
func tokenHash(t order.Token) string {
	sum := sha256.Sum256([]byte("gerai order token\x00" + string(t)))
	return hex.EncodeToString(sum[:20])
}

// keptNonce marks a nonce that is kept as its hash: forms have no colon in theirs.
const keptNonce = "h:"

// nonceHash is what the database keeps of the nonce of the form that made an order: who
// sends that form again is led to the order's link.
func nonceHash(nonce string) string {
	sum := sha256.Sum256([]byte("gerai order nonce\x00" + nonce))
	return keptNonce + hex.EncodeToString(sum[:20])
}

// seal seals what is there; nothing stays nothing.
func (s sealer) seal(plain, purpose string) (string, error) {
	if plain == "" {
		return "", nil
	}
	return s.keys.Seal(plain, purpose)
}

// unseal opens a column. A value in plain text is one that an older program wrote.
func (r reads) unseal(column *string, purpose string) error {
	if !secret.Sealed(*column) {
		return nil
	}
	plain, _, err := r.keys.Open(*column, purpose)
	if err != nil {
		return errUnreadable(fmt.Errorf("%s: %w", purpose, err))
	}
	*column = plain
	return nil
}

// index is the digest under the key in force; "" of nothing.
func (s sealer) index(purpose, text string) string {
	if text == "" {
		return ""
	}
	return s.keys.Index(purpose, text)[0]
}

// phoneTail is the digest of the end of a phone number, by which people are looked up.
func (s sealer) phoneTail(phone string) string {
	if len(phone) < shortestTail {
		return ""
	}
	return s.index(indexTail, phone[len(phone)-shortestTail:])
}

// hiddenName marks the digest of a user name that is the password as well.
const hiddenName = "="

// name is what the database keeps as the user name of an account: the name, or its digest
// where the name alone opens the hotspot.
func (s sealer) name(username, password string) string {
	if username == "" || username != password {
		return username
	}
	return hiddenName + s.index(indexName, username)
}

// unhide gives an account its user name back whose password was opened.
func unhide(username *string, password string) {
	if strings.HasPrefix(*username, hiddenName) {
		*username = password
	}
}

// storedNames are all forms in which the database may keep user names.
func (r reads) storedNames(names ...string) []string {
	out := make([]string, 0, len(names)*(1+len(r.keys.IDs())))
	for _, name := range names {
		out = append(out, name)
		for _, digest := range r.keys.Index(indexName, name) {
			out = append(out, hiddenName+digest)
		}
	}
	return out
}

// sealedOrder is what the columns of an order keep of its secrets.
type sealedOrder struct {
	tokenHash                  string
	token                      string // "" where the token follows from the code
	phone, phoneKey, phoneTail string
	username, password         string
}

// order seals the secrets of an order.
func (s sealer) order(o order.Order) (x sealedOrder, err error) {
	if o.Token == "" {
		o.Token = s.token(o.Code)
	}
	x.tokenHash = tokenHash(o.Token)
	if o.Token != s.token(o.Code) { // drawn by a program before links followed from codes
		if x.token, err = s.seal(string(o.Token), orderTokenPurpose(string(o.ID))); err != nil {
			return x, err
		}
	}
	x.phoneKey, x.phoneTail = s.index(indexPhone, o.Phone), s.phoneTail(o.Phone)
	if x.phone, err = s.seal(o.Phone, orderPhonePurpose(string(o.ID))); err != nil {
		return x, err
	}
	x.username = s.name(o.Username, o.Password)
	x.password, err = s.seal(o.Password, orderPasswordPurpose(string(o.ID)))
	return x, err
}

// token is the token of an order's link.
func (s sealer) token(c order.Code) order.Token { return order.Token(s.link.Token(string(c))) }

// openOrder opens the secrets of an order that was read.
func (r reads) openOrder(o *order.Order) error {
	if o.Token == "" {
		link, err := r.link()
		if err != nil {
			return err
		}
		o.Token = order.Token(link.Token(string(o.Code)))
	} else if err := r.unseal((*string)(&o.Token), orderTokenPurpose(string(o.ID))); err != nil {
		return err
	}
	if err := r.unseal(&o.Phone, orderPhonePurpose(string(o.ID))); err != nil {
		return err
	}
	if err := r.unseal(&o.Password, orderPasswordPurpose(string(o.ID))); err != nil {
		return err
	}
	unhide(&o.Username, o.Password)
	return nil
}

// voucher seals the password of a voucher and says what its user name is kept as.
func (s sealer) voucher(v Voucher) (name, password string, err error) {
	password, err = s.seal(v.Password, voucherPasswordPurpose(v.ID))
	return s.name(v.Username, v.Password), password, err
}

// namesByForm maps each form in which the database may keep one of the names to the name.
func (r reads) namesByForm(names []string) map[string]string {
	out := make(map[string]string, len(names)*(1+len(r.keys.IDs())))
	for _, name := range names {
		for _, form := range r.storedNames(name) {
			out[form] = name
		}
	}
	return out
}

// OrderToken is the token of the link of the order with a code: the same for ever.
func (t *Tx) OrderToken(c order.Code) order.Token { return t.sealer.token(c) }

// ClaimMAC is the MAC that the claim code of an order is made of.
func (r reads) ClaimMAC(c order.Code) ([]byte, error) {
	link, err := r.link()
	if err != nil {
		return nil, err
	}
	return link.Claim(string(c)), nil
}
