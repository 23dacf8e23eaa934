package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/fault"
)

const (
	// partSize is what one request sends: lost with a connection that breaks, and held
	// in memory. The store takes 10,000 parts, so a backup may have 160 GB.
	partSize = 16 << 20
	// slowest is the pace in bytes a second that an upload or download has to keep,
	// after graceTime.
	slowest   = 32 << 10
	graceTime = 5 * time.Minute
	// callTime bounds a request that moves no backup.
	callTime = 30 * time.Second
	retries  = 4
	// staleUpload is the age from which an upload that never ended is given up.
	staleUpload = 24 * time.Hour
)

// Options say which bucket, and who asks.
type Options struct {
	Target      backup.Target
	Key, Secret string
	Transport   http.RoundTripper // default: a pool of its own
	Clock       clock.Clock       // default: the system's
}

// Bucket implements backup.Place.
type Bucket struct {
	target backup.Target
	client *minio.Client
	clock  clock.Clock
}

var _ backup.Place = (*Bucket)(nil)

// New returns the bucket of an address; nothing is asked yet.
func New(o Options) (*Bucket, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: time.Minute,
			IdleConnTimeout:       time.Minute,
			MaxIdleConnsPerHost:   2,
			DisableCompression:    true, // a backup is compressed and must arrive as it is
		}
	}
	client, err := minio.New(o.Target.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(o.Key, o.Secret, ""), Secure: !o.Target.Plain, Region: o.Target.Region,
		Transport: o.Transport, MaxRetries: retries})
	if err != nil {
		return nil, fault.Wrap(fault.Config, "backup.place_denied", err)
	}
	return &Bucket{target: o.Target, client: client, clock: o.Clock}, nil
}

// String is the address without the key.
func (b *Bucket) String() string { return b.target.String() }

// Put implements backup.Place.
func (b *Bucket) Put(ctx context.Context, f backup.File, content io.Reader) error {
	if _, ok := backup.ParseName(f.Name); !ok {
		return fmt.Errorf("%q is no name of a backup", f.Name)
	}
	ctx, cancel := context.WithTimeout(ctx, timeFor(f.Bytes))
	defer cancel()
	b.sweep(ctx, f.Series)
	switch _, err := b.client.StatObject(ctx, b.target.Bucket, b.key(f.Name), minio.StatObjectOptions{}); {
	case err == nil:
		return backup.ErrTaken
	case !absent(err):
		return placed(err)
	}
	sum := strings.NewReader(backup.ChecksumText(f))
	if _, err := b.client.PutObject(ctx, b.target.Bucket, b.key(backup.ChecksumName(f.Name)), sum, sum.Size(), minio.PutObjectOptions{ContentType: "text/plain", SendContentMd5: true}); err != nil {
		return placed(err)
	}
	stored, err := b.client.PutObject(ctx, b.target.Bucket, b.key(f.Name), content, f.Bytes, minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true,
		PartSize: partSize, NumThreads: 1})
	if err != nil {
		return placed(err)
	}
	if stored.Size != f.Bytes {
		return backup.ErrDamaged.With(fmt.Errorf("%d bytes were stored of %d", stored.Size, f.Bytes))
	}
	return nil
}

// timeFor is how long moving so many bytes may take.
func timeFor(bytes int64) time.Duration {
	return graceTime + time.Duration(bytes/slowest)*time.Second
}

// sweep gives up uploads that an earlier process began and never ended: stores keep and
// bill their parts. One that may not list them cannot; its bucket needs a rule for that.
func (b *Bucket) sweep(ctx context.Context, series string) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for u := range b.client.ListIncompleteUploads(ctx, b.target.Bucket, b.key("gerai-"+series+"-"), false) {
		if u.Err == nil && b.clock.Now().Sub(u.Initiated) > staleUpload {
			_ = b.client.RemoveIncompleteUpload(ctx, b.target.Bucket, u.Key) // the next one tries again
		}
	}
}

// List implements backup.Place.
func (b *Bucket) List(ctx context.Context) (out []backup.File, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for o := range b.client.ListObjects(ctx, b.target.Bucket, minio.ListObjectsOptions{Prefix: b.key("gerai-"), Recursive: false}) {
		if o.Err != nil {
			return nil, placed(o.Err)
		}
		if f, ok := backup.ParseName(path.Base(o.Key)); ok {
			f.Bytes = o.Size
			out = append(out, f)
		}
	}
	return out, placed(ctx.Err())
}

// Checksum implements backup.Place.
func (b *Bucket) Checksum(ctx context.Context, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	o, err := b.client.GetObject(ctx, b.target.Bucket, b.key(backup.ChecksumName(name)), minio.GetObjectOptions{})
	if err != nil {
		return "", placed(err)
	}
	defer o.Close() //nolint:errcheck // only read
	const most = 4 << 10
	text, err := io.ReadAll(io.LimitReader(o, most))
	if absent(err) {
		return "", nil
	}
	return backup.ParseChecksum(string(text), name), placed(err)
}

// Open implements backup.Place. The caller's context bounds the reading.
func (b *Bucket) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	o, err := b.client.GetObject(ctx, b.target.Bucket, b.key(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, placed(err)
	}
	info, err := o.Stat() // the first request is made here
	if err != nil {
		return nil, errors.Join(placed(err), o.Close())
	}
	ctx, cancel := context.WithTimeout(ctx, timeFor(info.Size))
	return &object{Object: o, in: backup.Until(ctx, o), cancel: cancel}, nil
}

// object is read within its time.
type object struct {
	*minio.Object
	in     io.Reader
	cancel context.CancelFunc
}

// Read reads.
func (o *object) Read(p []byte) (int, error) {
	n, err := o.in.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = placed(err)
	}
	return n, err
}

// Close ends the request.
func (o *object) Close() error {
	o.cancel()
	return o.Object.Close()
}

// Remove implements backup.Place.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	for _, each := range []string{name, backup.ChecksumName(name)} {
		if err := b.client.RemoveObject(ctx, b.target.Bucket, b.key(each), minio.RemoveObjectOptions{}); err != nil && !absent(err) {
			return placed(err)
		}
	}
	return nil
}

func (b *Bucket) key(name string) string { return path.Join(b.target.Prefix, name) }

// absent reports whether the store says that there is no such object.
func absent(err error) bool {
	return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey
}

// placed says what is wrong with the store. Its answers hold no secret.
func placed(err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case absent(err):
		return backup.ErrGone.With(err)
	case answer.Code == "QuotaExceeded", answer.Code == "XMinioStorageFull", answer.Code == "XMinioAdminBucketQuotaExceeded", answer.StatusCode == http.StatusInsufficientStorage:
		return backup.ErrFull.With(err)
	case answer.StatusCode == http.StatusForbidden, answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusNotFound,
		answer.StatusCode == http.StatusBadRequest, answer.StatusCode == http.StatusMovedPermanently:
		return backup.ErrDenied.With(err)
	}
	return backup.ErrUnreachable.With(err)
}
