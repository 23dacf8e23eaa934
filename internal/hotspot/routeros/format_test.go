package routeros

import (
	"bytes"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"gerai/internal/hotspot"
)

func TestDurations(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", -5: "0s", time.Second: "1s", 90 * time.Minute: "1h30m", 24 * time.Hour: "1d", 8*24*time.Hour + 3*time.Second: "1w1d3s", 999 * time.Millisecond: "0s"} {
		if got := duration(d); got != want {
			t.Errorf("%s: %q", d, got)
		}
	}
	for s, want := range map[string]time.Duration{"": 0, "none": 0, "0s": 0, "1h30m": 90 * time.Minute, "1w2d3h4m5s": 788645 * time.Second, "00:01:30": 90 * time.Second, "1d02:03:04": 93784 * time.Second, "1d 02:03:04": 93784 * time.Second, "3s200ms": 3 * time.Second} {
		if got := parseDuration(s); got != want {
			t.Errorf("%q: %s", s, got)
		}
	}
}

func TestClock(t *testing.T) {
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, r := range []row{{"date": "jan/02/2026", "time": "10:04:05", "gmt-offset": "+07:00"}, {"date": "2026-01-02", "time": "10:04:05", "gmt-offset": "+07:00"}, {"date": "2026-01-01", "time": "22:04:05", "gmt-offset": "-05:00"}, {"date": "2026-01-02", "time": "03:04:05"}} {
		if got, ok := parseClock(r); !ok || !got.Equal(want) {
			t.Errorf("%v: %s %v", r, got, ok)
		}
	}
	if _, ok := parseClock(row{"date": "soon"}); ok {
		t.Error("accepted")
	}
}

func TestMetadataForMikhmon(t *testing.T) {
	if got := metadata(hotspot.Profile{Price: 5000, Validity: 36 * time.Hour}); got != `:put (",,5000,1d12h,5000,noexp,Disable,")` {
		t.Fatal(got)
	}
}

// stream is a connection that only gives bytes.
type stream struct {
	net.Conn
	r io.Reader
}

func (s stream) Read(b []byte) (int, error) { return s.r.Read(b) }

func through(data []byte, chunk int) ([]byte, error) {
	g := newLengthGuard(stream{r: bytes.NewReader(data)})
	var out []byte
	buf := make([]byte, chunk)
	for {
		n, err := g.Read(buf)
		out = append(out, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
	}
}

func TestLengthGuard(t *testing.T) {
	good := append([]byte{5}, "!done"...)
	good = append(good, 0)
	good = append(good, 0x81, 0x00)
	good = append(good, bytes.Repeat([]byte{'x'}, 256)...)
	for chunk := 1; chunk < 10; chunk++ {
		if out, err := through(good, chunk); err != nil || !bytes.Equal(out, good) {
			t.Fatalf("chunk %d: %v", chunk, err)
		}
	}
	for name, bad := range map[string][]byte{"reserved": {0xF8}, "4 GiB": {0xF0, 0xFF, 0xFF, 0xFF, 0xFF}, "256 MiB": {0xF0, 0x10, 0, 0, 0}, "2 MiB": {0xE0, 0x20, 0, 0}} {
		if _, err := through(append(append([]byte{}, good...), bad...), 7); !errors.Is(err, errLength) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzLengthGuard(f *testing.F) {
	f.Add([]byte{5, '!', 'd', 'o', 'n', 'e', 0}, 3)
	f.Add([]byte{0xE0, 0x20, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, data []byte, chunk int) {
		if chunk < 1 || chunk > 64 {
			return
		}
		out, err := through(data, chunk)
		whole, wholeErr := through(data, 64)
		if err == nil && wholeErr == nil && !bytes.Equal(out, whole) {
			t.Fatal("depends on how the bytes arrive")
		}
		if err == nil && !bytes.Equal(out, data) {
			t.Fatal("changed what passes through")
		}
		if (err == nil) != (wholeErr == nil) {
			t.Fatal("judges by how the bytes arrive")
		}
	})
}
