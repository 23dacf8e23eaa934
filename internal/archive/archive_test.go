package archive_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"gerai/internal/archive"
	"gerai/internal/backup"
	"gerai/internal/testenv"
)

var ctx = context.Background()

// anything accepts each manifest.
func anything(backup.Manifest) error { return nil }

// sample is a manifest and the payload that it is about, which packs badly.
func sample(bytes int) (backup.Manifest, []byte) {
	payload := make([]byte, bytes)
	r := rand.NewChaCha8([32]byte{1})
	_, _ = r.Read(payload)
	sum := sha256.Sum256(payload)
	return backup.Manifest{Format: backup.Format, Series: "toko", TakenAt: time.Date(2026, 12, 1, 20, 0, 3, 0, time.UTC),
		Contents: backup.Contents{Engine: backup.SQLite, Schema: 28, Tables: map[string]int64{"orders": 7}, Audit: backup.AuditHead{Seq: 3, Hash: "abc"}},
		Payload:  backup.Payload{Name: backup.PayloadSQLite, Bytes: int64(bytes), SHA256: hex.EncodeToString(sum[:])}}, payload
}

func pair(t testing.TB) (archive.Recipient, archive.Identity) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id.Recipient(), id
}

func pack(t testing.TB, m backup.Manifest, payload []byte, recipients ...archive.Recipient) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := archive.Write(&out, nil, m, bytes.NewReader(payload), recipients); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t testing.TB, packed []byte, identities ...archive.Identity) (backup.Manifest, []byte, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "payload")
	m, err := archive.Unpack(ctx, bytes.NewReader(packed), identities, path, anything)
	got, readErr := os.ReadFile(path)
	if err != nil && !errors.Is(readErr, os.ErrNotExist) {
		t.Errorf("a payload was left of what is not whole: %v", readErr)
	}
	return m, got, err
}

func TestRoundTrip(t *testing.T) {
	one, key := pair(t)
	two, spare := pair(t)
	for name, c := range map[string]struct {
		to   []archive.Recipient
		with []archive.Identity
	}{"not encrypted": {nil, nil}, "not encrypted, a key at hand": {nil, []archive.Identity{key}}, "encrypted": {[]archive.Recipient{one}, []archive.Identity{key}},
		"the spare key": {[]archive.Recipient{one, two}, []archive.Identity{spare}}} {
		t.Run(name, func(t *testing.T) {
			for _, size := range []int{1, 64 << 10, 3<<20 + 7} {
				m, payload := sample(size)
				packed := pack(t, m, payload, c.to...)
				got, back, err := unpack(t, packed, c.with...)
				if err != nil || !bytes.Equal(back, payload) {
					t.Fatalf("%d bytes: %v", size, err)
				}
				if d := m.Differences(got.Contents); len(d) != 0 || got.Payload != m.Payload || !got.TakenAt.Equal(m.TakenAt) || got.Series != m.Series {
					t.Errorf("%+v", got)
				}
				if len(c.to) > 0 && (bytes.Contains(packed, []byte("toko")) || !bytes.HasPrefix(packed, []byte("age-encryption.org/v1"))) {
					t.Error("it is not encrypted")
				}
			}
		})
	}
}

// What the drill is given is the archive as it is before it is encrypted.
func TestPlainBeside(t *testing.T) {
	to, key := pair(t)
	m, payload := sample(1 << 20)
	var sealed, plain bytes.Buffer
	if err := archive.Write(&sealed, &plain, m, bytes.NewReader(payload), []archive.Recipient{to}); err != nil {
		t.Fatal(err)
	}
	if _, back, err := unpack(t, plain.Bytes()); err != nil || !bytes.Equal(back, payload) {
		t.Error(err)
	}
	if _, back, err := unpack(t, sealed.Bytes(), key); err != nil || !bytes.Equal(back, payload) {
		t.Error(err)
	}
}

