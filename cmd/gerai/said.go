package main

import (
	"errors"

	"gerai/internal/fault"
	"gerai/templates"
)

// said is what a terminal reads about an error: the sentence of its fault, if it
// has one, and below it what happened, from which the cause can be found.
func said(err error) string {
	var sentence *told
	var usage *usageError
	var f *fault.Error
	if errors.As(err, &sentence) || errors.As(err, &usage) || !errors.As(err, &f) || f.Kind == fault.Internal {
		return err.Error()
	}
	return templates.FaultText(templates.English, err) + "\n  " + err.Error()
}
