// Package bench measures the budgets of docs/performance.md, each figure beside a control in the same run, and writes that page.
// Nothing here is asserted: a slow machine is no broken program.
// make bench calls it; an ordinary test run leaves it out.
package bench
