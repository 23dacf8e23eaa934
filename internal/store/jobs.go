package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/jobs"
)

const jobColumns = `id, kind, queue, subject, attempts, snoozes, fence, created_ms`

func scanJob(r scanner) (jobs.Job, error) {
	var j jobs.Job
	var created unixMillis
	err := r.Scan(&j.ID, &j.Kind, &j.Queue, &j.Subject, &j.Attempts, &j.Snoozes, &j.Fence, &created)
	j.Created = created.Time
	return j, err
}

var (
	sqlEnqueue = request(`INSERT INTO jobs (id, kind, queue, subject, state, due_ms, created_ms, set_ms) VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $6)
		ON CONFLICT (kind, subject) WHERE state = 'waiting' DO UPDATE SET due_ms = excluded.due_ms, set_ms = excluded.set_ms, queue = excluded.queue WHERE jobs.due_ms > excluded.due_ms`)
	sqlStartJob = request(`INSERT INTO jobs (id, kind, queue, subject, state, due_ms, created_ms, set_ms, fence)
		SELECT $1, CAST($2 AS TEXT), $3, CAST($4 AS TEXT), 'running', CAST($5 AS BIGINT), CAST($6 AS BIGINT), CAST($6 AS BIGINT), 1
		WHERE NOT EXISTS (SELECT id FROM jobs WHERE subject = $4 AND kind = $2 AND due_ms IS NOT NULL)`)
	// PostgreSQL takes a limit that it does not know for a tenth of the table, and would read all of it; an array for ten rows.
	sqlLeaseJobs = request(`UPDATE jobs SET state = 'running', due_ms = $3, set_ms = $2, fence = fence + 1 WHERE due_ms <= $2 AND id IN
		(/*pg SELECT UNNEST(ARRAY( pg*/SELECT id FROM jobs WHERE queue = $1 AND due_ms IS NOT NULL AND due_ms <= $2 ORDER BY due_ms, id LIMIT $4 /*pg FOR UPDATE SKIP LOCKED)) pg*/)
		RETURNING ` + jobColumns)
	// A queue may have ten thousand jobs: the index is hopped over, one step for each queue.
	sqlQueues = request(`WITH RECURSIVE q(queue) AS (
		SELECT (SELECT j.queue FROM jobs j WHERE j.due_ms IS NOT NULL ORDER BY j.queue LIMIT 1)
		UNION ALL SELECT (SELECT j.queue FROM jobs j WHERE j.due_ms IS NOT NULL AND j.queue > q.queue ORDER BY j.queue LIMIT 1) FROM q WHERE q.queue IS NOT NULL)
		SELECT q.queue, (SELECT j.due_ms FROM jobs j WHERE j.due_ms IS NOT NULL AND j.queue = q.queue ORDER BY j.due_ms LIMIT 1),
		(SELECT j.due_ms FROM jobs j WHERE j.due_ms IS NOT NULL AND j.queue = q.queue AND j.due_ms > $1 ORDER BY j.due_ms LIMIT 1) FROM q WHERE q.queue IS NOT NULL`)
	sqlHasJob    = request(`SELECT id FROM jobs WHERE subject = $2 AND kind = $1 AND due_ms IS NOT NULL LIMIT 1`)
	sqlDropJob   = request(`UPDATE jobs SET state = 'done', due_ms = NULL, finished_ms = $3 WHERE kind = $1 AND subject = $2 AND state = 'waiting'`)
	sqlJobsAhead = request(`SELECT set_ms FROM jobs WHERE due_ms IS NOT NULL ORDER BY set_ms DESC LIMIT 1`)
	sqlWaiting   = request(`SELECT id FROM jobs WHERE kind = $1 AND subject = $2 AND state = 'waiting'`)
	sqlJobsOf    = request(`SELECT id, kind, queue, state, attempts, snoozes, failure, created_ms, finished_ms FROM jobs WHERE subject = $1 ORDER BY created_ms, id LIMIT 200`)
)

