package routeros

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"
	"unicode"

	ros "github.com/go-routeros/routeros/v3"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// conn is one logged-in connection, used by one goroutine at a time.
type conn struct {
	client *ros.Client
	cap    *cappedConn
	idle   time.Time // since when it rests in the pool
}

func (c *conn) close() { _ = c.client.Close() } // the connection is given up either way

// cappedConn refuses to read more than the cap between two commands: the
// library would allocate whatever length a broken peer announces, but it reads
// the bytes through here first.
type cappedConn struct {
	*lengthGuard
	left   int64
	taken  int64 // of this reply
	bounds replyBounds
}

// replyBounds are what one reply may hold in memory.
type replyBounds struct {
	bytes       int64
	rows, words int
}

// reply begins a reply that is kept in memory as a whole.
func (c *cappedConn) reply() {
	c.left, c.taken = c.bounds.bytes, 0
	c.begin(c.bounds.rows, c.bounds.words)
}

// listing begins a reply whose rows are handed on one by one.
func (c *cappedConn) listing() {
	c.left, c.taken = mostStreamed*c.bounds.bytes, 0
	c.begin(c.bounds.rows, 0)
}

// Read implements io.Reader.
func (c *cappedConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	if int64(len(b)) > c.left {
		b = b[:c.left]
	}
	n, err := c.lengthGuard.Read(b)
	c.left -= int64(n)
	c.taken += int64(n)
	return n, err
}

func identity(r hotspot.Router) string {
	sum := sha256.Sum256([]byte(r.Address + "\x00" + r.User + "\x00" + r.Password + "\x00" + strconv.FormatBool(r.TLS) + "\x00" + r.Fingerprint))
	return hex.EncodeToString(sum[:])
}

// dial connects and logs in. The library's own dialling bounds neither the login nor a
// silent peer, so the deadline is set on the connection.
//
// Address and account are typed values and are sent as they are: with line breaks in
// them another service would obey them.
func (d *Driver) dial(ctx context.Context, r hotspot.Router) (*conn, error) {
	if strings.ContainsFunc(r.User+r.Password, unicode.IsControl) {
		return nil, fault.Wrap(fault.Config, "router.login_rejected", errors.New("control characters in user name or password"))
	}
	dialCtx, cancel := context.WithTimeout(ctx, d.o.DialTimeout)
	defer cancel()
	raw, err := d.open(dialCtx, r)
	if err != nil {
		return nil, err
	}
	capped := &cappedConn{lengthGuard: newLengthGuard(raw), bounds: replyBounds{bytes: d.o.MaxReply, rows: d.o.MaxRows, words: d.o.MaxWords}}
	capped.reply()
	client, err := ros.NewClient(capped)
	if err != nil {
		_ = raw.Close()
		return nil, fault.Wrap(fault.Unavailable, "router.unreachable", err)
	}
	client.SetLogHandler(slog.DiscardHandler)
	c := &conn{client: client, cap: capped}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	if err := raw.SetDeadline(earlier(ctx, time.Now().Add(d.o.CallTimeout))); err != nil {
		c.close()
		return nil, fault.Wrap(fault.Unavailable, "router.unreachable", err)
	}
	if err := client.Login(r.User, r.Password); err != nil {
		c.close()
		return nil, loginError(err)
	}
	return c, nil
}

func (d *Driver) open(ctx context.Context, r hotspot.Router) (net.Conn, error) {
	dialer := &net.Dialer{KeepAlive: 15 * time.Second}
	if !r.TLS {
		c, err := dialer.DialContext(ctx, "tcp", r.Address)
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, "router.unreachable", err)
		}
		return c, nil
	}
	c, err := (&tls.Dialer{NetDialer: dialer, Config: pinned(r.Fingerprint)}).DialContext(ctx, "tcp", r.Address)
	if errors.Is(err, errPin) {
		return nil, hotspot.ErrCertificate.With(err)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "router.unreachable", err)
	}
	return c, nil
}

var errPin = errors.New("certificate is not the pinned one")

// pinned trusts exactly one certificate. Routers carry self-signed ones whose
// names rarely match, so the usual chain check proves nothing.
func pinned(fingerprint string) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // replaced by the pin below, checked on every handshake
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return errPin
			}
			sum := sha256.Sum256(s.PeerCertificates[0].Raw)
			if subtle.ConstantTimeCompare([]byte(hex.EncodeToString(sum[:])), []byte(fingerprint)) != 1 {
				return errPin
			}
			return nil
		},
	}
}

func earlier(ctx context.Context, t time.Time) time.Time {
	if limit, ok := ctx.Deadline(); ok && limit.Before(t) {
		return limit
	}
	return t
}

func loginError(err error) error {
	var trap *ros.DeviceError
	if errors.As(err, &trap) && trap.Sentence.Word == "!trap" {
		return fault.Wrap(fault.Config, "router.login_rejected", fmt.Errorf("login: %s", message(trap)))
	}
	return fault.Wrap(fault.Unavailable, "router.unreachable", fmt.Errorf("login: %w", err))
}
