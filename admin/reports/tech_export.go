package reports

import "gerai/admin/web"

// exportTech is export for what holds no money.
func exportTech(k *web.Request) error { return exportOf(k, "tech") }
