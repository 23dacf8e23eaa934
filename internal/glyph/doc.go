// Package glyph knows what the embedded fonts can draw.
// It is pure: it opens no file and draws nothing itself.
// The catalogue and the panel refuse names that would print as boxes; paper and picture replace what is stored already.
package glyph
