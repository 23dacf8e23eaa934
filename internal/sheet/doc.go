// Package sheet writes tables as CSV and XLSX files, row by row and in bounded memory.
// What is in a table and who may have it is decided elsewhere; nothing here reads a database.
// The panel calls it for every export.
package sheet
