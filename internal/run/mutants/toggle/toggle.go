// Package toggle is what a mutated build calls: it tells whether a mutant is on, and notes which mutants a run reaches.
// Only code that internal/run/mutants wrote into a temporary directory imports it; the program itself never does.
package toggle

import (
	"cmp"
	"os"
	"strconv"
	"sync"
)

// The variables of the environment that steer a mutated test.
const (
	Active = "CADANS_MUTANT"          // the number of the mutant that is on; none when empty
	Trace  = "CADANS_MUTANTS_REACHED" // the file that gets a line for each mutant that is reached
)

var (
	active = number(os.Getenv(Active))
	trace  = os.Getenv(Trace)

	mu      sync.Mutex
	reached = map[int]bool{}
)

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// On reports whether a mutant is on.
func On(mutant int) bool {
	if trace != "" {
		note(mutant)
	}
	return mutant == active
}

func note(mutant int) {
	mu.Lock()
	defer mu.Unlock()
	if reached[mutant] {
		return
	}
	reached[mutant] = true
	file, err := os.OpenFile(trace, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	if _, err := file.WriteString(strconv.Itoa(mutant) + "\n"); err != nil {
		panic(err)
	}
	if err := file.Close(); err != nil {
		panic(err)
	}
}

// Not turns a condition round.
func Not(mutant int, condition bool) bool { return condition != On(mutant) }

// And turns && into ||.
func And(mutant int, a bool, b func() bool) bool {
	if On(mutant) {
		return a || b()
	}
	return a && b()
}

// Or turns || into &&.
func Or(mutant int, a bool, b func() bool) bool {
	if On(mutant) {
		return a && b()
	}
	return a || b()
}

// Less turns < into <=.
func Less[T cmp.Ordered](mutant int, a, b T) bool { return a < b || On(mutant) && a == b }

// LessOrEqual turns <= into <.
func LessOrEqual[T cmp.Ordered](mutant int, a, b T) bool { return a < b || !On(mutant) && a == b }

// Greater turns > into >=.
func Greater[T cmp.Ordered](mutant int, a, b T) bool { return Less(mutant, b, a) }

// GreaterOrEqual turns >= into >.
func GreaterOrEqual[T cmp.Ordered](mutant int, a, b T) bool { return LessOrEqual(mutant, b, a) }

type numeric interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Plus turns + into -.
func Plus[T numeric](mutant int, a, b T) T {
	if On(mutant) {
		return a - b
	}
	return a + b
}

// Minus turns - into +.
func Minus[T numeric](mutant int, a, b T) T {
	if On(mutant) {
		return a + b
	}
	return a - b
}

// OneMore adds one to a constant.
func OneMore[T numeric](mutant int, n T) T {
	if On(mutant) {
		return n + 1
	}
	return n
}

// Zero returns nothing instead of a value.
func Zero[T any](mutant int, value T) (zero T) {
	if On(mutant) {
		return zero
	}
	return value
}

// Drop leaves a call out, as if it had succeeded.
func Drop(mutant int, call func() error) error {
	if On(mutant) {
		return nil
	}
	return call()
}

// Text returns another text, such as a statement without one of its conditions.
func Text(mutant int, text, mutated string) string {
	if On(mutant) {
		return mutated
	}
	return text
}
