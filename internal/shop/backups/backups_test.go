package backups_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"filippo.io/age"

	"gerai/internal/actor"
	"gerai/internal/archive"
	"gerai/internal/archive/archivetest"
	"gerai/internal/archive/bucket"
	"gerai/internal/archive/folder"
	"gerai/internal/backup"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/shop"
	"gerai/internal/shop/backups"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

var (
	ctx  = context.Background()
	siti = actor.Staff("st1", "siti", nil)
)

// rig is a shop with a folder and a bucket for its backups.
// startTime is how long a shop takes to start in these tests.
const startTime = 3 * time.Second

type rig struct {
	*shoptest.Harness
	*backups.Service
	dir      string
	store    *archivetest.Store
	identity archive.Identity
	started  []string // databases on which a shop was started
	noStart  error
}

func newRig(t *testing.T, database string, sealed bool) *rig {
	t.Helper()
	r := &rig{dir: filepath.Join(t.TempDir(), "backups"), store: archivetest.New(t, "toko-backup", false)}
	target, err := backup.ParseTarget(r.store.Address("gerai"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := bucket.New(bucket.Options{Target: target, Key: archivetest.Key, Secret: archivetest.Secret, Transport: r.store.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	r.identity = key
	r.Harness = shoptest.New(t, shoptest.OnDatabase(database), shoptest.With(func(o *shop.Options) {
		o.Backup = backups.Settings{Places: []backup.Place{folder.New(r.dir), b}, At: backup.TimeOfDay{Hour: 3}, WorkDir: t.TempDir(),
			StartShop: func(_ context.Context, database string) error {
				r.started = append(r.started, database)
				r.Clock.Add(startTime)
				return r.noStart
			}}
		if sealed {
			o.Backup.Recipients = []archive.Recipient{key.Recipient()}
		}
	}))
	r.Service = r.Shop.Backups
	return r
}

func forEach(t *testing.T, fn func(t *testing.T, r *rig)) {
	t.Helper()
	storetest.Databases(t, func(t *testing.T, database string) { fn(t, newRig(t, database, true)) })
}

func (r *rig) files() (out []string) {
	entries, err := os.ReadDir(r.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		r.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// nothingLeft fails when copies of the database lie about.
func (r *rig) nothingLeft() {
	r.Helper()
	left, err := os.ReadDir(r.WorkDir)
	if err != nil || len(left) > 0 {
		r.Errorf("left behind: %v %v", left, err)
	}
}

func TestRunAndDrill(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		o := r.Bought()
		made, err := r.Run(ctx, siti, backup.RunBackup)
		r.Must(err)
		if len(made.Stored) != 2 || !made.File.Encrypted || made.Contents.Tables["orders"] != 1 || made.Contents.Audit.Seq < 3 || made.Drilled || len(r.started) > 0 {
			t.Errorf("%+v", made)
		}
		if files, keys := r.files(), r.store.Keys(); len(files) != 2 || len(keys) != 2 || keys[0] != "gerai/"+files[0] {
			t.Error(files, keys)
		}
		r.nothingLeft()
		r.Clock.Add(time.Hour)
		drilled, err := r.Run(ctx, siti, backup.RunDrill)
		r.Must(err)
		if !drilled.Drilled || drilled.Drill != startTime || len(r.started) != 1 || r.started[0] == r.Store.Address() {
			t.Errorf("%+v %v", drilled, r.started)
		}
		r.nothingLeft()
		state, err := r.State(ctx)
		r.Must(err)
		if len(state.Places) != 2 || state.Places[0].Count != 2 || state.Places[0].Newest.SHA256 != drilled.File.SHA256 || state.Running || state.DrillFailed || !state.DrillKnown ||
			state.LastDrill.Name != drilled.File.Name || state.LastDrill.Rows != drilled.Contents.Rows() || len(state.Runs) != 2 || state.Runs[1].Actor != "staff:siti" {
			t.Errorf("%+v", state)
		}
		// With the private key, from each place.
		byHand, err := r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places)
		r.Must(err)
		if byHand.File.Name != drilled.File.Name || byHand.Contents.Tables["orders"] != 1 || len(r.started) != 3 || len(byHand.Stored) != 2 {
			t.Errorf("%+v", byHand)
		}
		r.nothingLeft()
		if got := r.Audits("backup:" + byHand.File.Name); len(got) != 1 {
			t.Error(got)
		}
		if now, err := r.Store.Order(ctx, o.ID); err != nil || now.Status != "activated" {
			t.Error(now.Status, err)
		}
		if len(r.Alerts()) > 0 {
			t.Error(r.Alerts())
		}
	})
}

// What goes wrong is told, and told to be over when it is.
func TestTroubleIsTold(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	open := func() []string {
		return slices.DeleteFunc(r.Alerts(), func(kind string) bool { return !strings.Contains(kind, "backup") && !strings.Contains(kind, "drill") })
	}
	want := func(err error, code string, alerts ...string) {
		t.Helper()
		if fault.CodeOf(err) != code && (err != nil || code != "") {
			t.Errorf("%v, want %s", err, code)
		}
		if got := open(); !slices.Equal(got, alerts) {
			t.Errorf("alerts %v, want %v", got, alerts)
		}
		r.nothingLeft()
	}
	run := func(kind string) error {
		r.Clock.Add(time.Minute)
		_, err := r.Run(ctx, siti, kind)
		return err
	}
	r.store.SetFaults(archivetest.Faults{Full: true})
	want(run(backup.RunDrill), "backup.full", "backup_failed")
	if len(r.files()) != 2 || len(r.store.Keys()) != 0 || len(r.started) != 0 {
		t.Error("what could be stored was not, or the drill went on", r.files(), r.store.Keys())
	}
	r.store.SetFaults(archivetest.Faults{})
	want(run(backup.RunBackup), "")
	r.noStart = errors.New("nope")
	want(run(backup.RunDrill), "backup.no_start", "drill_failed")
	r.noStart = nil
	want(run(backup.RunBackup), "", "drill_failed")
	want(run(backup.RunDrill), "")
	key, err := age.GenerateX25519Identity()
	r.Must(err)
	_, other := r.DrillByHand(ctx, siti, []archive.Identity{key}, r.Places)
	want(other, "backup.identity_wrong", "drill_failed")
	// A bit that flips at a place is found by both drills.
	newest := slices.MaxFunc(r.store.Keys(), func(a, b string) int {
		return strings.Compare(strings.TrimSuffix(a, ".sha256"), strings.TrimSuffix(b, ".sha256"))
	})
	newest = strings.TrimSuffix(newest, ".sha256")
	r.store.Change(newest, func(b []byte) []byte { b[len(b)-30] ^= 1; return b })
	_, other = r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places[1:])
	want(other, "backup.damaged", "drill_failed")
	_, other = r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places[:1])
	want(other, "")
	r.Places = nil
	want(run(backup.RunBackup), "backup.no_place", "backup_failed")
}

// A place that changes what it is given is found by the drill, which reads it back.
func TestDrillReadsBack(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), false)
	r.Places = []backup.Place{liar{r.Places[0], r.dir}}
	if _, err := r.Run(ctx, siti, backup.RunBackup); err != nil {
		t.Fatal(err)
	}
	r.Clock.Add(time.Minute)
	if _, err := r.Run(ctx, siti, backup.RunDrill); fault.CodeOf(err) != "backup.checksum" {
		t.Error(err)
	}
}

