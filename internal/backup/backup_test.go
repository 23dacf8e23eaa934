package backup

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
)

func TestNames(t *testing.T) {
	at := time.Date(2026, 12, 1, 20, 0, 3, 45e6, time.UTC)
	for _, engine := range []string{SQLite, Postgres} {
		for _, sealed := range []bool{false, true} {
			name := NameOf("k3s9", at.In(jakarta), engine, sealed)
			f, ok := ParseName(name)
			if !ok || f.Name != name || f.Series != "k3s9" || !f.TakenAt.Equal(at) || f.Engine != engine || f.Encrypted != sealed {
				t.Errorf("%s: %+v %v", name, f, ok)
			}
		}
	}
	for _, name := range []string{"", "gerai.db", "gerai-k3s9-20261201T200003.045Z-sqlite.tar.zst.age.sha256", ".gerai-k3s9-20261201T200003.045Z-sqlite.tar.zst.part",
		"gerai-k3s9-20261301T200003.045Z-sqlite.tar.zst", "gerai-k3s9-20261201T200003.045Z-mysql.tar.zst", "gerai-../x-20261201T200003.045Z-sqlite.tar.zst"} {
		if f, ok := ParseName(name); ok {
			t.Errorf("%q is %+v", name, f)
		}
	}
	sum := strings.Repeat("0a", 32)
	f := File{Name: "x.age", SHA256: sum}
	if ParseChecksum(ChecksumText(f), "x.age") != sum || ParseChecksum(ChecksumText(f), "y.age") != "" || ParseChecksum("x.age", "x.age") != "" || ParseChecksum(sum+" *x.age", "x.age") != sum {
		t.Error("checksums are not read back")
	}
}

func TestManifest(t *testing.T) {
	good := Manifest{Format: Format, TakenAt: time.Unix(1, 0), Contents: Contents{Engine: SQLite, Schema: 28, Tables: map[string]int64{"orders": 2, "audit": 3}, Audit: AuditHead{3, "h"}},
		Payload: Payload{Bytes: 1, SHA256: strings.Repeat("0", 64)}}
	if err := good.Check(); err != nil || good.Rows() != 5 {
		t.Error(err, good.Rows())
	}
	newer, empty := good, good
	newer.Format++
	empty.Tables = nil
	if fault.CodeOf(newer.Check()) != "backup.newer" || fault.CodeOf(empty.Check()) != "backup.damaged" {
		t.Error(newer.Check(), empty.Check())
	}
	other := Contents{Engine: Postgres, Schema: 29, Tables: map[string]int64{"orders": 1, "routers": 1, "audit": 3}, Audit: AuditHead{3, "other"}}
	if d := good.Differences(other); len(d) != 4 || !slices.Contains(d, "orders has 1 rows, not 2") || !slices.Contains(d, "routers has 1 rows, not 0") {
		t.Error(d)
	}
	if d := good.Differences(good.Contents); len(d) != 0 {
		t.Error(d)
	}
}

