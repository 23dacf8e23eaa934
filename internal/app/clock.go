package app

import (
	"context"
	"errors"
	"os"
	"time"

	"gerai/internal/clock"
)

// sourceDatabase is a PostgreSQL server on another machine.
const sourceDatabase = "database"

// errSameMachine is why a database says nothing about the clock.
var errSameMachine = errors.New("the database runs on this machine: it tells the same clock")

// confirm lets every outside source speak about the clock: the gateway with each
// answer, routers when they are checked, a database on another machine when it
// is asked.
func (a *App) confirm() {
	a.Verifier.Asks(clock.SourceGateway, a.Gateway.Time)
	if a.Store.Engine() == "postgres" {
		a.Verifier.Asks(sourceDatabase, a.databaseTime)
	}
}

func (a *App) databaseTime(ctx context.Context) (time.Time, error) {
	t, remote, err := a.Store.Time(ctx)
	if err == nil && !remote {
		err = errSameMachine
	}
	return t, err
}

// instance names this process among replicas.
func instance() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "gerai"
	}
	return name
}
