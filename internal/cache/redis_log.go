package cache

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// libraryLog sends what the Redis library prints to our log, at debug level:
// it repeats itself for every connection, while the state of the server is
// already told once per change.
type libraryLog struct{ log *slog.Logger }

func (l libraryLog) Printf(ctx context.Context, format string, v ...any) {
	if l.log.Enabled(ctx, slog.LevelDebug) {
		l.log.DebugContext(ctx, "redis client", "message", fmt.Sprintf(format, v...))
	}
}

// quieten replaces the library's logger, which is one for the whole process.
func quieten(log *slog.Logger) { redis.SetLogger(libraryLog{log}) }
