package app

import (
	"context"
	"time"
)

// announceEvery is well within the time for which a process counts as running.
const announceEvery = 30 * time.Second

// announce tells commands beside this process which keys it knows: none is put into
// force that it could not read.
func (a *App) announce(ctx context.Context) error { return a.Store.Announce(ctx, a.process) }

// withdraw says that this process ends.
func (a *App) withdraw(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := a.Store.Withdraw(ctx, a.process); err != nil {
		a.log.WarnContext(ctx, "the end of this process was not noted", "error", err)
	}
}
