package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"gerai/internal/hotspot"
)

// OnlineSessions is when a router last said who is online on it, and how many devices that
// are.
type OnlineSessions struct {
	RouterID string
	At       time.Time
	Devices  int
}

// onlineSession is a session as the sealed list has it.
type onlineSession struct {
	User   string `json:"u"` // as hotspot.NameKey has it: a router may hold any bytes
	MAC    string `json:"m"`
	IP     string `json:"i,omitempty"`
	Server string `json:"s,omitempty"`
	Name   string `json:"n,omitempty"`
	Uptime int64  `json:"t,omitempty"` // seconds
	Left   int64  `json:"l,omitempty"` // seconds
	Bytes  int64  `json:"b,omitempty"`
}

func onlinePurpose(routerID string) string { return "online:" + routerID }

// mostOnlineBytes bounds one list when it is opened.
const mostOnlineBytes = 64 << 20

var (
	sqlOnline     = request(`SELECT router_id, at_ms, devices FROM online_sessions`)
	sqlOnlineBody = request(`SELECT body FROM online_sessions WHERE router_id = $1`)
)

// Online says for each router when it last told who is online, and how many devices that
// are.
func (r reads) Online(ctx context.Context) ([]OnlineSessions, error) {
	return queryAll(ctx, r.q, func(row scanner) (OnlineSessions, error) {
		var x OnlineSessions
		var when unixMillis
		err := row.Scan(&x.RouterID, &when, &x.Devices)
		x.At = when.Time
		return x, err
	}, sqlOnline)
}

// OnlineOn lists who was online on a router when it last told, in the order it was noted in.
func (r reads) OnlineOn(ctx context.Context, routerID string) ([]hotspot.Session, error) {
	body, found, err := queryOptional(ctx, r.q, scanString, sqlOnlineBody, routerID)
	if err != nil || !found {
		return nil, err
	}
	if err := r.unseal(&body, onlinePurpose(routerID)); err != nil {
		return nil, err
	}
	in, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("sessions of router %s: %w", routerID, err)
	}
	var rows []onlineSession
	if err := json.NewDecoder(io.LimitReader(in, mostOnlineBytes)).Decode(&rows); err != nil {
		return nil, fmt.Errorf("sessions of router %s: %w", routerID, err)
	}
	out := make([]hotspot.Session, len(rows))
	for i, x := range rows {
		out[i] = hotspot.Session{User: hotspot.KeyName(x.User), MAC: x.MAC, IP: x.IP, Server: x.Server, Name: x.Name,
			Uptime: time.Duration(x.Uptime) * time.Second, Left: time.Duration(x.Left) * time.Second, Bytes: x.Bytes}
	}
	return out, nil
}

// NoteOnline replaces what is known of who is online on a router, as it told at an instant.
func (t *Tx) NoteOnline(ctx context.Context, routerID string, told time.Time, all []hotspot.Session) error {
	body, err := t.sealOnline(routerID, all)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO online_sessions (router_id, at_ms, devices, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (router_id) DO UPDATE SET at_ms = excluded.at_ms, devices = excluded.devices, body = excluded.body`,
		routerID, at(told), len(all), body)
	if err != nil {
		return fmt.Errorf("note who is online on router %s: %w", routerID, err)
	}
	return nil
}

// CorrectOnline replaces the list that a router told at an instant; false where it has told
// another one since.
func (t *Tx) CorrectOnline(ctx context.Context, routerID string, told time.Time, all []hotspot.Session) (bool, error) {
	body, err := t.sealOnline(routerID, all)
	if err != nil {
		return false, err
	}
	done, err := t.touched(ctx, `UPDATE online_sessions SET devices = $3, body = $4 WHERE router_id = $1 AND at_ms = $2`, routerID, at(told), len(all), body)
	if err != nil {
		return false, fmt.Errorf("correct who is online on router %s: %w", routerID, err)
	}
	return done, nil
}

// ForgetOnline deletes the list of a router.
func (t *Tx) ForgetOnline(ctx context.Context, routerID string) error {
	if _, err := t.exec(ctx, `DELETE FROM online_sessions WHERE router_id = $1`, routerID); err != nil {
		return fmt.Errorf("forget who is online on router %s: %w", routerID, err)
	}
	return nil
}

// sealOnline is a list as its table keeps it.
func (t *Tx) sealOnline(routerID string, all []hotspot.Session) (string, error) {
	rows := make([]onlineSession, len(all))
	for i, x := range all {
		rows[i] = onlineSession{User: hotspot.NameKey(x.User), MAC: x.MAC, IP: x.IP, Server: x.Server, Name: x.Name,
			Uptime: int64(x.Uptime / time.Second), Left: int64(x.Left / time.Second), Bytes: x.Bytes}
	}
	var packed bytes.Buffer
	out, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return "", err
	}
	if err := json.NewEncoder(out).Encode(rows); err != nil {
		return "", err
	}
	if err := out.Close(); err != nil {
		return "", err
	}
	return t.sealer.seal(packed.String(), onlinePurpose(routerID))
}
