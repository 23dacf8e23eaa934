package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/hotspot"
)

// SlotLength is how much time one row of a router's history covers, KeepSlots
// how long the history goes back.
const (
	SlotLength = 15 * time.Minute
	KeepSlots  = 60 * 24 * time.Hour
)

// RouterCheck is one look at one router.
type RouterCheck struct {
	RouterID string
	Answered bool
	Latency  time.Duration
}

// Slot is how a router did in one quarter of an hour.
type Slot struct {
	At              time.Time // its beginning
	Checks, Answers int64
	LatencySum      time.Duration // of all answers
	LatencyMax      time.Duration
	Sampled         bool // Sample holds something
	hotspot.Sample
}

const slotColumns = `slot_ms, checks, answers, latency_sum_ms, latency_max_ms, cpu, memory, active, rx, tx`

var (
	sqlSlots       = request(`SELECT '', ` + slotColumns + ` FROM router_slots WHERE router_id = $1 AND slot_ms >= $2 ORDER BY slot_ms`)
	sqlLatestSlots = request(`SELECT router_id, ` + slotColumns + ` FROM router_slots WHERE slot_ms >= $1 ORDER BY slot_ms`)
)

func scanSlot(row scanner) (routerID string, s Slot, err error) {
	var began unixMillis
	var sum, most int64
	var cpu, memory, active, rx, tx *int64
	err = row.Scan(&routerID, &began, &s.Checks, &s.Answers, &sum, &most, &cpu, &memory, &active, &rx, &tx)
	s.At, s.LatencySum, s.LatencyMax = began.Time, time.Duration(sum)*time.Millisecond, time.Duration(most)*time.Millisecond
	if err == nil && cpu != nil && memory != nil && active != nil && rx != nil && tx != nil {
		s.Sampled = true
		s.Sample = hotspot.Sample{CPU: int(*cpu), Memory: int(*memory), Active: int(*active), Rate: hotspot.Rate{Rx: *rx, Tx: *tx}}
	}
	return routerID, s, err
}

// Latency is the mean of its answers, 0 without any.
func (s Slot) Latency() time.Duration {
	if s.Answers == 0 {
		return 0
	}
	return s.LatencySum / time.Duration(s.Answers)
}

// Slots reads a router's history since a moment, oldest first: at most one row
// for each SlotLength.
func (r reads) Slots(ctx context.Context, routerID string, since time.Time) ([]Slot, error) {
	return queryAll(ctx, r.q, func(row scanner) (Slot, error) {
		_, s, err := scanSlot(row)
		return s, err
	}, sqlSlots, routerID, at(since))
}

// LatestSlots reads the newest slot since a moment of each router that has one. A slot
// without a sample gives way to one before it.
func (r reads) LatestSlots(ctx context.Context, since time.Time) (map[string]Slot, error) {
	out := map[string]Slot{}
	_, err := queryAll(ctx, r.q, func(row scanner) (string, error) {
		id, s, err := scanSlot(row)
		if have, known := out[id]; err == nil && (s.Sampled || !known || !have.Sampled) {
			out[id] = s
		}
		return id, err
	}, sqlLatestSlots, at(since))
	return out, err
}

// NoteChecks adds looks at routers to their present slots.
func (t *Tx) NoteChecks(ctx context.Context, checks []RouterCheck) error {
	slot := t.now.Truncate(SlotLength)
	for _, c := range checks {
		answers := 0
		if c.Answered {
			answers = 1
		}
		_, err := t.exec(ctx, `INSERT INTO router_slots (router_id, slot_ms, checks, answers, latency_sum_ms, latency_max_ms) VALUES ($1, $2, 1, $3, $4, $4)
			ON CONFLICT (router_id, slot_ms) DO UPDATE SET checks = router_slots.checks + 1, answers = router_slots.answers + excluded.answers,
			latency_sum_ms = router_slots.latency_sum_ms + excluded.latency_sum_ms,
			latency_max_ms = CASE WHEN excluded.latency_max_ms > router_slots.latency_max_ms THEN excluded.latency_max_ms ELSE router_slots.latency_max_ms END`,
			c.RouterID, at(slot), answers, ms(c.Latency))
		if err != nil {
			return fmt.Errorf("note check of router %s: %w", c.RouterID, err)
		}
	}
	return nil
}

// NoteSample keeps how busy a router is in its present slot; the last one
// stays.
func (t *Tx) NoteSample(ctx context.Context, routerID string, s hotspot.Sample) error {
	_, err := t.exec(ctx, `INSERT INTO router_slots (router_id, slot_ms, cpu, memory, active, rx, tx) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (router_id, slot_ms) DO UPDATE SET cpu = excluded.cpu, memory = excluded.memory, active = excluded.active, rx = excluded.rx, tx = excluded.tx`,
		routerID, at(t.now.Truncate(SlotLength)), s.CPU, s.Memory, s.Active, s.Rx, s.Tx)
	if err != nil {
		return fmt.Errorf("note sample of router %s: %w", routerID, err)
	}
	return nil
}

// CleanSlots forgets history that is too old and returns how many rows.
func (t *Tx) CleanSlots(ctx context.Context) (int64, error) {
	old := t.now.Add(-KeepSlots)
	n, err := t.exec(ctx, `DELETE FROM router_slots WHERE slot_ms < $1`, at(old))
	if err != nil {
		return n, fmt.Errorf("clean router history: %w", err)
	}
	m, err := t.exec(ctx, `DELETE FROM router_outages WHERE began_ms < $1 AND ended_ms IS NOT NULL`, at(old))
	if err != nil {
		return n, fmt.Errorf("clean router outages: %w", err)
	}
	return n + m, nil
}
