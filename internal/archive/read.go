package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"gerai/internal/backup"
)

const (
	ageIntro     = "age-encryption.org/"
	manifestMost = 4 << 20
	// mostPadding is what may follow the end of the tar: tools fill their last block.
	mostPadding = 1 << 20
)

// Identity is a private key that opens archives.
type Identity = age.Identity

// Identities reads private keys as age-keygen writes them. Errors: Config
// "backup.identity_wrong".
func Identities(file io.Reader) ([]Identity, error) {
	all, err := age.ParseIdentities(file)
	if err != nil {
		return nil, backup.ErrIdentityWrong.With(err)
	}
	return all, nil
}

// Unpack reads a whole archive and writes its payload to a file that must not be
// there. accept is asked about the manifest before anything of the payload is read: a
// place may hold what others wrote. Nothing is believed before all of it was read and
// the payload is what the manifest says; what was written of a payload that is not is
// removed. Errors: those of accept, Refused "backup.damaged" and "backup.newer", Config
// "backup.identity_needed" and "backup.identity_wrong", Unavailable "backup.full".
func Unpack(ctx context.Context, src io.Reader, identities []Identity, path string, accept func(backup.Manifest) error) (m backup.Manifest, err error) {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, ownerOnly)
	if err != nil {
		return m, backup.Placed(err)
	}
	defer func() {
		if closeErr := out.Close(); err == nil {
			err = backup.Placed(closeErr)
		}
		if err != nil {
			_ = os.Remove(path) // the error is what matters
		}
	}()
	in, err := open(bufio.NewReaderSize(backup.Until(ctx, src), 64<<10), identities)
	if err != nil {
		return m, err
	}
	unpacked, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return m, damaged(ctx, err)
	}
	defer unpacked.Close()
	files := tar.NewReader(unpacked)
	if m, err = readManifest(files); err != nil {
		return m, damaged(ctx, err)
	}
	if err := m.Check(); err != nil {
		return m, err
	}
	if err := accept(m); err != nil {
		return m, err
	}
	if err := readPayload(ctx, files, m.Payload, out); err != nil {
		return m, err
	}
	// The end is read as well: an archive that was cut off there is not whole.
	if _, err := files.Next(); !errors.Is(err, io.EOF) {
		return m, damaged(ctx, fmt.Errorf("there is more than a manifest and a payload: %w", err))
	}
	switch n, err := io.Copy(io.Discard, io.LimitReader(unpacked, mostPadding)); {
	case err != nil:
		return m, damaged(ctx, err)
	case n == mostPadding:
		return m, damaged(ctx, errors.New("more follows the end of the archive than fills a block"))
	}
	if err := out.Sync(); err != nil {
		return m, backup.Placed(err)
	}
	return m, nil
}

// open decrypts what is encrypted.
func open(src *bufio.Reader, identities []Identity) (io.Reader, error) {
	intro, _ := src.Peek(len(ageIntro)) // a shorter file differs too
	if !bytes.Equal(intro, []byte(ageIntro)) {
		return src, nil // what it is instead is for the next to say
	}
	if len(identities) == 0 {
		return nil, backup.ErrIdentityNeeded
	}
	in, err := age.Decrypt(src, identities...)
	var stranger *age.NoIdentityMatchError
	switch {
	case errors.As(err, &stranger):
		return nil, backup.ErrIdentityWrong.With(err)
	case err != nil:
		return nil, backup.ErrDamaged.With(err)
	}
	return in, nil
}

func readManifest(files *tar.Reader) (m backup.Manifest, err error) {
	head, err := files.Next()
	if err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	if head.Typeflag != tar.TypeReg || head.Name != manifestName || head.Size > manifestMost {
		return m, fmt.Errorf("the first file is %.40q of %d bytes and no manifest", head.Name, head.Size)
	}
	if err := json.NewDecoder(files).Decode(&m); err != nil {
		return m, fmt.Errorf("read manifest: %w", err)
	}
	return m, nil
}

func readPayload(ctx context.Context, files *tar.Reader, want backup.Payload, out *os.File) error {
	head, err := files.Next()
	if err != nil {
		return damaged(ctx, fmt.Errorf("read payload: %w", err))
	}
	if head.Typeflag != tar.TypeReg || head.Name != want.Name || head.Size != want.Bytes {
		return damaged(ctx, fmt.Errorf("the payload is %.40q of %d bytes and not what the manifest says", head.Name, head.Size))
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(backup.Onto(out), sum), files); err != nil {
		return damaged(ctx, fmt.Errorf("read payload: %w", err))
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != want.SHA256 {
		return damaged(ctx, errors.New("the payload has another checksum than the manifest says"))
	}
	return nil
}

// damaged is for errors of reading; a full disk and an end that was asked for are
// what they are.
func damaged(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, backup.ErrFull), errors.Is(err, backup.ErrDenied), errors.Is(err, backup.ErrUnreachable):
		return err
	}
	return backup.ErrDamaged.With(err)
}
