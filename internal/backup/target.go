package backup

import (
	"net"
	"net/netip"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"gerai/internal/mistake"
)

// Target is the address of a place, without its secrets.
type Target struct {
	Dir string // of a folder, "" for a bucket

	Endpoint string // host, or host:port
	Bucket   string
	Prefix   string // without slashes at its ends
	Region   string // "" to ask the endpoint
	Plain    bool   // http
}

// S3 reports whether it is a bucket.
func (t Target) S3() bool { return t.Dir == "" }

// String is the address as it may be written again.
func (t Target) String() string {
	if !t.S3() {
		return t.Dir
	}
	q := url.Values{}
	if t.Region != "" {
		q.Set("region", t.Region)
	}
	if t.Plain {
		q.Set("tls", "off")
	}
	u := url.URL{Scheme: "s3", Host: t.Endpoint, Path: "/" + t.Bucket, RawQuery: q.Encode()}
	if t.Prefix != "" {
		u.Path += "/" + t.Prefix
	}
	return u.String()
}

// mostTargets bounds how many places one shop writes to.
const mostTargets = 4

// ParseTargets reads a list of places with commas between them.
func ParseTargets(s string) (out []Target, err error) {
	parts := strings.Split(s, ",")
	if len(parts) > mostTargets {
		return nil, mistake.New("names %d places, at most %d are allowed", len(parts), mostTargets)
	}
	seen := map[string]bool{}
	for i, part := range parts {
		t, err := ParseTarget(strings.TrimSpace(part))
		if err != nil {
			return nil, mistake.New("place %d %s", i+1, err)
		}
		if seen[t.String()] {
			return nil, mistake.New("place %d is named twice", i+1)
		}
		seen[t.String()] = true
		out = append(out, t)
	}
	return out, nil
}

var (
	bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	regionName = regexp.MustCompile(`^[a-z0-9-]{2,40}$`)
)

// ParseTarget reads a folder or s3://HOST[:PORT]/BUCKET[/PREFIX][?region=R&tls=off].
func ParseTarget(s string) (Target, error) {
	scheme, _, isURL := strings.Cut(s, "://")
	switch {
	case s == "":
		return Target{}, mistake.New("is empty")
	case isURL && scheme == "s3":
		return parseS3(s)
	case isURL:
		return Target{}, mistake.New("must be a folder or begin with s3://")
	}
	return Target{Dir: filepath.Clean(s)}, nil
}

func parseS3(s string) (Target, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Fragment != "" {
		return Target{}, mistake.New("must look like s3://HOST/BUCKET/PREFIX")
	}
	if u.User != nil {
		return Target{}, mistake.New("must not hold the key: it belongs into GERAI_BACKUP_S3_KEY and GERAI_BACKUP_S3_SECRET")
	}
	host := u.Hostname()
	_, notIP := netip.ParseAddr(host)
	if !strings.Contains(host, ".") && host != "localhost" && notIP != nil && u.Port() == "" {
		return Target{}, mistake.New("must name the host of the store before the bucket, like s3://s3.example.com/BUCKET/PREFIX")
	}
	t := Target{Endpoint: strings.ToLower(host)}
	if strings.Contains(host, ":") {
		t.Endpoint = "[" + t.Endpoint + "]"
	}
	if u.Port() != "" {
		t.Endpoint = net.JoinHostPort(strings.ToLower(host), u.Port())
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if t.Bucket, t.Prefix = bucket, strings.Trim(prefix, "/"); !bucketName.MatchString(bucket) {
		return Target{}, mistake.New("must name a bucket after the host, like s3://s3.example.com/BUCKET/PREFIX")
	}
	for name, values := range u.Query() {
		switch {
		case name == "region" && len(values) == 1 && regionName.MatchString(values[0]):
			t.Region = values[0]
		case name == "tls" && len(values) == 1 && values[0] == "off":
			t.Plain = true
		default:
			return Target{}, mistake.New("may have region=NAME and tls=off after the question mark, nothing else")
		}
	}
	return t, nil
}

// ParseObject reads the address of one backup in a bucket: that of the bucket with the
// name behind it.
func ParseObject(s string) (t Target, name string, err error) {
	t, err = ParseTarget(s)
	if err != nil || !t.S3() {
		return t, "", err
	}
	name = path.Base(t.Prefix)
	if _, ok := ParseName(name); !ok {
		return t, "", mistake.New("must end in the name of a backup")
	}
	t.Prefix = strings.Trim(strings.TrimSuffix(t.Prefix, name), "/")
	return t, name, nil
}
