package web

import "cadans/internal/kernel/access"

// Page is a row of the table, for tests that walk it.
type Page struct {
	Method, Path string
	Operation    access.Operation
}

// Pages are the rows of the table.
func Pages() (list []Page) {
	for _, p := range pages {
		list = append(list, Page{p.method, p.path, p.operation})
	}
	return list
}

// FieldNames are the names that the field at a pointer may have.
var FieldNames = fieldNames
