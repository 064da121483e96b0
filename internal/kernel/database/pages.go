package database

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"os"

	"cadans/internal/kernel/durable"
)

// pages keeps a checksum of every page of a SQLite file in a file next to it, because SQLite has none: a bit that the
// disk corrupted inside a value would be served as that value. Entry n, 8 bytes at 8n, is for page n; 0 means
// unknown. The place of entry 0 identifies the file.
//
// A page reaches the SQLite file only by a checkpoint, and we run those ourselves; see checkpoint.go. Before a
// checkpoint the entries of the pages that may move are marked unknown, on disk; after a complete one they are
// written. So a crash leaves unknown entries, never a false alarm.
type pages struct{ file *os.File }

const (
	entrySize    = 8
	pagesAre     = "CADPAGE1"
	unknownEntry = uint64(0)
)

// errNotPages leaves the decision to the operator: a new file would discard what the checksums can show.
var errNotPages = errors.New("not a file of checksums; when it is lost, remove it and all pages count as unknown")

func pagesPath(path string) string { return path + ".pages" }

// openPages opens the checksums of a database. Without a file all pages are unknown.
func openPages(path string) (*pages, error) {
	path = pagesPath(path)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := durable.WriteFile(path, []byte(pagesAre)); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR, durable.Mode)
	if err != nil {
		return nil, err
	}
	begin := make([]byte, entrySize)
	if _, err := file.ReadAt(begin, 0); err != nil || string(begin) != pagesAre {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, errNotPages), file.Close())
	}
	return &pages{file}, nil
}

var crcTable = crc64.MakeTable(crc64.ECMA)

// checksum depends on the number too, so that a page at the place of another is detected.
func checksum(page uint32, content []byte) uint64 {
	sum := crc64.Update(crc64.Checksum(binary.BigEndian.AppendUint32(nil, page), crcTable), crcTable, content)
	return max(sum, unknownEntry+1)
}

func (p *pages) set(page uint32, entry uint64) error {
	_, err := p.file.WriteAt(binary.BigEndian.AppendUint64(nil, entry), int64(page)*entrySize)
	return err
}

// forget marks every page as unknown, after an operator has accepted a file that our checkpoints may not have
// written.
func (p *pages) forget() error { return errors.Join(p.file.Truncate(entrySize), p.file.Sync()) }

func (p *pages) close() error { return errors.Join(p.file.Sync(), p.file.Close()) }

// FileReport is the result of checking the pages of a SQLite file.
type FileReport struct {
	Known, Unknown int
	Wrong          []uint32 // by number, from 1; also those that the file lacks
}

// VerifyFile compares every page of a SQLite file with its checksum. No process may have the file open.
func VerifyFile(path string) (r FileReport, err error) {
	err = eachPage(path, func(_ *pages, page uint32, entry uint64, content []byte) error {
		switch {
		case entry == unknownEntry:
			r.Unknown++
		case content == nil || checksum(page, content) != entry:
			r.Wrong = append(r.Wrong, page)
		default:
			r.Known++
		}
		return nil
	})
	return r, err
}

// AdoptFile records the checksum of every unknown page and returns how many there were. No process may have the file
// open, and SQLite must have found it sound.
func AdoptFile(path string) (adopted int, err error) {
	err = eachPage(path, func(p *pages, page uint32, entry uint64, content []byte) error {
		if entry != unknownEntry {
			return nil
		}
		adopted++
		return p.set(page, checksum(page, content))
	})
	return adopted, err
}

// eachPage visits the pages of the file and the entries of its checksums. content is nil for a page that the file
// lacks.
func eachPage(path string, visit func(p *pages, page uint32, entry uint64, content []byte) error) (err error) {
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p, err := openPages(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	entries, err := os.ReadFile(pagesPath(path))
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	size, err := pageSize(file)
	if err != nil {
		return err
	}
	return walk(file, size, entries, func(page uint32, entry uint64, content []byte) error {
		return visit(p, page, entry, content)
	})
}

// walk reads to the end of the file or of the entries, whichever is later. Bytes after the last whole page count as
// one more page, which matches no checksum.
func walk(file io.Reader, size int, entries []byte, visit func(page uint32, entry uint64, content []byte) error) error {
	content := make([]byte, size)
	for page := uint32(1); ; page++ {
		var entry uint64
		if at := int(page) * entrySize; at+entrySize <= len(entries) {
			entry = binary.BigEndian.Uint64(entries[at:])
		}
		n, err := io.ReadFull(file, content)
		ended := errors.Is(err, io.EOF)
		if err != nil && !ended && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		there := content[:n]
		if ended {
			there = nil
			if int(page)*entrySize >= len(entries) {
				return nil
			}
			if entry == unknownEntry {
				continue
			}
		}
		if err := visit(page, entry, there); err != nil {
			return err
		}
	}
}

// usualPageSize is the page size of our databases.
const usualPageSize = 4096

// pageSize reads the page size from the header of the file. If the header is damaged it returns the usual size, and
// the check then finds the damage.
func pageSize(file *os.File) (int, error) {
	head := make([]byte, 18)
	if _, err := file.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	size := int(binary.BigEndian.Uint16(head[16:]))
	if !bytes.HasPrefix(head, []byte("SQLite format 3\x00")) || size < 512 || size&(size-1) != 0 {
		return usualPageSize, nil
	}
	return size, nil
}
