package database

/*
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
static void few_arenas(void) { mallopt(M_ARENA_MAX, 2); }
#else
static void few_arenas(void) {}
#endif
*/
import "C"

import "sync"

// fewArenas keeps glibc from giving each thread memory of its own to allocate from. SQLite's pages
// are taken by one thread and let go of by another, so that every such arena grows to the largest
// that all of them need, and none shrinks.
var fewArenas = sync.OnceFunc(func() { C.few_arenas() })
