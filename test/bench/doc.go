// Package bench measures the budgets of the design, each figure beside a control in the same run, and writes docs/performance.md.
// Nothing here is asserted: a slow machine is no broken program.
// make bench calls it; an ordinary test run leaves it out.
package bench
