package storefront

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	nonceTime   = 8  // hex digits of the second it was made in
	nonceRandom = 16 // symbols of 80 random bits
	nonceLength = nonceTime + nonceRandom
	// nonceReuse is how long a browser may show a form again from its own
	// memory. A form sent twice makes one order; after this time a visitor
	// who comes back gets a new form and may order the same thing again.
	nonceReuse = 60 * time.Second
)

var nonceSymbols = base32.HexEncoding.WithPadding(base32.NoPadding)

// newNonce makes a form recognisable: its time, then chance.
func newNonce(random io.Reader, now time.Time) (string, error) {
	b := make([]byte, nonceRandom*5/8)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("storefront: drawing a nonce: %w", err)
	}
	var second [4]byte
	binary.BigEndian.PutUint32(second[:], uint32(now.Unix()))
	out := hex.AppendEncode(make([]byte, 0, nonceLength), second[:])
	return string(nonceSymbols.AppendEncode(out, b)), nil
}

// youngNonce reports whether a nonce was made less than nonceReuse ago.
func youngNonce(nonce string, now time.Time) bool {
	if len(nonce) != nonceLength {
		return false
	}
	at, err := strconv.ParseUint(nonce[:nonceTime], 16, 32)
	if err != nil {
		return false
	}
	age := now.Sub(time.Unix(int64(at), 0))
	return age >= 0 && age < nonceReuse
}

// heldForm reads If-None-Match: does the browser hold this very page with a
// form that is still young?
func heldForm(header, tag string, now time.Time) (nonce string, held bool) {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.Trim(strings.TrimPrefix(strings.TrimSpace(part), "W/"), `"`)
		if nonce, found := strings.CutPrefix(part, tag+"."); found && youngNonce(nonce, now) {
			return nonce, true
		}
	}
	return "", false
}
