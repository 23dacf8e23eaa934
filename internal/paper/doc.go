// Package paper writes vouchers and tables into files that people print or open elsewhere: PDF, CSV and XLSX.
// No SQL, no sentence and no rule about money may live here; every word and every picture is handed in.
// The panel's export pages call it.
package paper