// Enqueue queues a job. A waiting one of the same kind and subject absorbs it
// and keeps the earlier due time.
func (t *Tx) Enqueue(ctx context.Context, j jobs.New) error {
	if t.startedHere(j) {
		return nil
	}
	if _, err := t.exec(ctx, sqlEnqueue, t.NewID(), string(j.Kind), j.Queue, j.Subject, at(j.DueAt), at(t.now)); err != nil {
		return fmt.Errorf("queue %s %s: %w", j.Kind, j.Subject, err)
	}
	return nil
}

// MoveJobs puts waiting jobs about some subjects from one queue onto another.
func (t *Tx) MoveJobs(ctx context.Context, from, to string, subjects ...string) error {
	args := []any{from, to}
	marks := in(&args, subjects)
	if _, err := t.exec(ctx, `UPDATE jobs SET queue = $2 WHERE queue = $1 AND state = 'waiting' AND subject IN (`+marks+`)`, args...); err != nil {
		return fmt.Errorf("move jobs to %s: %w", to, err)
	}
	return nil
}

// HasJob reports whether an unfinished job of this kind and subject exists.
func (r reads) HasJob(ctx context.Context, kind jobs.Kind, subject string) (bool, error) {
	_, found, err := queryOptional(ctx, r.q, scanString, sqlHasJob, string(kind), subject)
	return found, err
}

// JobsOn lists what is unfinished on some queues and due before an instant.
func (r reads) JobsOn(ctx context.Context, queues []string, before time.Time) ([]jobs.Job, error) {
	return eachIn(ctx, r, queues, scanJob, `SELECT `+jobColumns+` FROM jobs WHERE due_ms IS NOT NULL AND due_ms < $1 AND queue IN `, at(before))
}

// LeaseJob is LeaseJobs for one job.
func (t *Tx) LeaseJob(ctx context.Context, queue string, now, leaseUntil time.Time) (jobs.Job, bool, error) {
	leased, err := t.LeaseJobs(ctx, queue, now, leaseUntil, 1)
	if err != nil || len(leased) == 0 {
		return jobs.Job{}, false, err
	}
	return leased[0], true, nil
}

// LeaseJobs takes the jobs of a queue that are due longest: waiting ones, and
// running ones whose lease ended because their worker died.
func (t *Tx) LeaseJobs(ctx context.Context, queue string, now, leaseUntil time.Time, limit int) ([]jobs.Job, error) {
	leased, err := queryAll(ctx, t.q, scanJob, t.s.db.rebind(sqlLeaseJobs), queue, at(now), at(leaseUntil), limit)
	if err != nil {
		return nil, fmt.Errorf("claim jobs on %s: %w", queue, err)
	}
	return leased, nil
}

// StartJob queues a job that is leased from the start, for a worker of this process that
// begins when the transaction is durable. It does nothing and is false where an unfinished
// job of this kind and subject is there: Enqueue knows what becomes of that one.
func (t *Tx) StartJob(ctx context.Context, n jobs.New, leaseUntil time.Time) (jobs.Job, bool, error) {
	j := jobs.Job{ID: t.NewID(), Kind: n.Kind, Queue: n.Queue, Subject: n.Subject, Fence: 1, Created: t.now.Truncate(time.Millisecond)}
	fresh, err := t.touched(ctx, sqlStartJob, j.ID, string(j.Kind), j.Queue, j.Subject, at(leaseUntil), at(t.now))
	if err != nil {
		return j, false, fmt.Errorf("start %s %s: %w", j.Kind, j.Subject, err)
	}
	if fresh {
		t.started = append(t.started, n)
	}
	return j, fresh, nil
}

// startedHere reports whether this transaction has started such a job: it sees what the
// transaction writes, whenever that was asked for.
func (t *Tx) startedHere(n jobs.New) bool {
	return slices.ContainsFunc(t.started, func(s jobs.New) bool { return s.Kind == n.Kind && s.Subject == n.Subject })
}

