package bench

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	_ "github.com/jackc/pgx/v5/stdlib" // the other engine's driver for database/sql
	"github.com/valyala/fasthttp"
)

// Controls do the work of one page with as little as it can be done with, in a process of their own and in the same run: what is left
// between them and the shop is what the shop adds.

// served is where a control is.
type served struct{ URL string }

// answer is one answer of the shop as it came over the wire: the headers without those that every server writes itself, and the
// body, packed or not.
type answer struct {
	Header http.Header
	Body   []byte
}

// fields are the headers in a form that can be set quickly.
func (a answer) fields() (out [][2]string) {
	for name, values := range a.Header {
		switch name {
		case "Content-Length", "Date", "Connection", "Server":
			continue
		}
		for _, v := range values {
			out = append(out, [2]string{name, v})
		}
	}
	return out
}

// playFiber serves one answer from memory: Fiber with nothing around it.
func playFiber(task []byte) (any, error) {
	var a answer
	if err := json.Unmarshal(task, &a); err != nil {
		return nil, err
	}
	app, fields := fiber.New(fiber.Config{DisableStartupMessage: true}), a.fields()
	app.Get("/", func(c *fiber.Ctx) error {
		for _, f := range fields {
			c.Set(f[0], f[1])
		}
		c.Response().SetBodyRaw(a.Body)
		return nil
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = app.Listener(l) }() // ends with the process
	return served{"http://" + l.Addr().String() + "/"}, nil
}

// readAndRender is the task of the control of the order page.
type readAndRender struct {
	Database string // of the shop, which runs on it
	Code     string // of the order
	Page     answer // unpacked
}

// orderRow is what the control reads. The shop's own reading opens what is sealed besides, and joins what else the page shows.
type orderRow struct {
	Code, Username, Status, Item, Flags, Attention string
	Total, Created, Expires                        int64
	Paid, Activated, ValidUntil                    sql.NullInt64
}

const orderQuery = `SELECT code, username, status, item, flags, attention, total, created_ms, expires_ms, paid_ms, activated_ms, valid_until_ms FROM orders WHERE code = $1`

// Amount is the total as the page has it.
func (r orderRow) Amount() string {
	s := strconv.FormatInt(r.Total, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return "Rp" + s
}

// playOrderPage is net/http with one prepared statement and html/template: each request reads the order and renders the shop's own
// page of it, of which code, user name and amount are from the row.
func playOrderPage(task []byte) (any, error) {
	var in readAndRender
	if err := json.Unmarshal(task, &in); err != nil {
		return nil, err
	}
	db, err := openControl(in.Database)
	if err != nil {
		return nil, err
	}
	statement, err := db.Prepare(orderQuery)
	if err != nil {
		return nil, err
	}
	read := func() (r orderRow, err error) {
		return r, statement.QueryRow(in.Code).Scan(&r.Code, &r.Username, &r.Status, &r.Item, &r.Flags, &r.Attention, &r.Total, &r.Created, &r.Expires, &r.Paid, &r.Activated, &r.ValidUntil)
	}
	row, err := read()
	if err != nil {
		return nil, err
	}
	page, err := template.New("").Parse(strings.NewReplacer(row.Code, "{{.Code}}", row.Username, "{{.Username}}", row.Amount(), "{{.Amount}}").Replace(string(in.Page.Body)))
	if err != nil {
		return nil, err
	}
	render := func() ([]byte, error) {
		row, err := read()
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = page.Execute(&out, row)
		return out.Bytes(), err
	}
	if html, err := render(); err != nil || !bytes.Equal(html, in.Page.Body) {
		return nil, fmt.Errorf("the control does not render the shop's page: %d bytes instead of %d, %w", len(html), len(in.Page.Body), err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	fields := in.Page.fields()
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // ends with the process
			html, err := render()
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			for _, f := range fields {
				w.Header().Add(f[0], f[1])
			}
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				w.Header().Set("Content-Encoding", "gzip")
				html = fasthttp.AppendGzipBytesLevel(make([]byte, 0, len(html)/3), html, shopGzip)
			}
			w.Header().Set("Content-Length", strconv.Itoa(len(html)))
			_, _ = w.Write(html) // the load generator counts what it got
		}))
	}()
	return served{"http://" + l.Addr().String() + "/"}, nil
}

// shopGzip is the level at which the shop packs rendered pages (internal/httpx).
const shopGzip = 5

// openControl opens the shop's database for reading, with as many connections as the shop.
func openControl(database string) (*sql.DB, error) {
	path, file := strings.CutPrefix(database, "sqlite:")
	if !file {
		db, err := sql.Open("pgx", database)
		if err == nil {
			db.SetMaxOpenConns(24)
			db.SetMaxIdleConns(24)
		}
		return db, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err == nil {
		db.SetMaxOpenConns(4)
		db.SetMaxIdleConns(4)
	}
	return db, err
}

// playEmpty answers any request with nothing, as the control of the webhook.
func playEmpty([]byte) (any, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { // ends with the process
		_ = http.Serve(l, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	}()
	return served{"http://" + l.Addr().String() + "/"}, nil
}
