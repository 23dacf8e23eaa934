// Package ledger is the only writer of orders: it changes an order, derives its status, schedules what comes next and announces it. It also holds what every area needs: who acts, limits, input, alerts, receipts, and whether the clock may end something.
// Nothing that belongs to one area alone may live here, and no call of a gateway or a router.
// The areas below internal/shop call it; handlers reach its few public names through package shop.
package ledger
