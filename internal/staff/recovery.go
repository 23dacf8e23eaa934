package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"gerai/internal/store"
)

// Recovery codes: ten, each of 16 symbols of 5 bits, so 80 bits. The symbols
// are Crockford's, which cannot be taken for each other on paper.
const (
	recoveryCodes   = 10
	recoverySymbols = 16
	recoveryAlpha   = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// RecoveryCodes is how many there are when they are new.
const RecoveryCodes = recoveryCodes

// newRecovery replaces a person's codes and returns them, to be shown once.
func newRecovery(ctx context.Context, tx *store.Tx, staffID string) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		raw := make([]byte, recoverySymbols)
		rand.Read(raw)
		var b strings.Builder
		for j, x := range raw {
			if j > 0 && j%4 == 0 {
				b.WriteByte('-')
			}
			b.WriteByte(recoveryAlpha[x%32]) // 256 is a multiple of 32: no symbol is likelier
		}
		codes[i] = b.String()
		hashes[i] = hashRecovery(staffID, strings.ReplaceAll(codes[i], "-", ""))
	}
	return codes, tx.PutRecoveryCodes(ctx, staffID, hashes)
}

// hashRecovery needs no slow hash: 80 random bits cannot be tried out.
func hashRecovery(staffID, code string) string {
	sum := sha256.Sum256([]byte(staffID + "\x00" + code))
	return hex.EncodeToString(sum[:])
}

// readCode tells a six-digit code from a recovery code, however it was typed;
// both are "" when it is neither.
func readCode(typed string) (digits, recovery string) {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		case ' ', '-', '\t':
			continue
		}
		if r > 'Z' || !strings.ContainsRune(recoveryAlpha, r) || b.Len() > recoverySymbols {
			return "", ""
		}
		b.WriteRune(r)
	}
	switch s := b.String(); {
	case len(s) == totpDigits.Length() && strings.Trim(s, "0123456789") == "":
		return s, ""
	case len(s) == recoverySymbols:
		return "", s
	}
	return "", ""
}
