package audit

import (
	"cadans/internal/kernel/access"
	"cadans/internal/kernel/words"
)

// What says in words what an operation of a member is, for whoever reads the log: the patient too.
func What(operation access.Operation, l words.Language) string {
	if key := "audit.what." + string(operation); l.Has(key) {
		return l.Say(key)
	}
	return string(operation)
}
