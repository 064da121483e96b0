package database

import lru "github.com/hashicorp/golang-lru/v2"

// remembered limits the number of cached texts: about 20 MB of programs.
const remembered = 10_000

// memory caches decoded texts. The text itself is the key, so an entry cannot be out of date.
type memory struct{ values *lru.Cache[string, any] }

func newMemory() memory {
	values, err := lru.New[string, any](remembered)
	if err != nil {
		panic(err) // only for a size below 1
	}
	return memory{values}
}

// Decoded returns what decode makes of a stored text, from the cache if the same text was decoded recently. Use it
// for texts that are read far more often than they change, such as a program, which is read with every session. The
// value is shared: copy it before changing it.
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
