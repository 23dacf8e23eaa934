package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is the work that one Argon2id hash takes.
type Cost struct {
	Time   uint32
	Memory uint32 // KiB
}

// DefaultCost is what RFC 9106 section 4 recommends for limited memory, with 19 MiB so
// that a small server survives several sign-ins at once (OWASP password storage cheat
// sheet).
var DefaultCost = Cost{Time: 2, Memory: 19 << 10}

// LeastCost is what Argon2 can do at least, for tests that are about something else.
var LeastCost = Cost{Time: 1, Memory: 8}

const (
	argonThreads = 1
	keyLength    = 32
	saltLength   = 16
)

// SetPasswordCost has passwords hashed at another cost from now on, and unknown accounts
// take as long. It is called before the first sign-in.
func (o *Accounts) SetPasswordCost(c Cost) { o.cost, o.decoy = c, c.decoyHash() }

// MinPassword is the shortest password accepted, in characters.
const MinPassword = 12

func (c Cost) hashPassword(password string) string {
	salt := random(saltLength)
	return c.written(salt, argon2.IDKey([]byte(password), salt, c.Time, c.Memory, argonThreads, keyLength))
}

// decoyHash is a hash that no password is known for. Comparing with it costs as
// much as with a real one; making it costs nothing.
func (c Cost) decoyHash() string { return c.written(random(saltLength), random(keyLength)) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func (c Cost) written(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// checkPassword compares in constant time; parameters are read from the hash so
// that old hashes keep working when the constants grow.
func checkPassword(hash, password string) bool {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, time uint32
	var threads uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || memory > 1<<20 || time > 16 || time == 0 || threads == 0 {
		return false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	want, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}