func TestWrongKeys(t *testing.T) {
	to, _ := pair(t)
	_, other := pair(t)
	m, payload := sample(1000)
	packed := pack(t, m, payload, to)
	if _, _, err := unpack(t, packed, other); !errors.Is(err, backup.ErrIdentityWrong) {
		t.Error(err)
	}
	if _, _, err := unpack(t, packed); !errors.Is(err, backup.ErrIdentityNeeded) {
		t.Error(err)
	}
	if _, err := archive.Identities(strings.NewReader("age1notasecret\n")); !errors.Is(err, backup.ErrIdentityWrong) {
		t.Error(err)
	}
	if _, err := archive.Recipients([]string{"AGE-SECRET-KEY-1X"}); err == nil {
		t.Error("a private key is no recipient")
	}
}

// Wherever an archive is cut off or a bit flips, nothing comes out of it.
func TestDamage(t *testing.T) {
	to, key := pair(t)
	m, payload := sample(200 << 10)
	for name, packed := range map[string][]byte{"encrypted": pack(t, m, payload, to), "not encrypted": pack(t, m, payload)} {
		t.Run(name, func(t *testing.T) {
			n := len(packed)
			cuts := []int{0, 1, 10, 100, 300, n / 3, n / 2, n - 70<<10, n - 1000, n - 17, n - 16, n - 4, n - 1}
			for _, at := range cuts {
				if _, _, err := unpack(t, packed[:at], key); !errors.Is(err, backup.ErrDamaged) {
					t.Errorf("cut off at %d of %d: %v", at, n, err)
				}
			}
			r := rand.New(rand.NewPCG(1, 2))
			for range 200 {
				at := r.IntN(n)
				flipped := slices.Clone(packed)
				flipped[at] ^= 1 << r.IntN(8)
				_, back, err := unpack(t, flipped, key)
				switch {
				case err == nil && bytes.Equal(back, payload): // the tail of a block that no content lies in
				case errors.Is(err, backup.ErrDamaged), errors.Is(err, backup.ErrIdentityWrong) && at < 300, errors.Is(err, backup.ErrNewer):
				default:
					t.Errorf("bit flipped at %d of %d: %v", at, n, err)
				}
			}
			if _, _, err := unpack(t, append(slices.Clone(packed), "more"...), key); !errors.Is(err, backup.ErrDamaged) {
				t.Errorf("something behind it: %v", err)
			}
		})
	}
	if _, _, err := unpack(t, []byte("SQLite format 3\x00"), key); !errors.Is(err, backup.ErrDamaged) {
		t.Error(err)
	}
}

