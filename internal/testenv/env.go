package testenv

import (
	"os"
	"testing"
	"time"
)

// Names of the variables that say where the outside world is. scripts/test and
// scripts/servers set them.
const (
	envPostgres = "GERAI_TEST_POSTGRES" // postgres:// URL of a role that may create databases
	envRedis    = "GERAI_TEST_REDIS"    // redis:// URL of a server whose data may be lost
	envChromium = "GERAI_TEST_CHROMIUM" // path of a Chromium or Chrome
	envStrict   = "GERAI_TEST_STRICT"   // 1: what is missing fails instead of being skipped
	envFull     = "GERAI_TEST_FULL"     // 1: every combination; make check sets it
	envShared   = "GERAI_TEST_SHARED"   // folder of one run of the suite, for what its packages share; scripts/test sets it
)

// patience bounds every question to a test server.
const patience = 30 * time.Second

// Full reports whether every combination is asked for. Otherwise a table of cases may spread its engines, router versions
// and inputs over its rows, the same way each time.
func Full() bool { return os.Getenv(envFull) == "1" }

// HasPostgres reports whether there is a PostgreSQL to test on.
func HasPostgres() bool { return os.Getenv(envPostgres) != "" }

// need returns the variable's value. Without one the test ends here: skipped,
// or failed where everything has to be proven.
func need(t testing.TB, name, what string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		Missing(t, what+", set "+name)
	}
	return value
}

// Missing ends a test that lacks a part of the world: skipped, or failed where
// everything has to be proven.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(envStrict) == "1" {
		t.Fatalf("no %s: %s=1 allows nothing to be left out", what, envStrict)
	}
	t.Skipf("left out: no %s", what)
}

// Chromium returns the path of the browser that browser tests drive.
func Chromium(t testing.TB) string {
	t.Helper()
	path := need(t, envChromium, "Chromium")
	if info, err := os.Stat(path); err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		t.Fatalf("%s=%s is not a program", envChromium, path)
	}
	return path
}
