package routeros

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// The scheduler of ends. Its script works out the present in Unix seconds from date, time and
// offset, in the styles of every version, and then does two things: a user that has been
// online and whose comment says how long it is valid from then on gets its end written
// there, and a user past its end is disabled, with its cookies and sessions. A clock before
// 2025 was never set and ends nothing; one that is ahead by no more than the grace ends
// nothing early. Only bounds in full are read: other comments may speak of an end in their own
// way. No number begins with a zero where it is read: that may mean octal.
const endsScript = `# Gerai: akhir voucher juga berlaku selama toko tidak berjalan. Jangan diubah.
:local d [/system clock get date]
:local t [:tostr [/system clock get time]]
:local o [:tostr [/system clock get gmt-offset]]
:local y 0
:local m 0
:local e 0
:if ([:pick $d 4 5] = "-") do={
  :set y [:tonum [:pick $d 0 4]]
  :set m ([:tonum ("1" . [:pick $d 5 7])] - 100)
  :set e ([:tonum ("1" . [:pick $d 8 10])] - 100)
} else={
  :set y [:tonum [:pick $d 7 11]]
  :set m (([:find "janfebmaraprmayjunjulaugsepoctnovdec" [:pick $d 0 3]] / 3) + 1)
  :set e ([:tonum ("1" . [:pick $d 4 6])] - 100)
}
:if ($m < 3) do={
  :set y ($y - 1)
  :set m ($m + 12)
}
:local days (($y * 365) + ($y / 4) - ($y / 100) + ($y / 400) + (((153 * ($m - 3)) + 2) / 5) + $e - 719469)
:local s ((([:tonum ("1" . [:pick $t 0 2])] - 100) * 3600) + (([:tonum ("1" . [:pick $t 3 5])] - 100) * 60) + [:tonum ("1" . [:pick $t 6 8])] - 100)
:local z 0
:if ([:typeof [:find $o ":"]] = "num") do={
  :local p ([:find $o ":"] - 2)
  :set z ((([:tonum ("1" . [:pick $o $p ($p + 2)])] - 100) * 3600) + (([:tonum ("1" . [:pick $o ($p + 3) ($p + 5)])] - 100) * 60))
  :if ([:pick $o 0 1] = "-") do={ :set z (0 - $z) }
} else={
  :set z [:tonum $o]
  :if ($z > 86400) do={ :set z ($z - 4294967296) }
}
:local now (($days * 86400) + $s - $z)
:if ($now > 1735689600) do={
  :foreach i in=[/ip hotspot user find where comment~"-after[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]" disabled=no uptime>0s] do={
    :do {
      :local c [/ip hotspot user get $i comment]
      :local p [:find $c "-after"]
      :local v ([:tonum ("1" . [:pick $c ($p + 6) ($p + 14)])] - 100000000)
      /ip hotspot user set $i comment=([:pick $c 0 $p] . "-until" . ($now + $v) . [:pick $c ($p + 14) [:len $c]])
    } on-error={ :log warning "gerai-ends: first login not noted" }
  }
  :foreach i in=[/ip hotspot user find where comment~"-until[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]" disabled=no] do={
    :do {
      :local c [/ip hotspot user get $i comment]
      :local p [:find $c "-until"]
      :if ($now > ([:tonum [:pick $c ($p + 6) ($p + 16)]] + 120)) do={
        :local n [/ip hotspot user get $i name]
        /ip hotspot user set $i disabled=yes
        /ip hotspot cookie remove [find where user=$n]
        /ip hotspot active remove [find where user=$n]
      }
    } on-error={ :log warning "gerai-ends: a user was not ended" }
  }
}
`

// endsEvery is how often the scheduler runs. With the grace and a clock that is as wrong as it
// may be, a user is online past its end for 120 + 45 + 120 seconds, less than five minutes.
const endsEvery = 45 * time.Second

// endsMark is the scheduler's comment; another number is another script's.
const endsMark = hotspot.ProvisioningMark + ": akhir voucher 2"

// endsFields is the scheduler as it should be. Start date and time are always given: 7.24.0
// to 7.24.4 do not run a scheduler without a date. Its rights are those it uses.
func endsFields(v version) map[string]string {
	date := "jan/01/1970"
	if !v.before(7, 10, 0) {
		date = "1970-01-01"
	}
	return map[string]string{"name": hotspot.EndsScheduler, "start-date": date, "start-time": "00:00:00", "interval": duration(endsEvery), "policy": "read,write",
		"on-event": endsScript, "comment": endsMark}
}

