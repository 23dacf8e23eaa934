// Package testenv lends tests the outside world: a fresh PostgreSQL database, a Redis database of their own, a browser, and a way to wait for a condition.
// No product code lives here or may import it, and nothing of Gerai is imported, so that every package's tests can use it.
// Tests call it; what the environment does not offer skips the test, or fails it when GERAI_TEST_STRICT is 1.
package testenv
