package backups

import (
	"regexp"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/shop/backups"
	"gerai/internal/store"
	"gerai/templates"
)

// backupsPage shows how things stand with backups, from what the shop noted: no place is
// asked.
func backupsPage(k *web.Request) error {
	p, err := k.Panel("backups")
	if err != nil {
		return err
	}
	st, err := k.Shop.Backups.State(k.AuditContext())
	if err != nil {
		return err
	}
	now := k.Clock.Now()
	page := templates.BackupsPage{Panel: p, Configured: st.Configured, Encrypted: st.Encrypted, Running: st.Running, Due: st.BackupDue, NextAt: st.NextAt,
		Drill: drillLine(st.LastDrill, now), DrillFailed: st.DrillFailed, ByHand: drillLine(st.LastByHand, now), KeyDue: st.KeyDue}
	restored, err := k.Shop.Backups.LookAtRecovery(k.AuditContext())
	if err != nil {
		return err
	}
	page.Restored, page.Recovering = !restored.Since.IsZero(), restored.Stands()
	if st.Encrypted && !st.KeySince.IsZero() {
		page.KeyBy = st.KeySince.Add(backup.ByHandAfter)
	}
	for _, place := range st.Places {
		page.Places = append(page.Places, placeLine(place, st.Files, now))
	}
	for _, r := range st.Runs {
		page.Runs = append(page.Runs, runLine(p, r, st.Running))
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func drillLine(r store.BackupRun, now time.Time) templates.BackupDrill {
	if r.StartedAt.IsZero() {
		return templates.BackupDrill{}
	}
	return templates.BackupDrill{At: r.StartedAt, Age: web.Since(now, r.StartedAt), Took: r.Drill}
}

func placeLine(place backups.PlaceState, all []store.BackupFile, now time.Time) templates.BackupPlace {
	line := templates.BackupPlace{Name: place.Name, State: "fine", Age: place.Age, Bytes: place.Bytes}
	switch {
	case place.Old:
		line.State = "old"
	case place.Newest.TakenAt.IsZero():
		line.State = "none"
	}
	for _, f := range all {
		if f.Place == place.Name {
			line.Files = append(line.Files, templates.BackupFile{Name: f.Name, At: f.TakenAt, Age: web.Since(now, f.TakenAt), Bytes: f.Bytes, Encrypted: f.Encrypted})
		}
	}
	return line
}

// faultCode finds the code in a noted failure, which names the place before it.
var faultCode = regexp.MustCompile(`\bbackup\.[a-z_]+`)

// runLine is a run as the page lists it. One that is noted as running while none is was
// left behind by a process that ended.
func runLine(p templates.Panel, r store.BackupRun, running bool) templates.BackupRun {
	line := templates.BackupRun{Kind: r.Kind, State: r.State, At: r.StartedAt, Bytes: r.Bytes, Detail: r.Failure}
	if r.State == backup.RunRunning && !running {
		line.State = backup.RunInterrupted
	}
	if !r.FinishedAt.IsZero() {
		line.Took = web.Since(r.FinishedAt, r.StartedAt)
	}
	if r.Actor != actor.Server.AuditName {
		line.By, _ = actor.StaffName(r.Actor)
	}
	if key := "fault." + faultCode.FindString(r.Failure); templates.HasText(key) {
		line.Why = p.T(key)
	}
	return line
}