// DropJob ends the waiting job of a kind and subject, which has nothing left to do.
func (t *Tx) DropJob(ctx context.Context, kind jobs.Kind, subject string) error {
	if _, err := t.exec(ctx, sqlDropJob, string(kind), subject, at(t.now)); err != nil {
		return fmt.Errorf("drop %s %s: %w", kind, subject, err)
	}
	return nil
}

const owned = ` WHERE id = $1 AND state = 'running' AND fence = $2`

// ExtendJob lengthens the lease of a job that is being done; false when it was lost.
func (t *Tx) ExtendJob(ctx context.Context, id string, fence int64, leaseUntil time.Time) (bool, error) {
	return t.touched(ctx, `UPDATE jobs SET due_ms = $3, set_ms = $4`+owned, id, fence, at(leaseUntil), at(t.now))
}

// FinishJob ends a job; false when the lease was lost.
func (t *Tx) FinishJob(ctx context.Context, j jobs.Job) (bool, error) {
	return t.touched(ctx, `UPDATE jobs SET state = 'done', due_ms = NULL, finished_ms = $3`+owned, j.ID, j.Fence, at(t.now))
}

// KillJob ends a job that will not be tried again.
func (t *Tx) KillJob(ctx context.Context, j jobs.Job, failure string) (bool, error) {
	return t.touched(ctx, `UPDATE jobs SET state = 'dead', due_ms = NULL, finished_ms = $3, failure = $4`+owned, j.ID, j.Fence, at(t.now), failure)
}

// RetryJob puts a job back for later, on the queue that it names. When another
// one with the same kind and subject was queued while it ran, that one carries on with the earlier due
// time of both and this one ends.
func (t *Tx) RetryJob(ctx context.Context, j jobs.Job, due time.Time, failure string, count bool) (bool, error) {
	waiting, found, err := queryOptional(ctx, t.q, scanString, sqlWaiting, string(j.Kind), j.Subject)
	if err != nil {
		return false, err
	}
	if found {
		kept, err := t.FinishJob(ctx, j)
		if err != nil || !kept {
			return kept, err
		}
		_, err = t.exec(ctx, `UPDATE jobs SET due_ms = $2, set_ms = $5, attempts = $3, snoozes = $4 WHERE id = $1 AND state = 'waiting' AND due_ms > $2`, waiting, at(due), j.Attempts, j.Snoozes, at(t.now))
		return true, err
	}
	attempts, snoozes := 0, 1
	if count {
		attempts, snoozes = 1, 0
	}
	return t.touched(ctx, `UPDATE jobs SET state = 'waiting', due_ms = $3, failure = $4, attempts = attempts + $5, snoozes = snoozes + $6, set_ms = $7, queue = $8`+owned,
		j.ID, j.Fence, at(due), failure, attempts, snoozes, at(t.now), j.Queue)
}

// RescueAll makes every running job waiting again. Only right after the start
// of the only process on this database.
func (t *Tx) RescueAll(ctx context.Context) (int64, error) {
	// A job that was queued again while it ran is carried on by that one, which
	// may have been running as well.
	if _, err := t.exec(ctx, `UPDATE jobs SET state = 'done', due_ms = NULL, finished_ms = $1 WHERE state = 'running'
		AND EXISTS (SELECT 1 FROM jobs w WHERE w.kind = jobs.kind AND w.subject = jobs.subject AND (w.state = 'waiting' OR (w.state = 'running' AND w.id > jobs.id)))`,
		at(t.now)); err != nil {
		return 0, err
	}
	// No worker talks to the gateway at this moment, but one may have been.
	if _, err := t.exec(ctx, `UPDATE attempts SET busy_until_ms = 1 WHERE state = 'creating' AND busy_until_ms > 0`); err != nil {
		return 0, err
	}
	return t.exec(ctx, `UPDATE jobs SET state = 'waiting', due_ms = $1, set_ms = $1 WHERE state = 'running' AND due_ms IS NOT NULL`, at(t.now))
}