// A backup that others put at the place, an old one in the name of a new one, is found out
// by the drill with the private key, and no shop is started on it.
func TestAnExchangedBackup(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	made, err := r.Run(ctx, siti, backup.RunBackup)
	r.Must(err)
	text, err := os.ReadFile(filepath.Join(r.dir, made.File.Name))
	r.Must(err)
	r.Clock.Add(time.Hour)
	r.Must(os.WriteFile(filepath.Join(r.dir, backup.NameOf(made.File.Series, r.Clock.Now(), backup.SQLite, true)), text, 0o600))
	if _, err := r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places[:1]); !errors.Is(err, backup.ErrForged) || len(r.started) > 0 {
		t.Error(err, r.started)
	}
	r.WantAlert("drill_failed")
	r.nothingLeft()
}

// What a place says is written down in any code page, wherever it is cut off.
func TestFailuresInAnyCodePage(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		for _, said := range []string{strings.Repeat("é", 400), "x" + strings.Repeat("é", 400), "peti Kam\xE9ra\x00"} {
			r.Places = []backup.Place{saying{r.Places[0], errors.New(said)}}
			r.Clock.Add(time.Minute)
			if _, err := r.Run(ctx, siti, backup.RunBackup); err == nil {
				t.Error("it was stored")
			}
			state, err := r.State(ctx)
			if r.Must(err); state.Runs[0].State != backup.RunFailed || !utf8.ValidString(state.Runs[0].Failure) || state.Running {
				t.Errorf("%+v", state.Runs[0])
			}
		}
		r.WantAlert("backup_failed")
	})
}

// saying is a place that refuses with its own words.
type saying struct {
	backup.Place
	err error
}

func (s saying) Put(context.Context, backup.File, io.Reader) error { return s.err }

// A folder where others may make files leads a run nowhere else.
func TestALockThatLeadsElsewhere(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), false)
	elsewhere, planted := filepath.Join(t.TempDir(), "made"), filepath.Join(r.WorkDir, ".gerai-backup-x")
	r.Must(os.Mkdir(planted, 0o700))
	r.Must(os.Symlink(elsewhere, filepath.Join(planted, "lock")))
	if _, err := r.Run(ctx, siti, backup.RunBackup); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(elsewhere); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file was made there:", err)
	}
}

