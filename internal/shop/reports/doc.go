// Package reports sums up days, reads the dashboard, key figures and exports, and loads history.
// Nothing here changes an order.
// The panel, the command line and the runner's timers call it.
package reports
