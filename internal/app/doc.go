// Package app is the composition root: it builds every part, passes each what it needs, and runs them as one program.
// No rule, no SQL and no page may live here.
// cmd/gerai and cmd/gerai-demo call it, and tests start it on port 0.
package app
