// Package backups makes backups when they are due, keeps as many as agreed, proves by drills that they can be restored, restores one into an empty place, and has a restored shop find out what happened since.
// Archives, places and PostgreSQL's programs are driven here and live elsewhere; what an order is made again from is order.Remake's, money is recorded by orders and refunds, users are taken over by vouchers.
// The job runner, the panel and the commands call it.
package backups
