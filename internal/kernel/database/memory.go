package database

import lru "github.com/hashicorp/golang-lru/v2"

// remembered bounds the texts whose meaning is kept: about 20 MB of programs.
const remembered = 10_000

// memory keeps what stored texts decode to. It is asked by the text itself, so it cannot be out of date.
type memory struct{ values *lru.Cache[string, any] }

func newMemory() memory {
	values, err := lru.New[string, any](remembered)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return memory{values}
}

// Decoded returns what decode makes of a stored text, from memory where the same text was decoded lately. It
// is for what is read far more often than it changes, as a program is with every session. The value is
// shared: who may change it copies it first.
func Decoded[T any](tx *Tx, text []byte, decode func([]byte) (T, error)) (T, error) {
	key := string(text)
	if known, ok := tx.memory.values.Get(key); ok {
		if value, ok := known.(T); ok {
			return value, nil
		}
	}
	value, err := decode(text)
	if err == nil {
		tx.memory.values.Add(key, value)
	}
	return value, err
}
