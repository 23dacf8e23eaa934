// Package counter turns money that staff take themselves into the payment facts that orders live on: cash, transfers, credit.
// It decides what may be taken and what change is given; no SQL, no shift and no right may live here.
// Package shop calls it and records its facts in the same function as the gateway's.
package counter
