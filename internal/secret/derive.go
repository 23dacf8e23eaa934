package secret

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// A configured key is a master: what seals, what searches go by and what the audit trail
// is signed with are keys derived from it, so that none of them says anything about
// another.
type key struct {
	raw   []byte
	id    string // names the key in what it sealed
	seal  cipher.AEAD
	index []byte
	audit []byte
}

// Labels of derived keys. Changing one makes everything under it unreadable.
const (
	labelID       = "gerai key id"
	labelSeal     = "gerai seal"
	labelIndex    = "gerai index"
	labelAudit    = "gerai audit"
	labelLink     = "gerai order link"
	labelClaim    = "gerai claim code"
	labelCustomer = "gerai customer"
)

// idSize keeps ids short: a shop has two keys, not thousands.
const idSize = 4

func derive(raw []byte) (key, error) {
	id, err := subkey(raw, labelID)
	if err != nil {
		return key{}, err
	}
	sealing, err := subkey(raw, labelSeal)
	if err != nil {
		return key{}, err
	}
	k := key{raw: raw, id: hex.EncodeToString(id[:idSize])}
	if k.seal, err = aead(sealing); err != nil {
		return key{}, err
	}
	if k.index, err = subkey(raw, labelIndex); err != nil {
		return key{}, err
	}
	k.audit, err = subkey(raw, labelAudit)
	return k, err
}

// subkey derives a key for one purpose (RFC 5869; the master is random already, so that
// there is nothing to extract).
func subkey(master []byte, label string) ([]byte, error) {
	out, err := hkdf.Expand(sha256.New, master, label, KeySize)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return out, nil
}

func sum(key []byte, purpose, message string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(purpose + "\x00" + message))
	return m.Sum(nil)
}

// indexSize is enough to find a row by, and too much to meet another by chance.
const indexSize = 16

// Index returns one keyed digest of a text per key, the current key first. Rows are found
// by it where the text itself is sealed; without the keys no text can be
// tried.
func (k Keys) Index(purpose, text string) []string {
	out := make([]string, len(k.keys))
	for i, key := range k.keys {
		out[i] = hex.EncodeToString(sum(key.index, purpose, text)[:indexSize])
	}
	return out
}

// Signer signs rows of the audit trail.
type Signer struct{ key []byte }

// Signer is the signer of the key with this id. false: there is none.
func (k Keys) Signer(id string) (Signer, bool) {
	for _, key := range k.keys {
		if key.id == id {
			return Signer{key.audit}, true
		}
	}
	return Signer{}, false
}

// ParseSigner reads what Text wrote.
func ParseSigner(text string) (Signer, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != KeySize {
		return Signer{}, fmt.Errorf("secret: no key of an audit trail")
	}
	return Signer{key}, nil
}

// Empty reports whether there is no key to sign with.
func (s Signer) Empty() bool { return len(s.key) == 0 }

// Text is the signer's key, to be sealed.
func (s Signer) Text() string { return hex.EncodeToString(s.key) }

// Sign is the signature of a row, in hex.
func (s Signer) Sign(row []byte) string {
	m := hmac.New(sha256.New, s.key)
	m.Write(row)
	return hex.EncodeToString(m.Sum(nil))
}
