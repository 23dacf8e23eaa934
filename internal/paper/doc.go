// Package paper writes vouchers into files that people print: PDF.
// No SQL, no sentence and no rule about money may live here; every word and every picture is handed in.
// The panel's export pages call it.
package paper
