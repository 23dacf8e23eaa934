package backups

import (
	"context"
	"slices"
	"time"

	"gerai/internal/backup"
	"gerai/internal/store"
)

// State is how things stand with backups.
type State struct {
	Configured, Encrypted   bool
	Places                  []PlaceState
	Files                   []store.BackupFile // at all places, the newest first
	Runs                    []store.BackupRun  // the newest first
	Running                 bool
	LastDrill               store.BackupRun // the last good one that needed no key
	LastByHand              store.BackupRun
	DrillKnown, DrillFailed bool      // how the last drill ended, if any did
	KeySince                time.Time // when the private key was last proven, or encrypting began
	KeyDue                  bool      // it is to be proven
	BackupDue, DrillDue     bool
	NextAt                  time.Time // of the daily backup
}

// PlaceState is how things stand at one place.
type PlaceState struct {
	Name   string
	Newest backup.File // zero: none
	Age    time.Duration
	Old    bool
	Count  int
	Bytes  int64
}

// shownRuns is how much of the history is read.
const shownRuns = 30

// State reads it from what was noted; no place is asked.
func (s *Service) State(ctx context.Context) (st State, err error) {
	st = State{Configured: s.Configured(), Encrypted: s.Encrypted()}
	if st.Files, err = s.Store.BackupFiles(ctx); err != nil {
		return st, err
	}
	if st.Runs, err = s.Store.BackupRuns(ctx, shownRuns); err != nil {
		return st, err
	}
	if st.LastDrill, _, err = s.Store.LastBackupRun(ctx, backup.RunDrill, backup.RunDone); err != nil {
		return st, err
	}
	if st.LastByHand, _, err = s.Store.LastBackupRun(ctx, backup.RunByHand, backup.RunDone); err != nil {
		return st, err
	}
	bad, failed, err := s.Store.LastBackupRun(ctx, backup.RunDrill, backup.RunFailed)
	if err != nil {
		return st, err
	}
	st.DrillKnown = failed || !st.LastDrill.StartedAt.IsZero()
	st.DrillFailed = failed && bad.StartedAt.After(st.LastDrill.StartedAt)
	marks, err := s.Store.BackupMarks(ctx)
	if err != nil {
		return st, err
	}
	now := s.Clock.Now()
	st.Running = slices.ContainsFunc(st.Runs, s.alive)
	st.KeySince = marks.KeySince
	st.KeyDue = st.Encrypted && !st.KeySince.IsZero() && now.Sub(st.KeySince) > backup.ByHandAfter
	st.NextAt = backup.Slot(now, s.At, s.Zone).In(s.Zone).AddDate(0, 0, 1)
	for _, p := range s.Places {
		place := s.placeState(p.String(), st.Files, now)
		// Where nothing lies, the time since the last run counts, so that a new place has its
		// first backup to come.
		place.Old = place.Old || place.Count == 0 && len(st.Runs) > 0 && now.Sub(st.Runs[0].StartedAt) > backup.OldAfter
		st.BackupDue = st.BackupDue || backup.Due(place.Newest.TakenAt, now, s.At, s.Zone)
		st.Places = append(st.Places, place)
	}
	st.DrillDue = st.BackupDue && backup.DrillDue(st.LastDrill.StartedAt, now, s.Zone)
	return st, nil
}

func (s *Service) placeState(name string, all []store.BackupFile, now time.Time) PlaceState {
	p := PlaceState{Name: name}
	var here []backup.File
	for _, f := range all {
		if f.Place == name {
			here = append(here, f.File)
			p.Bytes += f.Bytes
		}
	}
	p.Count = len(here)
	newest, found := backup.Newest(here, now)
	if found {
		p.Newest, p.Age = newest, max(now.Sub(newest.TakenAt), 0)
	}
	p.Old = found && p.Age > backup.OldAfter
	return p
}

// alive reports whether a run is under way and not left behind by a process that died.
func (s *Service) alive(r store.BackupRun) bool {
	return r.State == backup.RunRunning && r.LeaseAt.After(s.Clock.Now())
}

// Due is the kind of run that is due, "" for none.
func (st State) Due() string {
	switch {
	case st.DrillDue:
		return backup.RunDrill
	case st.BackupDue:
		return backup.RunBackup
	}
	return ""
}

func (st State) has(place string) bool {
	return slices.ContainsFunc(st.Places, func(p PlaceState) bool { return p.Name == place })
}
