package proc

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

var (
	portsMu  sync.Mutex
	portLock []*os.File // held until this process ends, so that no other test process gets the port
	nextPort = 21000
)

// Reserve finds a port below the range outgoing connections come from. No test gets
// it again, in this process and in others that run at the same time: a program that is killed
// and started again needs it while nothing listens there.
func Reserve(t testing.TB) string {
	t.Helper()
	portsMu.Lock()
	defer portsMu.Unlock()
	for ; nextPort < 32000; nextPort++ {
		lock, err := os.OpenFile(filepath.Join(os.TempDir(), fmt.Sprintf("gerai-test-port-%d", nextPort)), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			continue // of another user
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
			lock.Close()
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", nextPort))
		if err != nil {
			lock.Close()
			continue
		}
		addr := l.Addr().String()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		portLock = append(portLock, lock)
		nextPort++
		return addr
	}
	t.Fatal("no free port")
	return ""
}
