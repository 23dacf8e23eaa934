// Package golden holds what people, scripts and databases see of the whole program as files that a later change is compared with.
// Nothing that the product runs may live here, and no name of a package that may move: pages, routes and commands are asked from outside.
// The test run calls it; -update writes the files again, -midsale the database of a shop in mid-sale, which only an older program should have written.
package golden