// endsColumns are what the scheduler is compared by.
const endsColumns = ".id,name,owner,disabled,start-date,start-time,interval,policy,on-event,comment"

func (s *session) endsRow() (row, error) {
	rows, err := s.read(schedulerMenu+"/print", "=.proplist="+endsColumns, "?name="+hotspot.EndsScheduler)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// endsState compares a row with what it should be, for the account that keeps it.
func endsState(have row, user string) hotspot.SchedulerState {
	fields := endsFields(version{})
	switch {
	case have == nil:
		return hotspot.SchedulerMissing
	case have["comment"] != endsMark && strings.HasPrefix(have["comment"], endsMark[:strings.LastIndexByte(endsMark, ' ')]), have["owner"] != "" && have["owner"] != user:
		return hotspot.SchedulerOutdated
	case !agrees(fields, have):
		return hotspot.SchedulerAltered
	case yes(have["disabled"]):
		return hotspot.SchedulerOff
	}
	return hotspot.SchedulerOn
}

// HoldEnds writes the scheduler where it differs. One that another account made is made
// again: what becomes of it when that account goes is not known.
func (d *Driver) HoldEnds(ctx context.Context, r hotspot.Router, on bool) (changed bool, err error) {
	err = d.doOn(ctx, massWork, d.o.OpTimeout, "hold ends", r, func(s *session) error {
		have, err := s.endsRow()
		if err != nil {
			return err
		}
		want := hotspot.SchedulerOff
		if on {
			want = hotspot.SchedulerOn
		}
		if endsState(have, r.User) == want {
			return nil
		}
		resource, err := s.read("/system/resource/print", "=.proplist=version")
		if err != nil {
			return err
		}
		changed = true
		return s.writeEnds(have, endsFields(parseVersion(first(resource)["version"])), on)
	})
	return changed, err
}

func (s *session) writeEnds(have row, fields map[string]string, on bool) error {
	fields["disabled"] = "yes"
	if on {
		fields["disabled"] = "no"
	}
	if have != nil && have["owner"] != "" && have["owner"] != s.r.User {
		if _, err := s.write(schedulerMenu+"/remove", "=.id="+have[".id"]); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		have = nil
	}
	verb := []string{schedulerMenu + "/add"}
	if have != nil {
		verb = []string{schedulerMenu + "/set", "=.id=" + have[".id"]}
	}
	if _, err := s.write(append(verb, wordsOf(fields)...)...); err != nil {
		return err
	}
	now, err := s.endsRow()
	if err != nil {
		return lost(err)
	}
	if state := endsState(now, s.r.User); state != hotspot.SchedulerOn && state != hotspot.SchedulerOff {
		return fault.Wrap(fault.Refused, "router.kit_not_taken", fmt.Errorf("scheduler %s reads back %s", hotspot.EndsScheduler, state))
	}
	return nil
}

// ends plans the scheduler, unless device-mode forbids schedulers or the account may not read
// them: then the audit says so.
func (p *planner) ends() {
	mode := first(p.v.rows["/system/device-mode"])["scheduler"]
	if mode != "" && !yes(mode) || slices.Contains(p.v.unreadable, schedulerMenu) {
		return
	}
	after := endsFields(p.v.version)
	after["disabled"] = "no"
	if have, found := p.v.named(schedulerMenu, hotspot.EndsScheduler); found {
		p.set(hotspot.StepScheduler, hotspot.EndsScheduler, schedulerMenu, "name", have, after)
		return
	}
	p.add(hotspot.StepScheduler, hotspot.EndsScheduler, schedulerMenu, "name", after)
}

// ends writes the scheduler for operators who import the script.
func (w *script) ends() {
	w.heading("6. Voucher tetap berakhir walau toko sedang tidak berjalan: satu penjadwal untuk semua voucher.")
	fields := endsFields(version{})
	delete(fields, "start-date")
	name := "name=" + quoted(hotspot.EndsScheduler)
	set := assign(fields) + " start-date=$day disabled=no"
	w.line("{")
	w.line(`:local day "jan/01/1970"`)
	w.line(`:if ([:pick [/system clock get date] 4 5] = "-") do={ :set day "1970-01-01" }`)
	w.ensure("/system scheduler", name, set, set)
	w.line("}")
}
