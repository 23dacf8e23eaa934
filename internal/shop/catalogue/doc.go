// Package catalogue writes sites, plans, routers and the brand, and announces the change.
// Reading the file belongs to catalog, selling to orders and counter.
// The command line and the start of the program call it.
package catalogue