// JobsAhead reports whether an unfinished job was scheduled after an instant.
func (r reads) JobsAhead(ctx context.Context, after time.Time) (bool, error) {
	last, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlJobsAhead)
	if err != nil {
		return false, fmt.Errorf("look for jobs ahead of the clock: %w", err)
	}
	return found && last.After(after), nil
}

// PullJobs makes every unfinished job due that was scheduled after an instant,
// waiting or leased.
func (t *Tx) PullJobs(ctx context.Context, after time.Time) (int64, error) {
	n, err := t.exec(ctx, `UPDATE jobs SET due_ms = $1, set_ms = $1 WHERE due_ms IS NOT NULL AND set_ms > $2`, at(t.now), at(after))
	if err != nil {
		return 0, fmt.Errorf("pull jobs forward: %w", err)
	}
	return n, nil
}

// CleanJobs deletes finished jobs older than before, at most limit.
func (t *Tx) CleanJobs(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.exec(ctx, `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE finished_ms IS NOT NULL AND finished_ms < $1 AND state = 'done' ORDER BY finished_ms LIMIT $2)`, at(before), limit)
}

// JobQueue is a queue with unfinished jobs: when its first one is due, and the first one after
// an instant, zero for none.
type JobQueue struct {
	Name       string
	Due, After time.Time
}

// JobQueues lists the queues with unfinished jobs by name.
func (r reads) JobQueues(ctx context.Context, after time.Time) ([]JobQueue, error) {
	all, err := queryAll(ctx, r.q, func(row scanner) (q JobQueue, err error) {
		var due, later unixMillis
		err = row.Scan(&q.Name, &due, &later)
		q.Due, q.After = due.Time, later.Time
		return q, err
	}, sqlQueues, at(after))
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	return all, nil
}

// DueQueues lists the queues that have a job due now.
func (r reads) DueQueues(ctx context.Context, now time.Time) ([]string, error) {
	all, err := r.JobQueues(ctx, now)
	var out []string
	for _, q := range all {
		if !q.Due.After(now) {
			out = append(out, q.Name)
		}
	}
	return out, err
}

type queueLength struct {
	queue string
	n     int64
}

var sqlQueueLengths = background(`SELECT queue, COUNT(*) FROM jobs WHERE due_ms IS NOT NULL GROUP BY queue`)

// QueueLengths counts the unfinished jobs of each queue that has any.
func (r reads) QueueLengths(ctx context.Context) (map[string]int64, error) {
	all, err := queryAll(ctx, r.q, func(row scanner) (q queueLength, err error) { return q, row.Scan(&q.queue, &q.n) }, sqlQueueLengths)
	if err != nil {
		return nil, fmt.Errorf("count jobs by queue: %w", err)
	}
	out := map[string]int64{}
	for _, q := range all {
		out[q.queue] = q.n
	}
	return out, nil
}

// NextDue is when the first unfinished job after an instant is due.
func (r reads) NextDue(ctx context.Context, after time.Time) (first time.Time, found bool, err error) {
	all, err := r.JobQueues(ctx, after)
	for _, q := range all {
		if !q.After.IsZero() && (first.IsZero() || q.After.Before(first)) {
			first = q.After
		}
	}
	return first, !first.IsZero(), err
}

// JobLine is one job as its order's page shows it.
type JobLine struct {
	ID, Kind, Queue, State, Failure string
	Attempts, Snoozes               int
	CreatedAt, FinishedAt           time.Time
}

// JobsOf lists the jobs of a subject that were not cleaned away yet.
func (r reads) JobsOf(ctx context.Context, subject string) ([]JobLine, error) {
	return queryAll(ctx, r.q, func(row scanner) (JobLine, error) {
		var j JobLine
		var created, finished unixMillis
		err := row.Scan(&j.ID, &j.Kind, &j.Queue, &j.State, &j.Attempts, &j.Snoozes, &j.Failure, &created, &finished)
		j.CreatedAt, j.FinishedAt, j.Failure = created.Time, finished.Time, strings.TrimSpace(j.Failure)
		return j, err
	}, sqlJobsOf, subject)
}
