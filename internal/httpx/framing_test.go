package httpx

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// counted is a server whose handlers count what reached them.
type counted struct {
	addr    string
	handled atomic.Int32 // handlers that ran
	hidden  atomic.Int32 // the one only a smuggled request asks for
}

func countingServer(t *testing.T) *counted {
	t.Helper()
	out := &counted{}
	app := NewServer(Options{BodyLimit: 8 << 10})
	app.All("/hidden", func(c *fiber.Ctx) error { out.hidden.Add(1); return c.SendString("hidden") })
	app.All("/*", func(c *fiber.Ctx) error {
		out.handled.Add(1)
		return c.SendString(fmt.Sprintf("%d bytes, field %q, client %s", len(c.Body()), c.FormValue("a"), c.Get("X-Forwarded-For")))
	})
	out.addr = listen(t, app, nil)
	return out
}

// raw sends bytes as they are and returns every answer until the server closes
// the connection or would wait for another request.
func raw(t *testing.T, addr, request string) (statuses []int, closed bool) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(15 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	conn.(*net.TCPConn).CloseWrite() // what is incomplete then stays so
	in := bufio.NewReader(conn)
	for {
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses, true
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
		statuses = append(statuses, res.StatusCode)
		closed = closed || res.Close
	}
}

// smuggled is the second request that an ambiguous first one hides.
const smuggled = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"

// Requests whose end two programs read differently, or that name two hosts, are
// refused: behind a proxy the bytes after them would be another client's request.
func TestAmbiguousFramingIsRefused(t *testing.T) {
	chunk := fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(smuggled), smuggled)
	for name, request := range map[string]string{
		"length and chunked":              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
		"chunked and length":              "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + smuggled,
		"chunked and length zero":         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
		"identity and length":             "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + smuggled,
		"identity alone":                  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n" + smuggled,
		"gzip, chunked":                   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk,
		"chunked twice":                   "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n" + chunk,
		"two transfer codings":            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunk,
		"xchunked":                        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + chunk,
		"chunked with a vertical tab":     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n" + chunk,
		"coding with a space in its name": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\nContent-Length: 0\r\n\r\n" + chunk,
		"coding in a folded line":         "POST / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n" + chunk,
		"folded value":                    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + chunk,
		"HTTP/1.0 and chunked":            "POST / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
		"two lengths":                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n" + smuggled,
		"the same length twice":           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx" + smuggled,
		"list of lengths":                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\nx" + smuggled,
		"signed length":                   "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\nx" + smuggled,
		"negative length":                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nx" + smuggled,
		"hexadecimal length":              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\nx" + smuggled,
		"empty length":                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\n" + smuggled,
		"two hosts":                       "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + smuggled,
		"the same host twice":             "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n" + smuggled,
		"no host":                         "GET / HTTP/1.1\r\nX-A: b\r\n\r\n" + smuggled,
		"another host in the target":      "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n" + smuggled,
		"bare LF after the request line":  "GET / HTTP/1.1\nHost: x\r\n\r\n" + smuggled,
		"bare LF after a header":          "POST / HTTP/1.1\r\nHost: x\nContent-Length: 0\r\n\r\n" + smuggled,
		"bare LF ends the headers":        "GET / HTTP/1.1\r\nHost: x\r\n\n" + smuggled,
		"LF alone everywhere":             "GET / HTTP/1.1\nHost: x\n\n" + smuggled,
		"bare CR in a value":              "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n" + smuggled,
		"NUL in a value":                  "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n" + smuggled,
		"bare LF after a chunk's size":    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n" + smuggled,
		"bare LF after a chunk":           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n" + smuggled,
		"size of a chunk with a sign":     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n" + smuggled,
		"size of a chunk that overflows":  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n" + smuggled,
		"headers after the body, named":   "POST / HTTP/1.1\r\nHost: x\r\nTrailer: X-Forwarded-For\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n" + smuggled,
		"headers after the body":          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n" + smuggled,
		"any header after the body":       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Csrf-Token: y\r\n\r\n" + smuggled,
		"a header after the body, named":  "POST / HTTP/1.1\r\nHost: x\r\nTrailer: Origin\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nOrigin: http://x\r\n\r\n" + smuggled,
		"a space in a header's name":      "GET / HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n" + smuggled,
		"a control in a header's name":    "GET / HTTP/1.1\r\nHost: x\r\nX\x0bA: b\r\n\r\n" + smuggled,
		"a letter with an accent in it":   "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Enc\xf3ding: b\r\n\r\n" + smuggled,
		"no version":                      "GET /\r\n\r\n" + smuggled,
		"another version":                 "GET / HTTP/1.2\r\nHost: x\r\n\r\n" + smuggled,
		"two spaces in the request line":  "GET  / HTTP/1.1\r\nHost: x\r\n\r\n" + smuggled,
		"colon missing":                   "GET / HTTP/1.1\r\nHost: x\r\nX-A\r\n\r\n" + smuggled,
	} {
		t.Run(name, func(t *testing.T) {
			s := countingServer(t)
			statuses, closed := raw(t, s.addr, request)
			if len(statuses) > 1 || len(statuses) == 1 && statuses[0] != 400 || !closed {
				t.Errorf("answered %v, closed %v", statuses, closed)
			}
			if s.handled.Load() != 0 || s.hidden.Load() != 0 {
				t.Errorf("%d handlers ran, %d for the hidden request", s.handled.Load(), s.hidden.Load())
			}
		})
	}
}

