package exercise

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
)

// A file is written in pieces, each in a transaction of its own, so that a patient who logs a session waits for at most
// one piece of an upload. The file exists once its row in media exists, which is written last.
const (
	pieceSize = 256 << 10
	// unusedFor is how long a file may exist before an exercise uses it.
	unusedFor = 48 * time.Hour
	// clearedAtOnce is how many pieces of unused files one transaction deletes.
	clearedAtOnce = 4
	// clearRounds limits how long an upload spends on deleting other files.
	clearRounds = 16
)

// storeFile stores a file for the viewer's practice unless it is already stored.
func (s *Service) storeFile(ctx context.Context, v access.Viewer, m Media) (bool, error) {
	ask := v.Enters(access.AddMedia)
	if err := s.clear(ctx, ask, v.Practice); err != nil {
		return false, err
	}
	exists, err := access.Read(ctx, s.guard, ask, func(tx *database.Tx) (bool, error) {
		return newStore(tx).hasRoom(v.Practice, m)
	})
	if err != nil || exists {
		return false, err
	}
	number := 0
	for piece := range slices.Chunk(m.Content, pieceSize) {
		err := access.Change(ctx, s.guard, ask, func(tx *database.Tx) error {
			return newStore(tx).addPiece(v.Practice, m.Hash, number, piece)
		})
		if err != nil {
			return false, err
		}
		number++
	}
	return access.Write(ctx, s.guard, ask, func(tx *database.Tx) (bool, error) {
		return newStore(tx).addMedia(v, m)
	})
}

// clear deletes files that no exercise uses, and pieces of files that were never completed.
func (s *Service) clear(ctx context.Context, ask access.Request, practice id.Practice) error {
	err := access.Change(ctx, s.guard, ask, func(tx *database.Tx) error {
		return newStore(tx).forgetUnused(practice)
	})
	for round, more := 0, true; more && err == nil && round < clearRounds; round++ {
		more, err = access.Write(ctx, s.guard, ask, func(tx *database.Tx) (bool, error) {
			return newStore(tx).removePieces(practice)
		})
	}
	return err
}

func (s store) forgetUnused(practice id.Practice) error {
	_, err := s.tx.Exec(`DELETE FROM media WHERE practice_id = ? AND saved_at < ?
		AND hash NOT IN (SELECT picture FROM exercises WHERE practice_id = ?)
		AND hash NOT IN (SELECT film FROM exercises WHERE practice_id = ?)`,
		practice, database.At(s.tx.Now().Add(-unusedFor)), practice, practice)
	return database.Wrap("exercise: clear media", err)
}

// removePieces deletes some pieces without a file, and reports whether more may be left. It keeps the pieces of an
// upload in progress.
func (s store) removePieces(practice id.Practice) (bool, error) {
	type piece struct {
		hash   string
		number int
	}
	var found []piece
	err := s.tx.Rows(`SELECT hash, number FROM media_pieces WHERE practice_id = ? AND saved_at < ?
		AND hash NOT IN (SELECT hash FROM media WHERE practice_id = ?) LIMIT ?`,
		[]any{practice, database.At(s.tx.Now().Add(-unusedFor)), practice, clearedAtOnce}, func(rows *sql.Rows) error {
			var p piece
			err := rows.Scan(&p.hash, &p.number)
			found = append(found, p)
			return err
		})
	for _, p := range found {
		if err == nil {
			_, err = s.tx.Exec(
				"DELETE FROM media_pieces WHERE practice_id = ? AND hash = ? AND number = ? AND saved_at < ?",
				practice,
				p.hash, p.number, database.At(s.tx.Now().Add(-unusedFor)),
			)
		}
	}
	return len(found) == clearedAtOnce, database.Wrap("exercise: clear pieces", err)
}

// hasRoom reports whether a file is already stored. If it is not and the practice has no room for it, it returns
// ErrMediaFull.
func (s store) hasRoom(practice id.Practice, m Media) (bool, error) {
	var used, same int
	err := s.tx.Rows(`SELECT coalesce(sum(bytes), 0), coalesce(sum(CASE WHEN hash = ? THEN 1 ELSE 0 END), 0)
		FROM media WHERE practice_id = ?`, []any{m.Hash, practice},
		func(rows *sql.Rows) error { return rows.Scan(&used, &same) })
	if err == nil && same == 0 && used+len(m.Content) > MaxMedia {
		err = ErrMediaFull
	}
	return same > 0, database.Wrap("exercise: room", err)
}

func (s store) addPiece(practice id.Practice, hash string, number int, content []byte) error {
	_, err := s.tx.Exec(`INSERT INTO media_pieces (practice_id, hash, number, content, saved_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (practice_id, hash, number) DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`,
		practice, hash, number, content, database.At(s.tx.Now()))
	return database.Wrap("exercise: add a piece", err)
}

// addMedia completes a file whose pieces are stored. Two callers may send the same file at once.
func (s store) addMedia(v access.Viewer, m Media) (bool, error) {
	exists, err := s.hasRoom(v.Practice, m)
	if err != nil || exists {
		return false, err
	}
	if err := s.isWhole(v.Practice, m); err != nil {
		return false, err
	}
	n, err := s.tx.Exec(`INSERT INTO media (practice_id, hash, type, content, bytes, saved_at, saved_by)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (practice_id, hash) DO NOTHING`,
		v.Practice, m.Hash, m.Type, []byte{}, len(m.Content), database.At(s.tx.Now()), v.Member)
	return n == 1, database.Wrap("exercise: add media", err)
}

// isWhole refuses a file with a missing piece.
func (s store) isWhole(practice id.Practice, m Media) error {
	stored := 0
	err := s.tx.Value(
		&stored, "SELECT coalesce(sum(length(content)), 0) FROM media_pieces WHERE practice_id = ? AND hash = ?",
		practice, m.Hash,
	)
	if err == nil && stored != len(m.Content) {
		err = errIncomplete
	}
	return database.Wrap("exercise: pieces", err)
}

// errIncomplete means that a piece was deleted while the file was being stored; sending it again helps.
var errIncomplete = fault.New(fault.Transient, "database-unavailable", "a piece of the file is missing")

// media returns a file. Older versions stored a file in one piece, in its row.
func (s store) media(practice id.Practice, hash string) (Media, error) {
	var m Media
	err := s.tx.Rows("SELECT hash, type, content FROM media WHERE practice_id = ? AND hash = ?", []any{practice, hash},
		func(rows *sql.Rows) error {
			return rows.Scan(&m.Hash, &m.Type, &m.Content)
		})
	if err == nil && m.Hash == "" {
		err = ErrNoMedia
	}
	if err != nil || len(m.Content) > 0 {
		return m, database.Wrap("exercise: media", err)
	}
	err = s.tx.Rows("SELECT content FROM media_pieces WHERE practice_id = ? AND hash = ? ORDER BY number",
		[]any{practice, hash},
		func(rows *sql.Rows) error {
			var piece sql.RawBytes
			err := rows.Scan(&piece)
			m.Content = append(m.Content, piece...)
			return err
		})
	return m, database.Wrap("exercise: pieces", err)
}
