// Package config reads the GERAI_ variables into one struct and lists every mistake at once.
// Opening what a value names (database, Redis, gateway) may not happen here, and no secret is ever printed.
// The commands call Load once at start and hand single values down; nothing below reads the environment.
package config
