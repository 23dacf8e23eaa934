package ledger

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// Backoff doubles from first up to most and adds up to a fifth of jitter, so
// that many waiting jobs do not come back in step.
func Backoff(n int, first, most time.Duration) time.Duration {
	d := first
	for ; n > 0 && d < most; n-- {
		d *= 2
	}
	if d > most {
		d = most
	}
	var b [8]byte
	rand.Read(b[:])
	return d + time.Duration(binary.LittleEndian.Uint64(b[:])%uint64(d/5+1))
}
