package main

import (
	"errors"
	"math"
	"strconv"

	"gerai/internal/typed"
)

// count is a flag of plain digits. The flag package itself takes 010 for eight
// and 1_000 for a thousand.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (c *count) Type() string   { return "number" }

// Set reads the flag.
func (c *count) Set(s string) error {
	n, ok := typed.Digits(s)
	if !ok {
		return errors.New("must be a whole number of plain digits, for example 1000")
	}
	*c = count(n)
	return nil
}

// factor is a flag that says how many times faster something goes.
type factor float64

func (f *factor) String() string { return strconv.FormatFloat(float64(*f), 'g', -1, 64) }
func (f *factor) Type() string   { return "float" }

// Set reads the flag.
func (f *factor) Set(s string) error {
	v, err := scale(s)
	if err == nil {
		*f = factor(v)
	}
	return err
}

// scale reads how many times faster something goes.
func scale(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0, errors.New(strconv.Quote(s) + " is no time scale, for example 20 or 0.5")
	}
	return v, nil
}