type liar struct {
	backup.Place
	dir string
}

func (l liar) Put(ctx context.Context, f backup.File, content io.Reader) error {
	if err := l.Place.Put(ctx, f, content); err != nil {
		return err
	}
	path := filepath.Join(l.dir, f.Name)
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text[len(text)/2] ^= 4
	return os.WriteFile(path, text, 0o600)
}

// Not encrypted is said, and is not what a key is asked for.
func TestNotEncrypted(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), false)
	made, err := r.Run(ctx, siti, backup.RunBackup)
	if err != nil || made.File.Encrypted || strings.HasSuffix(made.File.Name, ".age") {
		t.Fatal(made.File, err)
	}
	r.Clock.Add(200 * 24 * time.Hour)
	r.Must(r.Schedule(ctx))
	if slices.Contains(r.Alerts(), "drill_by_hand_due") {
		t.Error(r.Alerts())
	}
}

// One run at a time among all processes, and the one whose process died is taken over.
func TestOneAtATime(t *testing.T) {
	forEach(t, func(t *testing.T, r *rig) {
		r.Must(r.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
			return tx.BeginBackupRun(ctx, store.BackupRun{ID: "other", Kind: backup.RunBackup, Actor: "server"}, time.Minute)
		}))
		if _, err := r.Run(ctx, siti, backup.RunBackup); !errors.Is(err, backup.ErrRunning) {
			t.Error(err)
		}
		if err := r.Ask(ctx, siti, backup.RunBackup); !errors.Is(err, backup.ErrRunning) {
			t.Error(err)
		}
		if state, err := r.State(ctx); err != nil || !state.Running {
			t.Error(state.Running, err)
		}
		r.Clock.Add(time.Minute)
		if _, err := r.Run(ctx, siti, backup.RunBackup); err != nil {
			t.Error(err)
		}
		state, err := r.State(ctx)
		if r.Must(err); len(state.Runs) != 2 || state.Runs[1].State != backup.RunInterrupted {
			t.Errorf("%+v", state.Runs)
		}
	})
}

// A process that is told to stop leaves no alert, and what it had begun is no failure.
func TestStopped(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	ended, end := context.WithCancel(ctx)
	r.Places = []backup.Place{stopping{r.Places[0], end}}
	if _, err := r.Run(ended, siti, backup.RunBackup); !errors.Is(err, backup.ErrInterrupted) {
		t.Error(err)
	}
	if state, err := r.State(ctx); err != nil || state.Runs[0].State != backup.RunInterrupted || len(r.Alerts()) > 0 {
		t.Errorf("%+v %v %v", state.Runs, r.Alerts(), err)
	}
	r.nothingLeft()
}

type stopping struct {
	backup.Place
	end context.CancelFunc
}

func (s stopping) Put(ctx context.Context, _ backup.File, _ io.Reader) error {
	s.end()
	<-ctx.Done()
	return ctx.Err()
}

// A month of days: the daily backup at its hour, a drill in each month, as many kept as
// agreed, an alert when none is made any more, and one for the private key.
func TestSchedule(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	r.Places = r.Places[:1]
	tick := func() {
		t.Helper()
		r.Must(r.Schedule(ctx))
		r.RunAll()
	}
	tick() // the first one is due at once
	state := func() backups.State {
		t.Helper()
		s, err := r.State(ctx)
		r.Must(err)
		return s
	}
	if s := state(); s.Places[0].Count != 1 || len(s.Runs) != 1 || s.Runs[0].Kind != backup.RunDrill || s.Runs[0].Actor != "server" {
		t.Fatalf("%+v", s)
	}
	began := state().Runs[0].StartedAt
	for range 45 * 4 {
		r.Clock.Add(6 * time.Hour)
		tick()
	}
	s := state()
	if len(s.Runs) != 30 || s.Places[0].Count < backup.KeepDaily || s.Places[0].Count > backup.KeepDaily+backup.KeepWeekly+2 || s.Places[0].Age > 30*time.Hour {
		t.Errorf("%d runs, %+v", len(s.Runs), s.Places)
	}
	for _, x := range s.Runs {
		if h := x.StartedAt.In(r.Zone).Hour(); h < 3 || h > 9 || x.Kind == backup.RunDrill != (x.StartedAt.In(r.Zone).Day() == 1) {
			t.Errorf("%s at %s", x.Kind, x.StartedAt.In(r.Zone))
		}
	}
	if len(r.files()) != 2*s.Places[0].Count {
		t.Error(r.files())
	}
	// It cannot be stored for two days: told at once and, when the newest is old, again.
	good := r.Places
	file := filepath.Join(t.TempDir(), "file")
	r.Must(os.WriteFile(file, nil, 0o600))
	r.Places = []backup.Place{renamed{folder.New(filepath.Join(file, "x")), good[0].String()}}
	for range 6 {
		r.Clock.Add(6 * time.Hour)
		tick()
	}
	if got := r.Alerts(); !slices.Contains(got, "backup_failed") || !slices.Contains(got, "backup_old") {
		t.Error(got)
	}
	r.Places = good
	r.Clock.Add(31 * time.Minute)
	tick()
	tick()
	if got := r.Alerts(); slices.Contains(got, "backup_failed") || slices.Contains(got, "backup_old") {
		t.Error(got)
	}
	// All of them are removed by hand.
	r.Must(os.RemoveAll(r.dir))
	r.Must(r.Look(ctx))
	if s := state(); s.Places[0].Count != 0 || !s.BackupDue {
		t.Errorf("%+v", s.Places)
	}
	tick()
	if s := state(); s.Places[0].Count != 1 {
		t.Errorf("%+v", s.Places)
	}
	r.Clock.Set(began.Add(91 * 24 * time.Hour))
	tick()
	if got := r.Alerts(); !slices.Contains(got, "drill_by_hand_due") {
		t.Error(got)
	}
	_, err := r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places)
	r.Must(err)
	tick()
	if got := r.Alerts(); slices.Contains(got, "drill_by_hand_due") {
		t.Error(got)
	}
}

