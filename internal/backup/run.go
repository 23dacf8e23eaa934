package backup

// Kinds of runs.
const (
	RunBackup = "backup"  // a backup is made
	RunDrill  = "drill"   // the same, and restored from what is packed before it is encrypted
	RunByHand = "by_hand" // a stored backup is restored with the private key
)

// States of a run.
const (
	RunRunning     = "running"
	RunDone        = "done"
	RunFailed      = "failed"
	RunInterrupted = "interrupted" // the process that ran it ended
)
