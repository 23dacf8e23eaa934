package secret

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
)

// Link makes the tokens of order links and the claim codes of orders from their codes. It
// is a random key of its own, kept sealed in the database and by every rotation: what
// customers hold works on, and an order that is made again under its code has the link
// it had.
type Link struct{ root, link, claim, customer []byte }

// NewLink draws one.
func NewLink() (Link, error) {
	root := make([]byte, KeySize)
	rand.Read(root)
	return deriveLink(root)
}

// ParseLink reads what Text wrote.
func ParseLink(text string) (Link, error) {
	root, err := hex.DecodeString(text)
	if err != nil || len(root) != KeySize {
		return Link{}, fmt.Errorf("secret: no key of order links")
	}
	return deriveLink(root)
}

func deriveLink(root []byte) (l Link, err error) {
	l.root = root
	if l.link, err = subkey(root, labelLink); err != nil {
		return l, err
	}
	if l.claim, err = subkey(root, labelClaim); err != nil {
		return l, err
	}
	l.customer, err = subkey(root, labelCustomer)
	return l, err
}

// Empty reports whether there is no key.
func (l Link) Empty() bool { return len(l.root) == 0 }

// Text is the key, to be sealed.
func (l Link) Text() string { return hex.EncodeToString(l.root) }

// tokenSize is that of order tokens.
const tokenSize = 20

// Token is the token of an order's link: 160 bits in hex.
func (l Link) Token(code string) string {
	return hex.EncodeToString(sum(l.link, "", code)[:tokenSize])
}

// Customer is a digest of what a customer is known by, a phone number or a device: it says
// that two orders are of one customer, and not of whom. purpose tells kinds apart.
func (l Link) Customer(purpose, text string) string {
	if text == "" {
		return ""
	}
	return hex.EncodeToString(sum(l.customer, purpose, text)[:tokenSize])
}

// Claim is the MAC that an order's claim code is made of.
func (l Link) Claim(code string) []byte { return sum(l.claim, "", code) }
