package auth

import (
	"database/sql"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
)

func (s store) insertRefresh(token string, p proof, expires time.Time) error {
	return s.tx.Create(&refreshRow{
		TokenHash: tokenHash(token),
		SessionID: p.session,
		CreatedAt: database.At(p.issued),
		ExpiresAt: database.At(expires),
		Number:    p.number,
		Epoch:     p.epoch,
	})
}

const refreshColumns = `SELECT token_hash, session_id, created_at, expires_at, used_at, number, epoch
	FROM refresh_tokens `

func (s store) refresh(token string) (row refreshRow, err error) {
	err = s.tx.First(&row, refreshColumns+"WHERE token_hash = ?", tokenHash(token))
	return row, err
}

// firstRefresh returns the first token of a session; older versions gave it no number.
func (s store) firstRefresh(session id.AuthSession) (row refreshRow, err error) {
	err = s.tx.First(&row, refreshColumns+"WHERE session_id = ? ORDER BY number, created_at LIMIT 1", session)
	return row, err
}

// successor returns the token that was issued when a token was used: the next of the session. A token without a
// number comes last.
func (s store) successor(used refreshRow) (row refreshRow, err error) {
	err = s.tx.First(&row,
		refreshColumns+`WHERE session_id = ? AND created_at = ? AND token_hash <> ? AND (number > ? OR number = 0)
		ORDER BY number = 0, number LIMIT 1`, used.SessionID, used.UsedAt, used.TokenHash, used.Number)
	return row, err
}

// useRefresh marks a token as used. Only one of two replicas finds it unused.
func (s store) useRefresh(token string) (isFirst bool, err error) {
	n, err := s.tx.Exec("UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ? AND used_at IS NULL",
		database.At(s.tx.Now()), tokenHash(token))
	return n == 1, err
}

// latestRefresh returns the highest number of a session's tokens, and whether one of them belongs to the epoch.
func (s store) latestRefresh(session id.AuthSession, epoch string) (latest int, hasGoneOn bool, err error) {
	const query = `SELECT COALESCE(max(number), 0), COALESCE(sum(CASE WHEN epoch = ? THEN 1 ELSE 0 END), 0)
		FROM refresh_tokens WHERE session_id = ?`
	err = s.tx.Rows(query, []any{epoch, session}, func(rows *sql.Rows) error {
		var issued int
		err := rows.Scan(&latest, &issued)
		hasGoneOn = issued > 0
		return err
	})
	return latest, hasGoneOn, err
}

// longAgo is the time of use of a token that may no longer be repeated.
const longAgo = database.Instant(1)

// adoptRefresh stores a token that was lost, as one being used now. All earlier tokens of the session become used for
// good.
func (s store) adoptRefresh(token string, p proof, session sessionRow) error {
	if _, err := s.tx.Exec(
		"UPDATE refresh_tokens SET used_at = ? WHERE session_id = ?", longAgo, p.session,
	); err != nil {
		return err
	}
	expires := expiry(access.Role(session.Role), session.CreatedAt.Time(), p.issued)
	if err := s.insertRefresh(token, p, expires); err != nil {
		return err
	}
	_, err := s.useRefresh(token)
	return err
}
