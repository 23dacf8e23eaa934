package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// userHertz is the unit of times in /proc/<pid>/stat: clock ticks of 10 ms on every Linux that Go runs on
// (proc_pid_stat(5), sysconf(_SC_CLK_TCK)).
const userHertz = 100

// procStat is one line of /proc/<pid>/stat.
type procStat struct {
	parent      int
	own, waited time.Duration // user and system time: of the process, and of its children that have ended
}

func parseStat(text string) (s procStat, err error) {
	// The name is in parentheses and may contain anything, also blanks and parentheses.
	_, rest, found := cutLast(text, ") ")
	f := strings.Fields(rest)
	if !found || len(f) < 15 {
		return s, fmt.Errorf("not a line of /proc/<pid>/stat: %q", text)
	}
	n := func(field int) time.Duration { // numbered as in proc_pid_stat(5)
		v, e := strconv.ParseInt(f[field-3], 10, 64)
		err = errors.Join(err, e)
		return time.Duration(v) * time.Second / userHertz
	}
	s.own, s.waited = n(14)+n(15), n(16)+n(17)
	parent, e := strconv.Atoi(f[1])
	s.parent = parent
	return s, errors.Join(err, e)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func readStat(pid int) (procStat, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(string(text))
}

// processTime is the processor time that a process has used.
func processTime(pid int) (time.Duration, error) {
	s, err := readStat(pid)
	return s.own, err
}

// familyTime is that of a process and its children, those included that have ended: of PostgreSQL, whose every
// connection is a process.
func familyTime(pid int) (time.Duration, error) {
	s, err := readStat(pid)
	if err != nil {
		return 0, err
	}
	sum := s.own + s.waited
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if c, err := readStat(child); err == nil && c.parent == pid {
			sum += c.own
		}
	}
	return sum, nil
}

// ownTime is the processor time of this process, the load generator.
func ownTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// postmaster is the process id of a PostgreSQL server on this machine.
func postmaster(ctx context.Context, database string) (pid int, err error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx)
	var text string
	if err := conn.QueryRow(ctx, `SELECT pg_read_file('postmaster.pid')`).Scan(&text); err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(text, "\n")
	return strconv.Atoi(first)
}

// redisProcess is the process id of a Redis server on this machine.
func redisProcess(ctx context.Context, server string) (pid int, err error) {
	o, err := redis.ParseURL(server)
	if err != nil {
		return 0, err
	}
	c := redis.NewClient(o)
	defer c.Close()
	text, err := c.Info(ctx, "server").Result()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(text) {
		if n, found := strings.CutPrefix(strings.TrimSpace(line), "process_id:"); found {
			return strconv.Atoi(n)
		}
	}
	return 0, errors.New("no process id in what Redis says of itself")
}

// residentNow is the resident set of a process in MB.
func residentNow(t testing.TB, pid int) float64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			return kb / 1024
		}
	}
	t.Fatal("no resident set in /proc/<pid>/status")
	return 0
}

// mostResident is the most memory in MB that a process had which has ended.
func mostResident(cmd *exec.Cmd) int64 {
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss >> 10
}
