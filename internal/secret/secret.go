package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"gerai/internal/mistake"
)

// KeySize is the length of one key in bytes.
const KeySize = 32

// ErrUnreadable means no key of the list opens the sealed value.
var ErrUnreadable = errors.New("secret: sealed under a key that is not configured, or damaged")

const version = "v1:"

// Keys is a list of keys: the first seals, all of them open.
type Keys struct{ keys [][]byte }

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
		k.keys = append(k.keys, raw)
	}
	if Trivial(k.keys[0]) {
		return Keys{}, mistake.New("secret: key 1 can be guessed: it repeats or counts; put a key made by 'openssl rand -base64 32' in front of it, so that what it sealed is read once more")
	}
	return k, nil
}

// Weak returns the positions, from 1, of keys that can be guessed.
func (k Keys) Weak() (positions []int) {
	for i, key := range k.keys {
		if Trivial(key) {
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

// Seal encrypts plain for one purpose, for example "router:01H…". A value
// moved to another purpose cannot be opened.
func (k Keys) Seal(plain, purpose string) (string, error) {
	if len(k.keys) == 0 {
		return "", errors.New("secret: no key")
	}
	gcm, err := aead(k.keys[0])
	if err != nil {
		return "", err
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return version + base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(plain), []byte(purpose))), nil
}

// Open decrypts a sealed value; current is false when an older key was needed and the
// value should be sealed again. It returns ErrUnreadable when no key fits.
func (k Keys) Open(sealed, purpose string) (plain string, current bool, err error) {
	body, found := strings.CutPrefix(sealed, version)
	raw, decodeErr := base64.StdEncoding.DecodeString(body)
	if !found || decodeErr != nil {
		return "", false, ErrUnreadable
	}
	for i, key := range k.keys {
		gcm, err := aead(key)
		if err != nil {
			return "", false, err
		}
		if len(raw) < gcm.NonceSize() {
			return "", false, ErrUnreadable
		}
		out, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], []byte(purpose))
		if err == nil {
			return string(out), i == 0, nil
		}
	}
	return "", false, ErrUnreadable
}

// MACs returns one HMAC-SHA-256 of the message per key, the current key first,
// so that codes derived before a rotation still verify.
func (k Keys) MACs(purpose, message string) [][]byte {
	out := make([][]byte, 0, len(k.keys))
	for _, key := range k.keys {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(purpose + "\x00" + message))
		out = append(out, m.Sum(nil))
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
