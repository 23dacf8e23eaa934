// Package storetest opens fresh stores for tests, the same on every engine.
// Nothing that the product runs may live here.
// The tests of the store call it.
package storetest
