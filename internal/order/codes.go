package order

import (
	"fmt"
	"io"
	"math/big"
	"strings"
)

// Symbols are the characters of every code that people read or type: upper-case
// letters and digits without 0, O, 1, I, L and U, thirty in all.
const Symbols = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeLength  = 8
	claimLength = 6
	userLength  = 7
	passLength  = 6
	tokenBytes  = 20
)

const (
	userSymbols = "23456789abcdefghjkmnpqrstvwxyz"
	passSymbols = "23456789"
	hexSymbols  = "0123456789abcdef"
)

// NewCode draws an order code: 8 symbols, 39 bits. The store refuses one that
// is taken.
func NewCode(random io.Reader) (Code, error) {
	s, err := draw(random, Symbols, codeLength)
	return Code(s), err
}

// NewUsername draws a hotspot user name: 7 lower-case symbols, 34 bits. One
// case only, because portal pages may force upper or lower case on entry; no
// hyphen, so it can never equal one of Gerai's own profile names.
func NewUsername(random io.Reader) (string, error) { return draw(random, userSymbols, userLength) }

// NewPassword draws a hotspot password: 6 digits, easy on a phone's number
// keys. Guessing needs the user name as well.
func NewPassword(random io.Reader) (string, error) { return draw(random, passSymbols, passLength) }

// ClaimCode turns a keyed MAC of the order's id into its claim code: 6 symbols, 29 bits.
// It is derived each time and never stored.
func ClaimCode(mac []byte) string { return number(mac, len(Symbols), claimLength) }

// Digits3 turns a MAC or hash into three digits 100 to 999 for router comments.
func Digits3(sum []byte) string {
	n := new(big.Int).Mod(new(big.Int).SetBytes(sum), big.NewInt(900)).Int64()
	return fmt.Sprintf("%03d", n+100)
}

// NormaliseCode upper-cases what a person typed and drops spaces and hyphens.
// ok is false when it cannot be a code of n symbols.
func NormaliseCode(typed string, n int) (string, bool) {
	s := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '.':
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, typed)
	if len(s) != n || strings.Trim(s, Symbols) != "" {
		return "", false
	}
	return s, true
}

// ParseCode reads an order code as typed.
func ParseCode(typed string) (Code, bool) {
	s, ok := NormaliseCode(typed, codeLength)
	return Code(s), ok
}

// ParseClaim reads a claim code as typed.
func ParseClaim(typed string) (string, bool) { return NormaliseCode(typed, claimLength) }

// ValidToken reports whether s has the shape of a token.
func ValidToken(s string) bool {
	return len(s) == 2*tokenBytes && strings.Trim(s, hexSymbols) == ""
}

// Pretty groups a code for reading: ABCD-EFGH.
func (c Code) Pretty() string {
	if len(c) != codeLength {
		return string(c)
	}
	return string(c[:4]) + "-" + string(c[4:])
}

func number(sum []byte, base, length int) string {
	n := new(big.Int).SetBytes(sum)
	b := big.NewInt(int64(base))
	out := make([]byte, length)
	for i := range out {
		digit := new(big.Int)
		n.DivMod(n, b, digit)
		out[i] = Symbols[digit.Int64()]
	}
	return string(out)
}

// draw picks symbols without bias by throwing away bytes past the last full
// multiple of the alphabet.
func draw(random io.Reader, alphabet string, length int) (string, error) {
	out := make([]byte, 0, length)
	limit := 256 - 256%len(alphabet)
	buf := make([]byte, length)
	for len(out) < length {
		if _, err := io.ReadFull(random, buf); err != nil {
			return "", fmt.Errorf("order: drawing a code: %w", err)
		}
		for _, b := range buf {
			if int(b) < limit && len(out) < length {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out), nil
}
