package api_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/fault"
	"cadans/internal/run/testdb"
	"cadans/internal/run/testkit"
)

// What the contract refuses is named at once, for every operation: each field that is wrong, not only the first.
func TestTheContractNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	contract, tried := testkit.Contract(t), 0
	for _, path := range document.Paths.Map() {
		for _, operation := range path.Operations() {
			if operation.RequestBody == nil || operation.RequestBody.Value.Content["application/json"] == nil {
				continue
			}
			body, want := spoilt(operation.RequestBody.Value.Content["application/json"].Schema.Value)
			var refused *fault.Fault
			require.True(t, errors.As(contract.Check(access.Operation(operation.OperationID), body), &refused))
			var named []string
			for _, v := range refused.Violations {
				named = append(named, v.Pointer)
			}
			require.Subset(t, named, want, operation.OperationID)
			tried++
		}
	}
	require.Greater(t, tried, 40)
}

// spoilt is a body with something in each field that is of no type that any field has, and the pointers to all of them.
func spoilt(schema *openapi3.Schema) (body map[string]any, pointers []string) {
	body = map[string]any{}
	for name, field := range schema.Properties {
		body[name] = []any{[]any{true}}
		if field.Value.Type.Is(openapi3.TypeArray) {
			body[name] = 1.5
		}
		pointers = append(pointers, "/"+name)
	}
	return body, pointers
}