func TestDue(t *testing.T) {
	at, err := ParseTimeOfDay("03:00")
	if err != nil || at.String() != "03:00" {
		t.Fatal(at, err)
	}
	for _, c := range []struct {
		newest, now string
		due         bool
	}{
		{"2026-11-30 03:00", "2026-12-01 02:59", false}, {"2026-11-30 03:00", "2026-12-01 03:00", true}, {"2026-12-01 03:01", "2026-12-01 23:00", false},
		{"2026-12-01 02:00", "2026-12-01 04:00", true}, {"2026-12-01 03:01", "2026-12-02 02:00", false}, {"2026-10-01 03:00", "2026-12-01 02:00", true},
	} {
		if got := Due(local(t, c.newest), local(t, c.now).UTC(), at, jakarta); got != c.due {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if !Due(time.Time{}, local(t, "2026-12-01 02:00"), at, jakarta) {
		t.Error("the first one is not due")
	}
	for _, c := range []struct {
		last, now string
		due       bool
	}{
		{"2026-11-30 23:00", "2026-12-01 00:00", true}, {"2026-12-01 00:00", "2026-12-31 23:59", false}, {"2025-12-31 03:00", "2026-12-01 03:00", true}, {"2027-01-01 03:00", "2026-12-01 03:00", false},
	} {
		if got := DrillDue(local(t, c.last), local(t, c.now), jakarta); got != c.due {
			t.Errorf("drill %+v: %v", c, got)
		}
	}
	if !DrillDue(time.Time{}, time.Now(), jakarta) {
		t.Error("the first drill is not due")
	}
	// Where summer time begins, 03:00 may not be there.
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	half, err := ParseTimeOfDay("02:30")
	if err != nil {
		t.Fatal(err)
	}
	if slot := Slot(time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC), half, berlin); slot.After(time.Date(2026, 3, 29, 2, 0, 0, 0, time.UTC)) || slot.Before(time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)) {
		t.Error(slot)
	}
	for _, bad := range []string{"", "3", "3:00", "24:00", "03:60", "03.00", "03:00:00", "+3:00"} {
		if _, err := ParseTimeOfDay(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestNewestIsNotOfTheFuture(t *testing.T) {
	now := local(t, "2026-12-01 03:00")
	files := []File{taken(now.Add(-50 * time.Hour)), taken(now.AddDate(1, 0, 0)), taken(now.Add(-26 * time.Hour))}
	if f, ok := Newest(files, now); !ok || !f.TakenAt.Equal(now.Add(-26*time.Hour)) {
		t.Error(f, ok)
	}
	if _, ok := Newest(files[1:2], now); ok {
		t.Error("what is still to come counts")
	}
}

func TestTargets(t *testing.T) {
	for in, want := range map[string]Target{
		"/var/backups/gerai/": {Dir: "/var/backups/gerai"},
		"./backups":           {Dir: "backups"},
		"s3://s3.ap-southeast-3.amazonaws.com/toko-backup/gerai/": {Endpoint: "s3.ap-southeast-3.amazonaws.com", Bucket: "toko-backup", Prefix: "gerai"},
		"s3://S3.Example.com:9000/toko?region=id-1":               {Endpoint: "s3.example.com:9000", Bucket: "toko", Region: "id-1"},
		"s3://127.0.0.1:9000/toko/a/b?tls=off":                    {Endpoint: "127.0.0.1:9000", Bucket: "toko", Prefix: "a/b", Plain: true},
		"s3://[::1]:9000/toko":                                    {Endpoint: "[::1]:9000", Bucket: "toko"},
		"s3://localhost/toko":                                     {Endpoint: "localhost", Bucket: "toko"},
	} {
		got, err := ParseTarget(in)
		if err != nil || got != want {
			t.Errorf("%s: %+v %v", in, got, err)
		}
		if again, err := ParseTarget(got.String()); err != nil || again != got {
			t.Errorf("%s is written as %s: %+v %v", in, got, again, err)
		}
	}
	for _, bad := range []string{"", "ftp://x/y", "s3://toko/gerai", "s3:///toko", "s3://s3.example.com", "s3://s3.example.com/", "s3://s3.example.com/A_B", "s3://key:secret@s3.example.com/toko",
		"s3://s3.example.com/toko?tls=no", "s3://s3.example.com/toko?acl=public", "s3://s3.example.com/toko#x", "s3://s3.example.com/toko?region=a&region=b"} {
		if got, err := ParseTarget(bad); err == nil {
			t.Errorf("%q is %+v", bad, got)
		}
	}
	if all, err := ParseTargets("/a, s3://s3.example.com/toko"); err != nil || len(all) != 2 || all[0].S3() || !all[1].S3() {
		t.Error(all, err)
	}
	for _, bad := range []string{"/a,/a/", "/a,", "/a,/b,/c,/d,/e"} {
		if _, err := ParseTargets(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}
