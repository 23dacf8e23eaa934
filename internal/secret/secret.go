package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gerai/internal/mistake"
)

// KeySize is the length of one key in bytes.
const KeySize = 32

// ErrUnreadable means no key of the list opens the sealed value.
var ErrUnreadable = errors.New("secret: sealed under a key that is not configured, or damaged")

// A sealed value is version, id of the key, ":", nonce and text. Values of the old
// version name no key and were sealed under the keys themselves.
const (
	version    = "v2:"
	oldVersion = "v1:"
)

// Keys is a list of keys: the first seals, all of them open.
type Keys struct{ keys []key }

// Parse reads a comma-separated list of base64 keys of 32 bytes each. The first
// one, which seals, must not be trivial; those behind it only open what was
// sealed before, see Weak.
func Parse(list string) (Keys, error) {
	var k Keys
	for i, part := range strings.Split(list, ",") {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(part))
		if err != nil {
			return Keys{}, mistake.New("secret: key %d is not base64", i+1)
		}
		if len(raw) != KeySize {
			return Keys{}, mistake.New("secret: key %d must have %d bytes, not %d", i+1, KeySize, len(raw))
		}
		one, err := derive(raw)
		if err != nil {
			return Keys{}, err
		}
		k.keys = append(k.keys, one)
	}
	if Trivial(k.keys[0].raw) {
		return Keys{}, mistake.New("secret: key 1 can be guessed: it repeats or counts; put a key made by 'openssl rand -base64 32' in front of it, so that what it sealed is read once more")
	}
	return k, nil
}

// Weak returns the positions, from 1, of keys that can be guessed.
func (k Keys) Weak() (positions []int) {
	for i, key := range k.keys {
		if Trivial(key.raw) {
			positions = append(positions, i+1)
		}
	}
	return positions
}

// fewest is the number of different bytes below which a secret was not made at
// random: of 32 random bytes about 30 differ.
const fewest = 4

// Trivial reports whether a secret is a placeholder: it repeats a few bytes, or
// each byte is the one before plus or minus one.
func Trivial(b []byte) bool {
	var seen [256]bool
	different, up, down := 0, true, true
	for i, c := range b {
		if !seen[c] {
			seen[c], different = true, different+1
		}
		if i > 0 {
			up, down = up && c == b[i-1]+1, down && c == b[i-1]-1
		}
	}
	return different < fewest || up || down
}

// Empty reports whether there is no key at all.
func (k Keys) Empty() bool { return len(k.keys) == 0 }

// Generate returns a fresh key in the form Parse reads.
func Generate() string {
	raw := make([]byte, KeySize)
	rand.Read(raw) // never fails: crypto/rand aborts the program instead
	return base64.StdEncoding.EncodeToString(raw)
}

// First is the id of the key that seals, "" where there is none.
func (k Keys) First() string {
	if len(k.keys) == 0 {
		return ""
	}
	return k.keys[0].id
}

// IDs are the ids of all keys, the one that seals first. An id says nothing about its key.
func (k Keys) IDs() []string {
	out := make([]string, len(k.keys))
	for i, key := range k.keys {
		out[i] = key.id
	}
	return out
}

// Under is the same list with the key of this id in front. false: there is none.
func (k Keys) Under(id string) (Keys, bool) {
	at := slices.IndexFunc(k.keys, func(key key) bool { return key.id == id })
	if at <= 0 {
		return k, at == 0
	}
	all := append([]key{k.keys[at]}, k.keys[:at]...)
	return Keys{append(all, k.keys[at+1:]...)}, true
}

// Seal encrypts plain for one purpose, for example "router:01H…". A value
// moved to another purpose cannot be opened.
func (k Keys) Seal(plain, purpose string) (string, error) {
	if len(k.keys) == 0 {
		return "", errors.New("secret: no key")
	}
	first := k.keys[0]
	out := make([]byte, first.seal.NonceSize(), first.seal.NonceSize()+len(plain)+first.seal.Overhead())
	rand.Read(out)
	return version + first.id + ":" + base64.RawStdEncoding.EncodeToString(first.seal.Seal(out, out, []byte(plain), []byte(purpose))), nil
}

// SealedBy is the id of the key that a value was sealed under: "" where the value does
// not say, because an older program sealed it or because it is not sealed at all.
func SealedBy(sealed string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(sealed, version), ":")
	if !strings.HasPrefix(sealed, version) {
		return ""
	}
	return id
}

// Sealed reports whether a value has the form of a sealed one.
func Sealed(value string) bool {
	return strings.HasPrefix(value, version) || strings.HasPrefix(value, oldVersion)
}

// Open decrypts a sealed value; current is false when it has to be sealed again, because
// an older key was needed or because its form is an older one. It returns
// ErrUnreadable when no key fits.
func (k Keys) Open(sealed, purpose string) (plain string, current bool, err error) {
	if body, old := strings.CutPrefix(sealed, oldVersion); old {
		plain, err = k.openOld(body, purpose)
		return plain, false, err
	}
	id, body, found := strings.Cut(strings.TrimPrefix(sealed, version), ":")
	raw, decodeErr := base64.RawStdEncoding.DecodeString(body)
	if !strings.HasPrefix(sealed, version) || !found || decodeErr != nil {
		return "", false, ErrUnreadable
	}
	for i, key := range k.keys {
		if key.id != id {
			continue
		}
		if out, ok := open(key.seal, raw, purpose); ok {
			return out, i == 0, nil
		}
	}
	return "", false, ErrUnreadable
}

// openOld opens what was sealed under the keys themselves, before there were purposes
// of keys.
func (k Keys) openOld(body, purpose string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return "", ErrUnreadable
	}
	for _, key := range k.keys {
		gcm, err := aead(key.raw)
		if err != nil {
			return "", err
		}
		if out, ok := open(gcm, raw, purpose); ok {
			return out, nil
		}
	}
	return "", ErrUnreadable
}

func open(gcm cipher.AEAD, raw []byte, purpose string) (string, bool) {
	if len(raw) < gcm.NonceSize() {
		return "", false
	}
	out, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], []byte(purpose))
	return string(out), err == nil
}

// MACs returns one HMAC-SHA-256 of the message per key, the current key first,
// so that codes derived before a rotation still verify.
func (k Keys) MACs(purpose, message string) [][]byte {
	out := make([][]byte, 0, len(k.keys))
	for _, key := range k.keys {
		out = append(out, sum(key.raw, purpose, message))
	}
	return out
}

func aead(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return cipher.NewGCM(block)
}
