package database

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// framesPerCheckpoint is SQLite's own default.
const framesPerCheckpoint = 1000

// Lengths in the log, from the file format of SQLite.
const (
	logHead   = 32
	frameHead = 24
)

// logState is the state of the log: how many frames it has, and how many of them are in the database file.
type logState struct{ frames, moved int }

// checkpointer moves frames from the log into the file and keeps the checksums of the moved pages. Only the owner of
// the writer connection may use it.
type checkpointer struct {
	log    string // path
	writer *conn
	pages  *pages
	tried  int // frames in the log when readers held back the last checkpoint
}

// run asks SQLite for a checkpoint, or with NOOP for the state of the log only.
func (c *checkpointer) run(mode string) (s logState, err error) {
	var busy int
	row := c.writer.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")")
	err = row.Scan(&busy, &s.frames, &s.moved)
	if err == nil && busy != 0 {
		s.moved = -1 // it was not done
	}
	return s, err
}

// whenDue runs a checkpoint once the log is long. After a checkpoint that readers blocked, it tries again when the
// log has grown by the same number of frames.
func (c *checkpointer) whenDue() error {
	s, err := c.run("NOOP")
	if err != nil {
		return err
	}
	if s.frames < c.tried {
		c.tried = 0 // the log began anew
	}
	if s.frames-max(s.moved, c.tried) < framesPerCheckpoint {
		return nil
	}
	return c.move("PASSIVE", s)
}

// everything moves all of the log except what readers block.
func (c *checkpointer) everything(mode string) error {
	s, err := c.run("NOOP")
	if err != nil {
		return err
	}
	return c.move(mode, s)
}

// move runs one checkpoint. First it marks the entries of the pages that may move as unknown; once the pages are on
// disk, it writes their checksums. After a partial checkpoint they stay unknown, because SQLite does not sync it.
func (c *checkpointer) move(mode string, before logState) error {
	sums, err := c.sums(before.frames)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	for page := range sums {
		if err := c.pages.set(page, unknownEntry); err != nil {
			return err
		}
	}
	if err := c.pages.file.Sync(); err != nil {
		return err
	}
	after, err := c.run(mode)
	if err != nil {
		return err
	}
	if after.moved != after.frames {
		c.tried = after.frames
		return nil
	}
	c.tried = 0
	for page, sum := range sums {
		if err := c.pages.set(page, sum); err != nil {
			return err
		}
	}
	return nil
}

// sums returns the checksum that each page in the log will have once all frames are moved: that of its last frame.
func (c *checkpointer) sums(frames int) (map[uint32]uint64, error) {
	sums := map[uint32]uint64{}
	if frames <= 0 {
		return sums, nil
	}
	log, err := os.Open(c.log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }() // it was only read
	head := make([]byte, logHead)
	if _, err := io.ReadFull(log, head); err != nil {
		return nil, err
	}
	size := int(binary.BigEndian.Uint32(head[8:]))
	last, err := lastFrames(log, frames, size)
	if err != nil {
		return nil, err
	}
	content := make([]byte, size)
	for page, frame := range last {
		if _, err := log.ReadAt(content, frameAt(frame, size)+frameHead); err != nil {
			return nil, err
		}
		sums[page] = checksum(page, content)
	}
	return sums, nil
}

// lastFrames returns the number, from 0, of the last frame of each page.
func lastFrames(log *os.File, frames, size int) (map[uint32]int, error) {
	last := map[uint32]int{}
	in := bufio.NewReaderSize(io.NewSectionReader(log, logHead, int64(frames)*int64(frameHead+size)), 1<<20)
	for frame := range frames {
		head, err := in.Peek(frameHead)
		if err != nil {
			return nil, err
		}
		last[binary.BigEndian.Uint32(head)] = frame
		if _, err := in.Discard(frameHead + size); err != nil {
			return nil, err
		}
	}
	return last, nil
}

func frameAt(frame, size int) int64 { return logHead + int64(frame)*int64(frameHead+size) }

// checkpoint moves the log when it is due. Ready reports a failure, and the next commit retries: nothing is lost, but
// the log grows.
func (g *group) checkpoint() {
	err := g.file.checkpoints.whenDue()
	if err == nil {
		g.unmoved.Store(nil)
		return
	}
	err = fmt.Errorf("database: checkpoint: %w", err)
	g.unmoved.Store(&err)
}

func (g *group) err() error {
	if failed := g.unmoved.Load(); failed != nil {
		return *failed
	}
	return nil
}

// settle moves the whole log before the file is closed, so that SQLite has no checkpoint to run by itself.
func (s *sqlite) settle() error {
	if s.checkpoints == nil {
		return nil
	}
	return errors.Join(s.checkpoints.everything("PASSIVE"), s.checkpoints.pages.close())
}
