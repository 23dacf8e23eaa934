// Package archivetest is a small S3 store in the process of a test, over real HTTP: objects, uploads in parts, lists and checksums, and what goes wrong with them.
// Nothing that the product runs may live here, and nothing of Gerai is imported.
// Tests of everything that stores backups call it.
package archivetest
