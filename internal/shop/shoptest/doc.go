// Package shoptest builds a whole shop for tests: a real store, both simulators in process, a fixed clock and no mocks.
// Nothing that the product runs may live here.
// Tests of shop, of the handlers and the campaign call it.
package shoptest
