// Package fault says what kind of thing went wrong and which sentence a person may read about it.
// Sentences themselves, HTTP codes and retry timing may not live here: templates translate the code, handlers map the kind, the job runner decides when to try again.
// Every package returns these errors; handlers and the job runner read them.
package fault
