package config

import (
	"slices"
	"strings"

	"filippo.io/age"

	"gerai/internal/backup"
	"gerai/internal/mistake"
)

func readBackupTo(c *Config, v string) (err error) {
	c.BackupTo, err = backup.ParseTargets(v)
	return err
}

func readBackupAt(c *Config, v string) (err error) {
	c.BackupAt, err = backup.ParseTimeOfDay(v)
	return err
}

// readBackupRecipient reads public keys of age, divided by commas.
func readBackupRecipient(c *Config, v string) error {
	for i, key := range strings.Split(v, ",") {
		key = strings.TrimSpace(key)
		if strings.HasPrefix(strings.ToUpper(key), "AGE-SECRET-KEY-") {
			return mistake.New("key %d is the private one: it must not be on this machine; the public one begins with age1", i+1)
		}
		if all, err := age.ParseRecipients(strings.NewReader(key)); err != nil || len(all) != 1 {
			return mistake.New("key %d is no public key of age, which begins with age1", i+1)
		}
		c.BackupRecipients = append(c.BackupRecipients, key)
	}
	return nil
}

// backupsTogether finds what is missing beside the places.
func backupsTogether(c Config) Mistakes {
	if slices.ContainsFunc(c.BackupTo, backup.Target.S3) {
		return NoBucketKey(c)
	}
	return nil
}

// NoBucketKey are the mistakes of a configuration that has not what a bucket needs; none
// where it has.
func NoBucketKey(c Config) (wrong Mistakes) {
	why := mistake.New("is missing: a bucket needs it")
	if c.BackupS3Key == "" {
		wrong = append(wrong, Mistake{"GERAI_BACKUP_S3_KEY", why, "(access key of the bucket)"})
	}
	if c.BackupS3Secret == "" {
		wrong = append(wrong, Mistake{"GERAI_BACKUP_S3_SECRET", why, "(secret key of the bucket)"})
	}
	return wrong
}

// backupDoubts are settings with which backups can be read by others.
func backupDoubts(c Config) (warnings []string) {
	if len(c.BackupTo) > 0 && len(c.BackupRecipients) == 0 {
		warnings = append(warnings, "GERAI_BACKUP_RECIPIENT is not set: backups are not encrypted")
	}
	for _, t := range c.BackupTo {
		if t.Plain && !loopback(hostOf(t.Endpoint)) {
			warnings = append(warnings, "GERAI_BACKUP_TO has tls=off: what is sent to "+t.Endpoint+" travels readable")
		}
	}
	return warnings
}
