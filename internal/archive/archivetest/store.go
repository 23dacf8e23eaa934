package archivetest

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what the protocol sends
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gerai/internal/clock"
)

// Key and Secret open the store.
const (
	Key    = "archive-test-key"
	Secret = "archive-test-secret-0123456789"
)

// Faults are what the store does wrong.
type Faults struct {
	Full    bool // refuses to keep anything
	Denied  bool // refuses the key
	Down    bool // breaks every connection
	CutPart int  // breaks the connection in the middle of so many requests that bring content
}

// Store is the store with one bucket.
type Store struct {
	Bucket string
	server *httptest.Server

	mu      sync.Mutex
	faults  Faults
	objects map[string][]byte
	uploads map[string]*upload
	next    int
	puts    int
}

type upload struct {
	key   string
	begun time.Time
	parts map[int][]byte
}

// New starts a store that speaks https, or http if plain.
func New(t testing.TB, bucket string, plain bool) *Store {
	t.Helper()
	s := &Store{Bucket: bucket, objects: map[string][]byte{}, uploads: map[string]*upload{}}
	if plain {
		s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	} else {
		s.server = httptest.NewTLSServer(http.HandlerFunc(s.serve))
	}
	t.Cleanup(s.server.Close)
	return s
}

// Address is the store as GERAI_BACKUP_TO names it.
func (s *Store) Address(prefix string) string {
	scheme, host, _ := strings.Cut(s.server.URL, "://")
	out := "s3://" + host + "/" + s.Bucket + "/" + prefix + "?region=us-east-1"
	if scheme == "http" {
		out += "&tls=off"
	}
	return out
}

// Transport trusts the store's certificate.
func (s *Store) Transport() http.RoundTripper { return s.server.Client().Transport }

// SetFaults replaces what goes wrong.
func (s *Store) SetFaults(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

// Keys lists what can be read, in order.
func (s *Store) Keys() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.objects {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// Uploads is how many uploads were begun and neither completed nor given up.
func (s *Store) Uploads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uploads)
}

// Puts is how many requests with content were answered.
func (s *Store) Puts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.puts
}

// Change replaces an object behind everybody's back; nil removes it.
func (s *Store) Change(key string, change func([]byte) []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content := change(slices.Clone(s.objects[key]))
	if content == nil {
		delete(s.objects, key)
		return
	}
	s.objects[key] = content
}

// Begin leaves an upload behind as a process that died would.
func (s *Store) Begin(key string, begun time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	s.uploads[strconv.Itoa(s.next)] = &upload{key: key, begun: begun, parts: map[int][]byte{}}
}

