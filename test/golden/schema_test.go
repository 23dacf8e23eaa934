package golden

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"gerai/internal/app"
	"gerai/internal/config"
	"gerai/internal/testenv"
)

const sqliteSchema = `SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || COALESCE(sql, '') FROM sqlite_master ORDER BY tbl_name, type DESC, name`

const postgresSchema = `
SELECT line FROM (
  SELECT table_name AS t, 1 AS kind, ordinal_position::text AS at, 'column ' || table_name || '.' || column_name || ' ' || data_type || ' null=' || is_nullable || ' default=' || COALESCE(column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT conrelid::regclass::text, 2, conname, 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL
  SELECT tablename, 3, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
) AS everything ORDER BY t, kind, LPAD(at, 80)`

// TestSchema holds the schema of each engine after all migrations.
func TestSchema(t *testing.T) {
	testenv.Databases(t, func(t *testing.T, database string) {
		c, err := config.Load([]string{"GERAI_DATABASE=" + database, "GERAI_SECRET_KEY=" + sealingKey}, config.Tool())
		if err != nil {
			t.Fatal(err)
		}
		tool, err := app.OpenTool(context.Background(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_, err = tool.Migrate(context.Background())
		if closeErr := tool.Close(); err != nil || closeErr != nil {
			t.Fatal(err, closeErr)
		}
		driver, source, query, name := "pgx", database, postgresSchema, "postgres"
		if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
			driver, source, query, name = "sqlite", "file:"+path+"?mode=ro", sqliteSchema, "sqlite"
		}
		compare(t, "schema/"+name+".txt", rowsOf(t, driver, source, query))
	})
}

// rowsOf are the rows of a query with one column, a line each.
func rowsOf(t *testing.T, driver, source, query string) string {
	t.Helper()
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out = append(out, squeeze(line))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines(out)
}
