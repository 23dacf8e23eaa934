// Package templates holds every page people see: typed page structs, the HTML they fill, style, script and the sentences in both languages.
// No HTTP, no SQL, no rule of the shop and no sentence outside messages/ may live here.
// Handlers build a page and call Render; they never write HTML themselves.
package templates
