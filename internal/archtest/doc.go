// Package archtest proves that imports go down only and that every room keeps to what it is for.
// It knows rooms by their paths and reads source text, and holds docs/coverage.md to the tests it names; what is inside the rooms is none of its business.
// Only its own tests call it, as part of every test run.
package archtest
