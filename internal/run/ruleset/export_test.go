package ruleset

import "reflect"

// CourseFields are the names that a course and its sessions may have.
var CourseFields = append(namesOf(reflect.TypeFor[courseCase]()), namesOf(reflect.TypeFor[sitting]())...)

func namesOf(of reflect.Type) (names []string) {
	for field := range of.NumField() {
		if name := of.Field(field).Tag.Get("json"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
