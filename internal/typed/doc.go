// Package typed reads what people write in files, forms, flags and variables: counts, ports, durations, sizes, phone numbers, references.
// Each reader takes what was written or refuses it; none rounds, guesses a base or drops a sign. Amounts are read by package money.
// Package catalog, the use cases and the handlers call it.
package typed