func (s *Store) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	faults := s.faults
	s.mu.Unlock()
	switch {
	case faults.Down:
		panic(http.ErrAbortHandler)
	case faults.Denied, !strings.Contains(r.Header.Get("Authorization"), "Credential="+Key+"/"):
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket != s.Bucket {
		refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	var content []byte
	if r.Method == http.MethodPut {
		if faults.Full {
			refuse(w, http.StatusInsufficientStorage, "QuotaExceeded")
			return
		}
		if faults.CutPart > 0 {
			s.cut()
			_, _ = io.CopyN(io.Discard, r.Body, 1000)
			panic(http.ErrAbortHandler)
		}
		var err error
		if content, err = body(r); err != nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		if want := r.Header.Get("Content-Md5"); want != "" && want != digest(content) {
			refuse(w, http.StatusBadRequest, "BadDigest")
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer(w, r, key, content)
}

func (s *Store) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.CutPart--
}

func (s *Store) answer(w http.ResponseWriter, r *http.Request, key string, content []byte) {
	q := r.URL.Query()
	u := s.uploads[q.Get("uploadId")]
	switch {
	case r.Method == http.MethodPost && q.Has("uploads"):
		s.next++
		id := strconv.Itoa(s.next)
		s.uploads[id] = &upload{key: key, begun: clock.System{}.Now(), parts: map[int][]byte{}}
		reply(w, struct {
			XMLName     xml.Name `xml:"InitiateMultipartUploadResult"`
			Bucket, Key string
			UploadId    string //nolint:revive // the protocol's name
		}{Bucket: s.Bucket, Key: key, UploadId: id})
	case q.Has("uploadId") && u == nil:
		refuse(w, http.StatusNotFound, "NoSuchUpload")
	case r.Method == http.MethodPut && u != nil:
		n, _ := strconv.Atoi(q.Get("partNumber"))
		u.parts[n] = content
		s.puts++
		w.Header().Set("ETag", etag(content))
	case r.Method == http.MethodPost && u != nil:
		var whole []byte
		for n := 1; n <= len(u.parts); n++ {
			whole = append(whole, u.parts[n]...)
		}
		s.objects[key] = whole
		delete(s.uploads, q.Get("uploadId"))
		reply(w, struct {
			XMLName           xml.Name `xml:"CompleteMultipartUploadResult"`
			Bucket, Key, ETag string
		}{Bucket: s.Bucket, Key: key, ETag: etag(whole)})
	case r.Method == http.MethodDelete && u != nil:
		delete(s.uploads, q.Get("uploadId"))
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		s.objects[key] = content
		s.puts++
		w.Header().Set("ETag", etag(content))
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet && key == "" && q.Has("uploads"):
		s.listUploads(w, q.Get("prefix"))
	case r.Method == http.MethodGet && key == "":
		s.list(w, q.Get("prefix"), q.Get("delimiter"))
	case s.objects[key] == nil:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("ETag", etag(s.objects[key]))
		http.ServeContent(w, r, "", time.Unix(1_700_000_000, 0), bytes.NewReader(s.objects[key]))
	}
}

func (s *Store) list(w http.ResponseWriter, prefix, delimiter string) {
	type object struct {
		Key, ETag, LastModified string
		Size                    int
	}
	out := struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		Name        string
		IsTruncated bool
		Contents    []object
	}{Name: s.Bucket}
	for key, content := range s.objects {
		if rest, ok := strings.CutPrefix(key, prefix); ok && (delimiter == "" || !strings.Contains(rest, delimiter)) {
			out.Contents = append(out.Contents, object{key, etag(content), time.Unix(1_700_000_000, 0).UTC().Format(time.RFC3339), len(content)})
		}
	}
	reply(w, out)
}

func (s *Store) listUploads(w http.ResponseWriter, prefix string) {
	type begun struct{ Key, UploadId, Initiated string } //nolint:revive // the protocol's names
	out := struct {
		XMLName     xml.Name `xml:"ListMultipartUploadsResult"`
		IsTruncated bool
		Upload      []begun
	}{}
	for id, u := range s.uploads {
		if strings.HasPrefix(u.key, prefix) {
			out.Upload = append(out.Upload, begun{u.key, id, u.begun.UTC().Format(time.RFC3339)})
		}
	}
	reply(w, out)
}

// body reads a request's content. Over http it comes in signed chunks.
func body(r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return raw, err
	}
	var out []byte
	for {
		head, rest, found := bytes.Cut(raw, []byte("\r\n"))
		size, err := strconv.ParseInt(strings.Split(string(head), ";")[0], 16, 32)
		if !found || err != nil || int64(len(rest)) < size {
			return nil, fmt.Errorf("bad chunk %.40q: %w", head, err)
		}
		if size == 0 {
			return out, nil
		}
		out, raw = append(out, rest[:size]...), bytes.TrimPrefix(rest[size:], []byte("\r\n"))
	}
}

func digest(b []byte) string {
	sum := md5.Sum(b) //nolint:gosec // what the protocol sends
	return base64.StdEncoding.EncodeToString(sum[:])
}

func etag(b []byte) string {
	sum := md5.Sum(b) //nolint:gosec // what the protocol sends
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/xml")
	_ = xml.NewEncoder(w).Encode(v) // the client notices what is missing
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_ = xml.NewEncoder(w).Encode(struct {
		XMLName       xml.Name `xml:"Error"`
		Code, Message string
	}{Code: code, Message: code})
}
