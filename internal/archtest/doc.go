// Package archtest proves that imports go down only, that every package keeps to what it is for, and that comments and pages cite what is there.
// It knows packages by their paths and reads source text: it holds docs/coverage.md to the tests it names and docs/reference to the constants of the code.
// Only its own tests call it, as part of every test run.
package archtest
