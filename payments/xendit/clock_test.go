package xendit

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// An answer that a cache kept tells when it was made and how long it was kept.
func TestTimeOfAnAnswer(t *testing.T) {
	made := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	for age, want := range map[string]time.Time{"": made, "0": made, "25200": made.Add(7 * time.Hour), "-5": {}, "soon": {}, "99999999999": {}} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", made.Format(http.TimeFormat))
			if age != "" {
				w.Header().Set("Age", age)
			}
		}))
		g := must(t, Options{Key: testKey + "x", BaseURL: api.URL, CallbackTokens: []string{token}})
		at, err := g.Time(ctx)
		if !at.Equal(want) || (err == nil) == want.IsZero() {
			t.Errorf("%q: %s %v", age, at, err)
		}
		api.Close()
	}
}