// What browsers, proxies and the gateway send passes.
func TestPlainFramingIsTaken(t *testing.T) {
	form := "Content-Type: application/x-www-form-urlencoded\r\n"
	for name, request := range map[string]string{
		"get":                    "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
		"HTTP/1.0 without host":  "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"the whole address":      "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
		"length":                 "POST / HTTP/1.1\r\nHost: x\r\n" + form + "Content-Length: 3\r\n\r\na=b",
		"length zero":            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
		"post without a length":  "POST / HTTP/1.1\r\nHost: x\r\n\r\n",
		"chunked":                "POST / HTTP/1.1\r\nHost: x\r\n" + form + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\n=b\r\n0\r\n\r\n",
		"chunked, empty":         "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
		"identity":               "POST / HTTP/1.1\r\nHost: x\r\n" + form + "Content-Encoding: identity\r\nContent-Length: 3\r\n\r\na=b",
		"empty content encoding": "POST / HTTP/1.1\r\nHost: x\r\n" + form + "Content-Encoding:\r\nContent-Length: 3\r\n\r\na=b",
	} {
		t.Run(name, func(t *testing.T) {
			s := countingServer(t)
			if statuses, _ := raw(t, s.addr, request+"GET /second HTTP/1.1\r\nHost: x\r\n\r\n"); fmt.Sprint(statuses) != "[200 200]" || s.handled.Load() != 2 {
				t.Errorf("answered %v, %d handlers ran", statuses, s.handled.Load())
			}
		})
	}
}

// A packed body is refused before any handler and never unpacked, however it is
// packed, framed and named.
func TestPackedBodiesAreRefused(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte("a=" + strings.Repeat("b", 1<<20))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	body := packed.String()
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	form := "Content-Type: application/x-www-form-urlencoded\r\n"
	multipart := "Content-Type: multipart/form-data; boundary=b\r\n"
	for name, rest := range map[string]string{
		"gzip":                     form + "Content-Encoding: gzip\r\n" + length,
		"in capitals":              form + "CONTENT-ENCODING: GZIP\r\n" + length,
		"multipart":                multipart + "Content-Encoding: gzip\r\n" + length,
		"multipart, brotli":        multipart + "Content-Encoding: br\r\n" + length,
		"multipart, zstd":          multipart + "Content-Encoding: zstd\r\n" + length,
		"brotli":                   form + "Content-Encoding: br\r\n" + length,
		"zstd":                     form + "Content-Encoding: zstd\r\n" + length,
		"deflate":                  form + "Content-Encoding: deflate\r\n" + length,
		"twice":                    form + "Content-Encoding: gzip, gzip\r\n" + length,
		"on two lines":             form + "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n" + length,
		"on two lines, other way":  form + "Content-Encoding: gzip\r\nContent-Encoding: identity\r\n" + length,
		"identity and gzip":        form + "Content-Encoding: identity, gzip\r\n" + length,
		"unknown":                  form + "Content-Encoding: rot13\r\n" + length,
		"no body":                  "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
		"chunked":                  form + "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body),
		"after waiting for leave":  form + "Expect: 100-continue\r\nContent-Encoding: gzip\r\n" + length,
		"named in what is between": form + "X-A: b\r\nContent-Encoding: x-gzip\r\n" + length,
	} {
		for _, method := range []string{"POST", "PUT", "GET"} {
			t.Run(method+" "+name, func(t *testing.T) {
				s := countingServer(t)
				statuses, _ := raw(t, s.addr, method+" / HTTP/1.1\r\nHost: x\r\n"+rest)
				if len(statuses) > 0 && statuses[0] == 100 {
					statuses = statuses[1:]
				}
				if fmt.Sprint(statuses) != "[415]" || s.handled.Load() != 0 {
					t.Errorf("answered %v, %d handlers ran", statuses, s.handled.Load())
				}
			})
		}
	}
}
