package runner

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"
)

// Task is work without a row: every replica may run it, its statements are
// conditional, so running twice does no harm.
type Task struct {
	Name  string
	Every time.Duration
	Run   func(ctx context.Context) error
}

// RunTasks runs every task at its pace, with a tenth of jitter so that
// replicas fall out of step, until ctx ends. A run under way is waited for.
func RunTasks(ctx context.Context, log *slog.Logger, tasks []Task) {
	var all sync.WaitGroup
	for _, t := range tasks {
		all.Add(1)
		go func() {
			defer all.Done()
			timer := time.NewTimer(t.Every / 4)
			defer timer.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-timer.C:
				}
				if err := once(ctx, t); err != nil && ctx.Err() == nil {
					log.WarnContext(ctx, "periodic task failed", "task", t.Name, "error", err)
				}
				timer.Reset(t.Every + time.Duration(rand.Int64N(int64(t.Every)/10+1)))
			}
		}()
	}
	all.Wait()
}

func once(ctx context.Context, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("task %s panicked: %v\n%s", t.Name, p, debug.Stack())
		}
	}()
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return t.Run(work)
}
