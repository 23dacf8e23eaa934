package routerossim

import (
	"crypto/md5" // what the router's login page uses
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// chap is what a login page asked a device to answer.
type chap struct {
	id        byte
	challenge [16]byte
	at        time.Time // last shown, by the router's clock
}

const chapLife = time.Hour

// chapOf is the device's challenge while it is good.
func (r *Router) chapOf(mac string) *chap {
	c := r.chaps[mac]
	if c == nil || r.now().Sub(c.at) >= chapLife {
		return nil
	}
	return c
}

// askChap returns a challenge to show: the same one until it is answered or
// dead, so that two tabs do not spoil each other.
func (r *Router) askChap(mac string) *chap {
	c := r.chapOf(mac)
	if c == nil {
		var b [17]byte
		_, _ = rand.Read(b[:]) // never fails
		c = &chap{id: b[0]}
		copy(c.challenge[:], b[1:])
		r.chaps[mac] = c
	}
	c.at = r.now()
	return c
}

// answer is what a browser sends instead of the password.
func (c *chap) answer(password string) string {
	sum := md5.Sum(append(append([]byte{c.id}, password...), c.challenge[:]...))
	return hex.EncodeToString(sum[:])
}

// octal writes bytes as a JavaScript string takes them.
func octal(raw ...byte) string {
	var b strings.Builder
	for _, c := range raw {
		fmt.Fprintf(&b, `\%03o`, c)
	}
	return b.String()
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
