package testdb

import (
	"encoding"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Stored compares a form in which something is kept with a file of testdata: what an older version stored or hashed.
// The file never changes, but for a field that is new and left out while it is empty.
func Stored(t testing.TB, file string, form any) {
	t.Helper()
	text, err := json.Marshal(form)
	require.NoError(t, err)
	want, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err, "%s would hold:\n%s", file, text)
	require.Equal(t, string(want), string(text)+"\n", "the stored form has changed")
}

// Filled returns a value with something else in each exported field.
func Filled[T any]() T {
	var value T
	n := 0
	fill(reflect.ValueOf(&value).Elem(), &n)
	return value
}

// Lost names the fields of a struct that a copy of it has not, or has otherwise, but for those that are meant to
// change.
func Lost(of, copied any, changes ...string) (fields []string) {
	before, after := reflect.ValueOf(of), reflect.ValueOf(copied)
	for i := range before.NumField() {
		name := before.Type().Field(i).Name
		kept := after.FieldByName(name)
		isKept := kept.IsValid() && reflect.DeepEqual(before.Field(i).Interface(), kept.Interface())
		if !isKept && !slices.Contains(changes, name) {
			fields = append(fields, before.Type().Name()+"."+name)
		}
	}
	return fields
}

// firstDay is the day of the first date in a filled value.
var firstDay = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func fill(v reflect.Value, n *int) {
	*n++
	if text, is := v.Addr().Interface().(encoding.TextUnmarshaler); is && v.Kind() == reflect.Struct {
		day := firstDay.AddDate(0, 0, *n)
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(day))
		} else if err := text.UnmarshalText([]byte(day.Format(time.DateOnly))); err != nil {
			panic(err)
		}
		return
	}
	switch {
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.CanUint():
		v.SetUint(uint64(*n))
	case v.CanFloat():
		v.SetFloat(float64(*n))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("t", *n))
	default:
		fillParts(v, n)
	}
}

func fillParts(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), n)
			}
		}
	default:
		panic("testdb: nothing to fill a " + v.Type().String() + " with")
	}
}
