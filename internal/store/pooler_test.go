package store_test

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// bouncer runs PgBouncer in front of a database and returns its address.
func bouncer(t *testing.T, database, mode string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	password, _ := u.User.Password()
	file := filepath.Join(t.TempDir(), "pgbouncer.ini")
	text := fmt.Sprintf("[databases]\n* = host=%s port=%s user=%s password=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %s\nunix_socket_dir =\nauth_type = any\npool_mode = %s\ndefault_pool_size = 4\n",
		u.Hostname(), u.Port(), u.User.Username(), password, port, mode)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{file}
	if os.Getuid() == 0 {
		args = []string{"-u", "nobody", file} // it does not run as root
	}
	path, err := exec.LookPath("pgbouncer")
	if err != nil {
		path = "/usr/sbin/pgbouncer" // not on the path of every account
	}
	c := exec.Command(path, args...)
	if err := c.Start(); err != nil {
		t.Fatalf("PgBouncer does not start (scripts/lib.sh names the packages that the tests need): %v", err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	testenv.Eventually(t, 20*time.Second, func() (bool, string) {
		conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err != nil {
			return false, err.Error()
		}
		_ = conn.Close()
		return true, ""
	})
	u.Host = "127.0.0.1:" + port
	return u.String()
}

// A transaction pooler is told before a statement fails half way, and a session
// pooler is none of its kind.
func TestPoolers(t *testing.T) {
	direct := testenv.Postgres(t)
	open := func(database string) (*store.Store, error) {
		return store.Open(ctx, store.Options{Database: database, Clock: clock.System{}})
	}
	pooler := bouncer(t, direct, "transaction")
	if s, err := open(pooler); fault.CodeOf(err) != "store.pooler" || !strings.Contains(err.Error(), "default_query_exec_mode=exec") {
		t.Errorf("a transaction pooler: %v", err)
		if err == nil {
			s.Close()
		}
	}
	cured := pooler + "&default_query_exec_mode=exec"
	s, err := open(cured)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Migrate(ctx); fault.CodeOf(err) != "store.pooler" || !strings.Contains(err.Error(), "gerai migrate") {
		t.Errorf("migrated through a pooler: %v", err)
	}
	for name, database := range map[string]string{"direct": direct, "session": bouncer(t, direct, "session")} {
		x, err := open(database)
		if err != nil {
			t.Fatal(name, err)
		}
		if pooled, err := x.Pooled(ctx); err != nil || pooled {
			t.Errorf("%s: %v %v", name, pooled, err)
		}
		if _, err := x.Migrate(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if n, err := s.Migrate(ctx); err != nil || n != 0 {
		t.Errorf("a current schema through the cured pooler: %d %v", n, err)
	}
	if current, err := s.Current(ctx); err != nil || !current {
		t.Errorf("%v %v", current, err)
	}
}
