package archive

import (
	"archive/tar"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"gerai/internal/backup"
)

const (
	manifestName = "manifest.json"
	// window bounds what packing holds in memory, mostWindow what unpacking may:
	// an archive may have been packed again by hand.
	window     = 1 << 20
	mostWindow = 8 << 20
	// ownerOnly is the mode of everything: a database holds what others must not read.
	ownerOnly = 0o600
)

// Recipient is a public key that archives are encrypted to.
type Recipient = age.Recipient

// Recipients reads public keys.
func Recipients(keys []string) ([]Recipient, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	return age.ParseRecipients(strings.NewReader(strings.Join(keys, "\n")))
}

// Write writes an archive. The payload is read once and has to be what the manifest
// says. With recipients it is encrypted; plain, if not nil, is given the same archive
// as it is before that.
func Write(dst, plain io.Writer, m backup.Manifest, payload io.Reader, recipients []Recipient) (err error) {
	out := dst
	var sealed io.WriteCloser
	if len(recipients) > 0 {
		if sealed, err = age.Encrypt(dst, recipients...); err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
		out = sealed
	}
	if plain != nil {
		out = io.MultiWriter(out, plain)
	}
	small, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	files := tar.NewWriter(small)
	if err := writeFiles(files, m, payload); err != nil {
		return err
	}
	for _, c := range []io.Closer{files, small} {
		if err := c.Close(); err != nil {
			return fmt.Errorf("pack: %w", err)
		}
	}
	if sealed != nil {
		if err := sealed.Close(); err != nil {
			return fmt.Errorf("encrypt: %w", err)
		}
	}
	return nil
}

func writeFiles(files *tar.Writer, m backup.Manifest, payload io.Reader) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	head := func(name string, size int64) error {
		return files.WriteHeader(&tar.Header{Name: name, Size: size, Mode: ownerOnly, ModTime: m.TakenAt, Format: tar.FormatPAX})
	}
	if err := head(manifestName, int64(len(text))); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if _, err := files.Write(text); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := head(m.Payload.Name, m.Payload.Bytes); err != nil {
		return fmt.Errorf("write payload: %w", err)
	}
	if n, err := io.Copy(files, payload); err != nil {
		return fmt.Errorf("write payload, byte %d of %d: %w", n, m.Payload.Bytes, err)
	}
	return nil
}
