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

// fewArenas limits the memory arenas of glibc, which by default gives each thread its own. One thread allocates the
// pages of SQLite and another frees them. So every arena would grow to the largest size that all threads need, and
// none would shrink.
var fewArenas = sync.OnceFunc(func() { C.few_arenas() })