// A manifest that lies about its payload, or comes from a later program.
func TestLies(t *testing.T) {
	m, payload := sample(5000)
	other := m
	other.Payload.SHA256 = strings.Repeat("0", 64)
	if _, _, err := unpack(t, pack(t, other, payload)); !errors.Is(err, backup.ErrDamaged) {
		t.Error(err)
	}
	newer := m
	newer.Format++
	if _, _, err := unpack(t, pack(t, newer, payload)); !errors.Is(err, backup.ErrNewer) {
		t.Error(err)
	}
	var out bytes.Buffer
	if err := archive.Write(&out, nil, m, bytes.NewReader(payload[:4000]), nil); err == nil {
		t.Error("a payload that is too short was packed")
	}
	if err := archive.Write(&out, nil, m, io.MultiReader(bytes.NewReader(payload), strings.NewReader("x")), nil); err == nil {
		t.Error("a payload that is too long was packed")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := archive.Unpack(ended, bytes.NewReader(pack(t, m, payload)), nil, filepath.Join(t.TempDir(), "x"), anything); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := archive.Unpack(ctx, bytes.NewReader(nil), nil, filepath.Join(t.TempDir(), "no", "x"), anything); !errors.Is(err, backup.ErrUnreachable) {
		t.Error(err)
	}
}

// What is refused by its manifest is not read further, and nothing but plain files, their
// bytes and the filling of a block makes an archive.
func TestHostileArchives(t *testing.T) {
	m, payload := sample(5000)
	refused := errors.New("not ours")
	path := filepath.Join(t.TempDir(), "payload")
	large, random := sample(1 << 20)
	whole := pack(t, large, random)
	if _, err := archive.Unpack(ctx, bytes.NewReader(whole[:len(whole)/2]), nil, path, func(backup.Manifest) error { return refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	build := func(after int, heads ...tar.Header) []byte {
		var out bytes.Buffer
		small, err := zstd.NewWriter(&out)
		if err != nil {
			t.Fatal(err)
		}
		files := tar.NewWriter(small)
		for i, h := range heads {
			if err := files.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
			if h.Size > 0 {
				if _, err := files.Write([][]byte{text, payload}[i]); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := errors.Join(files.Close(), zeros(small, after), small.Close()); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	manifest, content := tar.Header{Name: "manifest.json", Size: int64(len(text)), Mode: 0o600}, tar.Header{Name: m.Payload.Name, Size: m.Payload.Bytes, Mode: 0o600}
	if _, back, err := unpack(t, build(100<<10, manifest, content)); err != nil || !bytes.Equal(back, payload) {
		t.Error("with a filled block:", err)
	}
	link := content
	link.Typeflag, link.Linkname, link.Size = tar.TypeSymlink, "/etc/passwd", 0
	special := manifest
	special.Typeflag, special.Size = tar.TypeFifo, 0
	for name, packed := range map[string][]byte{"a link as the payload": build(0, manifest, link), "a pipe as the manifest": build(0, special, content),
		"megabytes behind the end": build(64<<20, manifest, content)} {
		began := time.Now()
		if _, _, err := unpack(t, packed); !errors.Is(err, backup.ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %d bytes, %s", name, len(packed), time.Since(began).Round(time.Millisecond))
	}
}

func zeros(w io.Writer, n int) error {
	block := make([]byte, 1<<20)
	for ; n > 0; n -= len(block) {
		if _, err := w.Write(block[:min(n, len(block))]); err != nil {
			return err
		}
	}
	return nil
}

// A disk that takes no more says so, and nothing is left there. The limit is one of a
// process, so another one runs into it.
func TestFullDisk(t *testing.T) {
	const env = "GERAI_TEST_FULL_DISK"
	m, payload := sample(1 << 20)
	if dir := os.Getenv(env); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		packed := pack(t, m, payload)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100 << 10, Max: 100 << 10}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Unpack(ctx, bytes.NewReader(packed), nil, filepath.Join(dir, "payload"), anything); !errors.Is(err, backup.ErrFull) {
			t.Error(err)
		}
		return
	}
	dir := t.TempDir()
	c := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestFullDisk$")
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%s", env, dir))
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

// The tools that the archive is made for read it as well.
func TestOtherTools(t *testing.T) {
	for _, tool := range []string{"tar", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			testenv.Missing(t, tool)
		}
	}
	m, payload := sample(100 << 10)
	dir := t.TempDir()
	file := filepath.Join(dir, backup.NameOf("toko", m.TakenAt, backup.SQLite, false))
	if err := os.WriteFile(file, pack(t, m, payload), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(ctx, "tar", "--zstd", "-xf", file, "-C", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, backup.PayloadSQLite))
	if err != nil || !bytes.Equal(got, payload) {
		t.Error(err)
	}
	// And what they have packed again is read here.
	again := filepath.Join(dir, "again.tar.zst")
	if out, err := exec.CommandContext(ctx, "tar", "-C", dir, "-I", "zstd -15", "-cf", again, "manifest.json", backup.PayloadSQLite).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	packed, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	if _, back, err := unpack(t, packed); err != nil || !bytes.Equal(back, payload) {
		t.Error(err)
	}
}
