// Package report adds up what was sold: days, cells of money, flows of orders, fees and the tables people read.
// No SQL, no clock and no sentence may live here; everything is a pure function of the rows handed in.
// The store fills the rows, shop chooses them, the panel and the command line show the tables.
package report