type renamed struct {
	backup.Place
	name string
}

func (r renamed) String() string { return r.name }

// What a person asks for is done once and noted.
func TestAsk(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	r.Must(r.Ask(ctx, siti, backup.RunDrill))
	r.Must(r.Ask(ctx, siti, backup.RunDrill)) // the same job
	r.RunAll()
	state, err := r.State(ctx)
	if r.Must(err); len(state.Runs) != 1 || state.Runs[0].Kind != backup.RunDrill || state.Runs[0].State != backup.RunDone || state.Runs[0].Actor != "staff:siti" {
		t.Errorf("%+v", state.Runs)
	}
	if got := r.Audits("backups"); len(got) != 2 {
		t.Error(got)
	}
	r.noStart = errors.New("nope")
	r.Clock.Add(time.Minute)
	r.Must(r.Ask(ctx, siti, backup.RunDrill))
	r.RunAll()
	for _, k := range []jobs.Kind{jobs.BackupRun, jobs.BackupDrill} {
		if waits, err := r.Store.HasJob(ctx, k, "staff:siti"); err != nil || waits {
			t.Error("it is tried again", err)
		}
	}
	if slices.Contains(r.Alerts(), "job_dead") || !slices.Contains(r.Alerts(), "drill_failed") {
		t.Error(r.Alerts())
	}
	r.Places = nil
	if err := r.Ask(ctx, siti, backup.RunBackup); fault.CodeOf(err) != "backup.no_place" {
		t.Error(err)
	}
}

// Two shops at one place leave each other's backups alone.
func TestTwoShopsAtOnePlace(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	at := r.Clock.Now()
	for i := range 60 {
		name := backup.NameOf("lain", at.Add(-time.Duration(i)*24*time.Hour), backup.SQLite, true)
		r.Must(os.MkdirAll(r.dir, 0o700))
		r.Must(os.WriteFile(filepath.Join(r.dir, name), []byte("x"), 0o600))
	}
	_, err := r.Run(ctx, siti, backup.RunBackup)
	r.Must(err)
	if n := len(r.files()); n != 62 {
		t.Errorf("%d files", n)
	}
	if _, err := r.DrillByHand(ctx, siti, []archive.Identity{r.identity}, r.Places); err != nil {
		t.Error(err)
	}
	// To another place: stored there, and neither noted nor tidied.
	elsewhere := filepath.Join(t.TempDir(), "usb")
	r.Clock.Add(time.Minute)
	made, err := r.RunTo(ctx, siti, backup.RunDrill, folder.New(elsewhere))
	if err != nil || len(made.Stored) != 1 || made.Stored[0].Place != elsewhere || !made.Drilled {
		t.Errorf("%+v %v", made, err)
	}
	if state, err := r.State(ctx); err != nil || state.Places[0].Count != 1 || len(state.Files) != 2 {
		t.Errorf("%+v %v", state, err)
	}
}

// What a process that was killed left in the work folder goes; what another one holds stays.
func TestLeftovers(t *testing.T) {
	r := newRig(t, storetest.SQLite(t), true)
	left := filepath.Join(r.WorkDir, ".gerai-backup-123")
	r.Must(os.MkdirAll(left, 0o700))
	r.Must(os.WriteFile(filepath.Join(left, "payload"), []byte("x"), 0o600))
	_, err := r.Run(ctx, siti, backup.RunBackup)
	r.Must(err)
	r.nothingLeft()
}
