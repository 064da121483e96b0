package rulebook

import (
	"fmt"
	"reflect"
)

// missingIn names what a table lacks: a limit's unit, source or text, a rule's condition, a text in one language. A
// number may be 0, and a range may fit each region and level.
func missingIn(b Book) []error {
	var missing []error
	walk(reflect.ValueOf(b), "", func(path string) { missing = append(missing, fmt.Errorf("%s is missing", path)) })
	return missing
}

// mayBeEmpty are the names of fields whose absence means something.
var mayBeEmpty = map[string]bool{"region": true, "level": true}

// walk visits every field that is written in the file, and tells of each that is empty.
func walk(v reflect.Value, path string, tell func(path string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Tag.Get("yaml"); !mayBeEmpty[name] {
				walk(v.Field(i), path+"/"+name, tell)
			}
		}
	case reflect.Slice:
		tellIf(v.Len() == 0, path, tell)
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s/%d", path, i), tell)
		}
	case reflect.Map:
		tellIf(v.Len() == 0, path, tell)
		for _, key := range v.MapKeys() {
			if v.MapIndex(key).Type() != reflect.TypeFor[Term]() {
				walk(v.MapIndex(key), path+"/"+key.String(), tell)
			}
		}
	case reflect.String:
		tellIf(v.Len() == 0, path, tell)
	}
}

func tellIf(is bool, path string, tell func(path string)) {
	if is {
		tell(path)
	}
}
